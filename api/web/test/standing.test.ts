import { expect, test } from "vitest";
import { nextRow, overdueMinor, overdueRows, rowState, standing } from "../src/standing";
import { golden, goldenLoan, goldenLoanOn } from "./golden";

const SIXTH_DUE = 20_712;

test("the golden loan is twelve days overdue with the rest of its sixth row", () => {
  const loan = goldenLoan();
  expect(standing(loan)).toEqual({ kind: "overdue", days: 12 });
  expect(overdueRows(loan).map((row) => row.nr)).toEqual([6]);
  expect(overdueMinor(loan)).toBe(60_011n);
  expect(nextRow(loan)?.nr).toBe(7);
  expect(overdueMinor(loan) + loan.chargesDueMinor).toBe(BigInt(golden.overdue_minor));
});

test.each([
  [SIXTH_DUE - 8, { kind: "onTime", days: 8 }],
  [SIXTH_DUE - 7, { kind: "dueSoon", days: 7 }],
  [SIXTH_DUE, { kind: "dueSoon", days: 0 }],
  [SIXTH_DUE + 1, { kind: "overdue", days: 1 }],
])("on day %s it stands at %s", (day, expected) => {
  expect(standing(goldenLoanOn(day))).toEqual(expected);
});

test("each row has one state", () => {
  const loan = goldenLoan();
  const states = loan.rows.map((row) => rowState(row, loan));
  expect(states.slice(0, 5)).toEqual(Array(5).fill("paid"));
  expect(states.slice(5)).toEqual(["overdue", "next", ...Array(5).fill("upcoming")]);
});

test("a loan that is not running is never overdue", () => {
  for (const status of ["pending", "failed", "closed"] as const) {
    const loan = { ...goldenLoan(), status };
    expect(overdueRows(loan)).toEqual([]);
    expect(standing(loan).kind).toBe(status);
  }
});

test("a loan whose rows are all paid but not its charges says so", () => {
  const loan = goldenLoan();
  const rows = loan.rows.map((row) => ({ ...row, paid: true, paidMinor: row.dueMinor }));
  expect(standing({ ...loan, rows })).toEqual({ kind: "charges" });
});

test("a closed loan closed on the day of its last payment", () => {
  expect(standing({ ...goldenLoan(), status: "closed" })).toEqual({
    kind: "closed",
    day: SIXTH_DUE,
  });
  expect(standing({ ...goldenLoan(), status: "closed", payments: [] })).toEqual({
    kind: "closed",
    day: null,
  });
});
