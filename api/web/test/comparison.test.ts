import { expect, test } from "vitest";
import { fieldDifferences } from "../src/comparison";
import { readLoan } from "../src/loan";
import { golden } from "./golden";

/** The golden answer with fields told otherwise than signed. */
function differing(changes: object) {
  return fieldDifferences(readLoan({ ...golden, ...changes }, golden.loan));
}

test("the golden answer tells what was signed", () => {
  expect(differing({})).toEqual([]);
});

test.each([
  ["loanAmount", "principal_minor", 1_000_001, "money"],
  ["termPaidOutOn", "disbursement_day", 20_529, "day"],
  ["apr", "apr_ppm", 188_262, "rate"],
  ["rate", "rate_ppm", 143_999, "rate"],
  ["received", "disbursed_minor", 985_001, "money"],
  ["plusFee", "upfront_fee_minor", 14_999, "money"],
  ["shapeMethod", "method", 4, "method"],
  ["termInstalments", "periods", 11, "count"],
  ["shapeRhythm", "period_unit", 1, "everyDays"],
  ["shapeRhythm", "period_length", 2, "everyMonths"],
  ["termInterestOnly", "interest_only_periods", 1, "count"],
  ["shapeDayCount", "day_count", 1, "dayCount"],
  ["termFirstDueDay", "first_due_day", 20_560, "day"],
  ["termAnchorDay", "anchor_day", 17, "count"],
  ["termRounding", "rounding", 1, "count"],
  ["termInstalment", "instalment_minor", 90_010, "money"],
  ["termMultiple", "instalment_multiple_minor", 2, "money"],
  ["termRoot", "schedule_root", `0x${"5a".repeat(32)}`, "code"],
  ["graceDays", "grace_days", 5, "count"],
  ["lateFeeEach", "late_fee_minor", 1_999, "money"],
  ["penaltyRate", "penalty_rate_ppm", 215_999, "rate"],
])("%s told otherwise is found", (name, field, value, kind) => {
  const found = differing({ [field]: value });
  expect(found).toMatchObject([{ name, shown: { kind } }]);
  expect(found[0]!.shown).not.toEqual(found[0]!.signed);
});

test("another chain or contract is found, another spelling of its address is none", () => {
  const { ledger } = golden;
  const loanBook = ledger.loan_book.replace(/..$/, "00");
  expect(differing({ ledger: { ...ledger, chain_id: 1 } })).toMatchObject([{ name: "chainId" }]);
  expect(differing({ ledger: { ...ledger, loan_book: loanBook } })).toMatchObject([
    { name: "contract", shown: { value: loanBook }, signed: { value: ledger.loan_book } },
  ]);
  const capitals = `0x${ledger.loan_book.slice(2).toUpperCase()}`;
  expect(differing({ ledger: { ...ledger, loan_book: capitals } })).toEqual([]);
});

test("every field that differs is named, in the order of the page", () => {
  const found = differing({ late_fee_minor: 0, rate_ppm: 1, schedule_root: "" });
  expect(found.map(({ name }) => name)).toEqual(["rate", "termRoot", "lateFeeEach"]);
});
