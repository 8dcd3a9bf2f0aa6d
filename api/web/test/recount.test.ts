import { describe, expect, test } from "vitest";
import type { Loan, Row } from "../src/loan";
import { recount } from "../src/recount";
import { Method } from "../src/schedule";
import { goldenLoan } from "./golden";

const loan = goldenLoan();

/** The golden loan with one row changed. */
function withRow(nr: number, change: (row: Row) => Partial<Row>): Loan {
  const rows = loan.rows.map((row) => (row.nr === nr ? { ...row, ...change(row) } : row));
  return { ...loan, rows };
}

test("the golden loan is what was signed", () => {
  expect(recount(loan)).toEqual({ kind: "matches" });
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
  const found = recount({ ...loan, scheduleRoot: `0x${"5a".repeat(32)}` });
  expect(found).toEqual({ kind: "root", derived: loan.scheduleRoot });
});

test("terms that no schedule follows from say which rule refuses them", () => {
  expect(recount({ ...loan, instalmentMinor: 12_000n })).toEqual({
    kind: "refused",
    error: "ScheduleDegenerate",
    nr: 1,
  });
  const terms = { ...loan.terms, rounding: 9n };
  expect(recount({ ...loan, terms })).toEqual({
    kind: "refused",
    error: "UnsupportedRounding",
    nr: null,
  });
});

test("either price that is told wrongly is found", () => {
  expect(recount({ ...loan, aprPpm: loan.aprPpm - 1n })).toEqual({
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
  const table = { ...loan, terms, instalmentMinor: 0n };
  expect(recount(table)).toMatchObject({ kind: "root" });
  const dearer = withRow(3, (row) => ({ interestMinor: row.interestMinor + 1n }));
  expect(recount({ ...table, rows: dearer.rows })).toEqual({
    kind: "refused",
    error: "TableInterestExceeds",
    nr: 3,
  });
});
