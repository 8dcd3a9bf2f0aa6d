import { describe, expect, test } from "vitest";
import {
  type ScheduleRow,
  ScheduleRefused,
  type ScheduleTerms,
  derive,
  isTable,
  levelInstalment,
  scheduleRoot,
  toHex,
  verifyTable,
} from "../../src/schedule";
import { fineract, rowsOf, tallystick, termsOf } from "./golden";

/** A table's own rows once they are verified, or the rows that a formula gives. */
function agreedRows(terms: ScheduleTerms, instalmentMinor: bigint, table: ScheduleRow[]) {
  if (!isTable(terms.method)) return derive(terms, instalmentMinor);
  verifyTable(terms, table);
  return table;
}

function refusal(ask: () => unknown): { name: string; values: unknown[] } {
  try {
    ask();
  } catch (error) {
    if (error instanceof ScheduleRefused)
      return { name: error.name, values: Object.values(error.values) };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the golden schedules", () => {
  test.each(tallystick.cases)("$id", (golden) => {
    const terms = termsOf(golden.terms);
    const rows = rowsOf(golden.rows);
    expect(levelInstalment(terms)).toBe(BigInt(golden.instalment_minor));
    expect(agreedRows(terms, BigInt(golden.instalment_minor), rows)).toEqual(rows);
    expect(toHex(scheduleRoot(terms.method, rows))).toBe(golden.schedule_root);
  });
});

describe("the golden refusals", () => {
  test.each(tallystick.refusals)("$id", (golden) => {
    const terms = termsOf(golden.terms);
    const table = rowsOf("rows" in golden ? golden.rows : []);
    const { name, values } = refusal(() =>
      agreedRows(terms, BigInt(golden.instalment_minor), table),
    );
    expect(name).toBe(golden.error);
    expect(values.map(String)).toEqual(golden.values.map(String));
  });
});

describe("Apache Fineract's tables", () => {
  test.each(fineract.cases)("$id", (golden) => {
    const terms = termsOf(golden.terms);
    const rows = rowsOf(golden.rows);
    const instalment = levelInstalment(terms);
    expect(instalment).toBe(BigInt(golden.instalment_minor));
    expect(agreedRows(terms, instalment, rows)).toEqual(rows);
    expect(toHex(scheduleRoot(terms.method, rows))).toBe(golden.schedule_root);
  });
});
