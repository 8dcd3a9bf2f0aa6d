import { expect, test } from "vitest";
import { wholeCost } from "../src/cost";
import { UnexpectedAnswer } from "../src/json";
import { readLoan } from "../src/loan";
import { golden, goldenLoan } from "./golden";

test("amounts arrive as integers of minor units", () => {
  const loan = goldenLoan();
  expect(loan.terms.principalMinor).toBe(1_000_000n);
  expect(loan.rows[5]?.paidMinor).toBe(30_000n);
  expect(loan.rows[5]?.paidDay).toBeNull();
});

test.each([
  ["principal_minor", 10.5],
  ["principal_minor", "1000000"],
  ["principal_minor", 2 ** 53],
  ["status", "sleeping"],
  ["rows", {}],
  ["rows", [null]],
  ["ledger", null],
  ["loan", undefined],
  ["method", 7],
  ["period_unit", 2],
  ["day_count", "ACT_365F"],
  ["schedule_root", null],
  ["all_in_ppm", 0.5],
  ["typed_data", undefined],
  ["loan", `0x${"ab".repeat(32)}`],
])("a wrong %s (%s) is refused by name", (field, value) => {
  const read = () => readLoan({ ...golden, [field]: value }, golden.loan);
  expect(read).toThrow(UnexpectedAnswer);
  expect(read).toThrow(field);
});

test.each([null, [], "loan", 7])("%s is no loan", (answer) => {
  expect(() => readLoan(answer, golden.loan)).toThrow(UnexpectedAnswer);
});

test("the rows hold the principal exactly", () => {
  const { rows, terms } = goldenLoan();
  expect(rows.reduce((sum, row) => sum + row.principalMinor, 0n)).toBe(terms.principalMinor);
  expect(rows.at(-1)?.balanceMinor).toBe(0n);
});

test("what is paid back is what arrived plus its cost", () => {
  const cost = wholeCost(goldenLoan());
  expect(cost.receivedMinor + cost.costMinor).toBe(cost.totalMinor);
  expect(cost.feeMinor).toBe(15_000n);
  expect(cost.chargesPaidMinor).toBe(2_320n);
});
