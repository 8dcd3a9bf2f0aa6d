import { describe, expect, test } from "vitest";
import type { Conditions } from "../src/conditions";
import type { Loan, Row } from "../src/loan";
import { recount } from "../src/recount";
import { Method, derive, rowTotalMinor, scheduleRoot as rootOf, toHex } from "../src/schedule";
import { goldenLoan } from "./golden";

const loan = goldenLoan();

/** The golden loan with one row changed. */
function withRow(nr: number, change: (row: Row) => Partial<Row>): Loan {
  const rows = loan.rows.map((row) => (row.nr === nr ? { ...row, ...change(row) } : row));
  return { ...loan, rows };
}

/** The golden loan as if other conditions had been signed, and are shown. */
function signedWith(changes: Partial<Conditions>): Loan {
  return { ...loan, ...changes, agreement: { ...loan.agreement, ...changes } };
}

test("the golden loan is what was signed", () => {
  expect(recount(loan)).toEqual({ kind: "matches" });
});

test("an answer about another agreement is not about this loan, however sound it is", () => {
  const id = `0x${"ab".repeat(32)}`;
  const digest = loan.agreement.digest;
  expect(recount({ ...loan, id })).toEqual({ kind: "agreement", digest });
});

test("a condition told otherwise than signed is found before anything is computed", () => {
  const found = recount({ ...withRow(7, () => ({ nr: 8 })), lateFeeMinor: 200n });
  const [shown, signed] = [200n, 2_000n].map((value) => ({ kind: "money", value }));
  expect(found).toEqual({ kind: "fields", differences: [{ name: "lateFeeEach", shown, signed }] });
});

describe("the first row that differs is named", () => {
  test.each<[string, (row: Row) => Partial<Row>]>([
    ["day", (row) => ({ dueDay: row.dueDay + 1 })],
    ["principal", (row) => ({ principalMinor: row.principalMinor - 1n })],
    ["interest", (row) => ({ interestMinor: row.interestMinor + 1n })],
    ["sum", (row) => ({ dueMinor: row.dueMinor + 1n })],
    ["balance", (row) => ({ balanceMinor: row.balanceMinor - 1n })],
  ])("by its %s", (_, change) => {
    const found = recount(withRow(7, change));
    expect(found).toMatchObject({ kind: "row", nr: 7, shown: { nr: 7 }, signed: { nr: 7 } });
  });

  test("where one is missing, and where one is too many", () => {
    const fewer = { ...loan, rows: loan.rows.slice(0, -1) };
    expect(recount(fewer)).toMatchObject({ kind: "row", nr: 12, shown: null, signed: { nr: 12 } });
    const more = { ...loan, rows: [...loan.rows, { ...loan.rows[0]!, nr: 13 }] };
    expect(recount(more)).toMatchObject({ kind: "row", nr: 13, shown: { nr: 13 }, signed: null });
  });
});

test("rows that fit their terms, but were not signed, are found by the root", () => {
  const found = recount(signedWith({ scheduleRoot: `0x${"5a".repeat(32)}` }));
  expect(found).toEqual({ kind: "root", derived: loan.scheduleRoot });
});

test("terms that no schedule follows from say which rule refuses them", () => {
  expect(recount(signedWith({ instalmentMinor: 12_000n }))).toEqual({
    kind: "refused",
    error: "ScheduleDegenerate",
    nr: 1,
  });
  const terms = { ...loan.terms, rounding: 9n };
  expect(recount(signedWith({ terms }))).toEqual({
    kind: "refused",
    error: "UnsupportedRounding",
    nr: null,
  });
});

test("an instalment that is not the level one is found, though its rows were signed", () => {
  const instalmentMinor = loan.instalmentMinor + 5n;
  const rows = derive(loan.terms, instalmentMinor);
  const scheduleRoot = toHex(rootOf(loan.terms.method, rows));
  let balanceMinor = loan.terms.principalMinor;
  const shown = rows.map((row, at) => {
    balanceMinor -= row.principalMinor;
    return { ...loan.rows[at]!, ...row, dueMinor: rowTotalMinor(row), balanceMinor };
  });
  const other = { ...signedWith({ instalmentMinor, scheduleRoot }), rows: shown };
  expect(recount(other)).toEqual({ kind: "instalment", derivedMinor: loan.instalmentMinor });
});

test("either price that is told wrongly is found", () => {
  expect(recount(signedWith({ aprPpm: loan.aprPpm - 1n }))).toEqual({
    kind: "apr",
    derivedPpm: loan.aprPpm,
  });
  expect(recount({ ...loan, allInPpm: null })).toEqual({
    kind: "allIn",
    derivedPpm: loan.allInPpm,
  });
});

test("a table is verified instead of derived", () => {
  const terms = {
    ...loan.terms,
    method: Method.CUSTOM,
    periodLength: 0,
    anchorDay: 0,
  };
  const table = signedWith({ terms, instalmentMinor: 0n });
  expect(recount(table)).toMatchObject({ kind: "root" });
  const dearer = withRow(3, (row) => ({ interestMinor: row.interestMinor + 1n }));
  expect(recount({ ...table, rows: dearer.rows })).toEqual({
    kind: "refused",
    error: "TableInterestExceeds",
    nr: 3,
  });
});
