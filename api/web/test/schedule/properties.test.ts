import { describe, expect, test } from "vitest";
import {
  DayCount,
  Method,
  PeriodUnit,
  type ScheduleRow,
  ScheduleRefused,
  type ScheduleTerms,
  derive,
  levelInstalment,
  rowTotalMinor,
  scheduleAprPpm,
  verifyTable,
} from "../../src/schedule";
import { random, randomTerms } from "./random";

const SEED = 20_261_124;
const AGREEMENTS = 1_500;

interface Agreed {
  readonly terms: ScheduleTerms;
  readonly instalmentMinor: bigint;
  readonly rows: readonly ScheduleRow[];
}

/** Agreements that can be carried out; the others say why not. */
function agreements(): Agreed[] {
  const source = random(SEED);
  return Array.from({ length: AGREEMENTS }, () => randomTerms(source)).flatMap((terms) => {
    try {
      const instalmentMinor = levelInstalment(terms);
      return [{ terms, instalmentMinor, rows: derive(terms, instalmentMinor) }];
    } catch (error) {
      if (error instanceof ScheduleRefused) return [];
      throw error;
    }
  });
}

const agreed = agreements();
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, each) => total + each, 0n);

test("most random agreements can be carried out", () => {
  expect(agreed.length).toBeGreaterThan(AGREEMENTS * 0.8);
});

describe("of every random agreement", () => {
  test("the rows repay the principal exactly, and never more than is left", () => {
    for (const { terms, rows } of agreed) {
      let balance = terms.principalMinor;
      for (const row of rows) {
        expect(row.principalMinor >= 0n && row.principalMinor <= balance).toBe(true);
        balance -= row.principalMinor;
      }
      expect(balance).toBe(0n);
      expect(sum(rows.map(rowTotalMinor))).toBe(
        terms.principalMinor + sum(rows.map((row) => row.interestMinor)),
      );
    }
  });

  test("the due days increase, the first after the disbursement", () => {
    for (const { terms, rows } of agreed) {
      const days = [terms.disbursementDay, ...rows.map((row) => row.dueDay)];
      expect(days.every((day, at) => at === 0 || day > (days[at - 1] ?? 0))).toBe(true);
    }
  });

  test("every row asks for something", () => {
    for (const { rows } of agreed) expect(rows.every((row) => rowTotalMinor(row) >= 1n)).toBe(true);
  });

  test("equal instalments are equal but for the last row", () => {
    for (const { terms, instalmentMinor, rows } of agreed) {
      if (terms.method !== Method.ANNUITY && terms.method !== Method.FLAT) continue;
      const level = rows.slice(terms.interestOnlyPeriods, -1).map(rowTotalMinor);
      expect(level).toEqual(level.map(() => instalmentMinor));
    }
  });

  test("a higher rate never asks for less interest of the first row", () => {
    for (const { terms, instalmentMinor } of agreed.filter(({ rows }) => rows.length > 1)) {
      const first = (ratePpm: bigint) =>
        derive({ ...terms, ratePpm }, instalmentMinor)[0]?.interestMinor ?? 0n;
      try {
        expect(first(terms.ratePpm + 1_000n) >= first(terms.ratePpm)).toBe(true);
      } catch (error) {
        if (!(error instanceof ScheduleRefused)) throw error;
      }
    }
  });

  test("the rest of the table follows from its middle as well", () => {
    for (const { terms, instalmentMinor, rows } of agreed) {
      const middle = Math.floor(rows.length / 2);
      const before = rows[middle - 1];
      if (!before || terms.interestOnlyPeriods > 0 || terms.method === Method.FLAT) continue;
      if (terms.rounding & 0xf0n) continue;
      const rest = rows.slice(middle);
      const again = derive(
        {
          ...terms,
          principalMinor: sum(rest.map((row) => row.principalMinor)),
          periods: rest.length,
          disbursementDay: before.dueDay,
          firstDueDay: rest[0]?.dueDay ?? 0,
        },
        instalmentMinor,
      );
      expect(again).toEqual(rest.map((row, at) => ({ ...row, nr: at + 1 })));
    }
  });

  test("its rows are also a table at the same rate", () => {
    for (const { terms, rows } of agreed.filter(
      ({ terms }) => terms.dayCount !== DayCount.MONTHS_360,
    )) {
      const table: ScheduleTerms = {
        ...terms,
        method: terms.method === Method.FLAT ? Method.CUSTOM_FLAT : Method.CUSTOM,
        periodUnit: PeriodUnit.MONTH,
        periodLength: 0,
        interestOnlyPeriods: 0,
        anchorDay: 0,
        multipleMinor: 1n,
        rounding: terms.rounding & 0xfn,
      };
      verifyTable(table, rows);
    }
  });

  test("a fee withheld makes it dearer", () => {
    for (const { terms, rows } of agreed.slice(0, 100))
      expect(
        scheduleAprPpm(terms, rows, terms.principalMinor / 50n) > scheduleAprPpm(terms, rows, 0n),
      ).toBe(true);
  });
});
