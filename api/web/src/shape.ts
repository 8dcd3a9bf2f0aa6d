/** Which words tell a schedule's shape. */
import { DayCount, Method, PeriodUnit, type ScheduleTerms, isTable } from "./schedule";
import type { CountKey, Key } from "./words";

const WEEK_DAYS = 7;
const YEAR_MONTHS = 12;

export const METHOD_WORDS: Readonly<Record<Method, Key>> = {
  [Method.ANNUITY]: "methodAnnuity",
  [Method.EQUAL_PRINCIPAL]: "methodEqualPrincipal",
  [Method.INTEREST_ONLY]: "methodInterestOnly",
  [Method.BULLET]: "methodBullet",
  [Method.FLAT]: "methodFlat",
  [Method.CUSTOM]: "methodCustom",
  [Method.CUSTOM_FLAT]: "methodCustomFlat",
};

export const DAY_COUNT_WORDS: Readonly<Record<DayCount, Key>> = {
  [DayCount.ACT_365F]: "dayCountAct365",
  [DayCount.ACT_360]: "dayCountAct360",
  [DayCount.THIRTY_E_360]: "dayCountThirty",
  [DayCount.THIRTY_360_US]: "dayCountThirtyUs",
  [DayCount.ACT_ACT_ISDA]: "dayCountActAct",
  [DayCount.MONTHS_360]: "dayCountMonths",
};

/** How often a row is due: a message about `n` units, or one without a count. */
export type Rhythm =
  | { readonly stem: Extract<CountKey, `every${string}`>; readonly n: number }
  | { readonly key: Extract<Key, "onAgreedDays" | "onceAtTheEnd"> };

export function rhythmOf(terms: ScheduleTerms): Rhythm {
  if (isTable(terms.method)) return { key: "onAgreedDays" };
  if (terms.method === Method.BULLET) return { key: "onceAtTheEnd" };
  return every(terms.periodUnit, terms.periodLength);
}

/** In the largest unit that divides the period: 14 days are two weeks, 24 months two years. */
export function every(unit: PeriodUnit, n: number): Extract<Rhythm, { n: number }> {
  const months = unit === PeriodUnit.MONTH;
  const larger = months ? YEAR_MONTHS : WEEK_DAYS;
  if (n % larger === 0) return { stem: months ? "everyYears" : "everyWeeks", n: n / larger };
  return { stem: months ? "everyMonths" : "everyDays", n };
}
