/** What a schedule follows from, and what an agreement may say of it. */
import { anchoredDay, civil } from "./calendar";
import { DayCount } from "./day_count";
import {
  FirstDueDayInconsistent,
  InstalmentNotMultiple,
  TermOutOfRange,
  UnsupportedDayCount,
  UnsupportedMethod,
  UnsupportedPeriodUnit,
  UnsupportedRounding,
} from "./refusals";
import { Levelling, Residue, type Rounding, readRounding } from "./rounding";

/** How the principal comes back; the numbers are signed. */
export const Method = {
  ANNUITY: 0,
  EQUAL_PRINCIPAL: 1,
  INTEREST_ONLY: 2,
  BULLET: 3,
  FLAT: 4,
  CUSTOM: 5,
  CUSTOM_FLAT: 6,
} as const;
export type Method = (typeof Method)[keyof typeof Method];

/** What a period is counted in; a week is 7 days, a year 12 months. */
export const PeriodUnit = { MONTH: 0, DAY: 1 } as const;
export type PeriodUnit = (typeof PeriodUnit)[keyof typeof PeriodUnit];

/**
 * Amounts in minor units, the rate in parts per million a year, days since 1970.
 *
 *     disbursement     first due        due(1)               due(periods - 1)
 *     |---- row 0 -----|---- row 1 -----|----- ... ----------|
 */
export interface ScheduleTerms {
  readonly method: Method;
  readonly principalMinor: bigint;
  readonly ratePpm: bigint;
  readonly periods: number;
  readonly periodUnit: PeriodUnit;
  readonly periodLength: number;
  readonly interestOnlyPeriods: number;
  readonly disbursementDay: number;
  readonly firstDueDay: number;
  /** Day of the month on which months' rows are due; 0 where rows count days. */
  readonly anchorDay: number;
  readonly dayCount: DayCount;
  readonly rounding: bigint;
  readonly multipleMinor: bigint;
}

export const MAX_PERIODS = 480;
export const MAX_PERIOD_MONTHS = 120;
export const MAX_PERIOD_DAYS = 3_660;
export const MAX_ANCHOR_DAY = 31;
/** Last day on which a loan may be paid out: in the year 2243. */
export const MAX_DISBURSEMENT_DAY = 100_000;
export const MAX_FIRST_PERIOD_DAYS = 3_660;
/** Last day on which a row may be due: in the year 2284, so that arrears after it fit 17 bits. */
export const MAX_DUE_DAY = 115_000;
export const MAX_PRINCIPAL_MINOR = 2n ** 44n - 1n;
export const MAX_INSTALMENT_MINOR = 2n ** 38n - 1n;
export const MAX_ROW_MINOR = 2n ** 39n - 1n;
export const MAX_RATE_PPM = 2n ** 24n - 1n;

const WITH_INSTALMENT: readonly Method[] = [Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.FLAT];

/** Whether the rows are agreed one by one instead of following from a formula. */
export function isTable(method: Method): boolean {
  return method === Method.CUSTOM || method === Method.CUSTOM_FLAT;
}

/** Whether interest is always on the whole principal, however much of it is repaid. */
export function isFlat(method: Method): boolean {
  return method === Method.FLAT || method === Method.CUSTOM_FLAT;
}

/** Whether due days are an anchor day in months. */
export function countsMonths({ method, periodUnit }: ScheduleTerms): boolean {
  return periodUnit === PeriodUnit.MONTH && !isTable(method);
}

/** Whether an instalment is agreed; the other methods' rows follow without one. */
export function hasInstalment(method: Method): boolean {
  return WITH_INSTALMENT.includes(method);
}

function within(
  term: string,
  value: bigint | number,
  least: bigint | number,
  most: bigint | number,
) {
  if (value < least || value > most)
    throw new TermOutOfRange(term, BigInt(value), BigInt(least), BigInt(most));
}

function known<T extends number>(allowed: Readonly<Record<string, T>>, value: number): boolean {
  return Object.values(allowed).some((candidate) => candidate === value);
}

/**
 * Refuses terms and an instalment that no schedule can follow from, in the contract's order; null stands
 * for an instalment still to be found. Throws a ScheduleRefused.
 */
export function requireTerms(terms: ScheduleTerms, instalmentMinor: bigint | null): void {
  requireKinds(terms);
  within("principalMinor", terms.principalMinor, 1n, MAX_PRINCIPAL_MINOR);
  within("ratePpm", terms.ratePpm, 0n, MAX_RATE_PPM);
  requirePeriods(terms);
  if (instalmentMinor !== null) requireInstalment(terms, instalmentMinor);
  requireDays(terms);
  requireMultiple(terms, instalmentMinor ?? 0n);
}

function requireKinds(terms: ScheduleTerms): void {
  if (!known(Method, terms.method)) throw new UnsupportedMethod(BigInt(terms.method));
  if (!known(PeriodUnit, terms.periodUnit))
    throw new UnsupportedPeriodUnit(BigInt(terms.periodUnit));
  const misplaced = terms.dayCount === DayCount.MONTHS_360 && !countsMonths(terms);
  if (!known(DayCount, terms.dayCount) || misplaced)
    throw new UnsupportedDayCount(BigInt(terms.dayCount));
  roundingOf(terms);
}

/** The rounding of the terms; throws UnsupportedRounding also where the method has no use for a choice. */
export function roundingOf({ rounding, method }: ScheduleTerms): Rounding {
  const read = readRounding(rounding);
  const first = read.residue === Residue.FIRST && method !== Method.EQUAL_PRINCIPAL;
  const exact = read.levelling === Levelling.EXACT && isTable(method);
  if (first || exact) throw new UnsupportedRounding(rounding);
  return read;
}

/** A table says by its rows what these terms say of a formula: they are zero. */
function requirePeriods(terms: ScheduleTerms): void {
  const { method, periods, periodUnit, periodLength, interestOnlyPeriods } = terms;
  const table = isTable(method);
  const longest = periodUnit === PeriodUnit.MONTH ? MAX_PERIOD_MONTHS : MAX_PERIOD_DAYS;
  within("periods", periods, 1, method === Method.BULLET ? 1 : MAX_PERIODS);
  within("periodUnit", periodUnit, 0, table ? 0 : PeriodUnit.DAY);
  within("periodLength", periodLength, table ? 0 : 1, table ? 0 : longest);
  within("interestOnlyPeriods", interestOnlyPeriods, 0, hasInstalment(method) ? periods - 1 : 0);
}

function requireInstalment({ method }: ScheduleTerms, instalmentMinor: bigint): void {
  const agreed = hasInstalment(method);
  within("instalmentMinor", instalmentMinor, agreed ? 1n : 0n, agreed ? MAX_INSTALMENT_MINOR : 0n);
}

/** A table's first row may be due on the day of the disbursement. */
function requireDays(terms: ScheduleTerms): void {
  const { anchorDay, disbursementDay, firstDueDay } = terms;
  const anchored = countsMonths(terms);
  const soonest = disbursementDay + (isTable(terms.method) ? 0 : 1);
  within("anchorDay", anchorDay, anchored ? 1 : 0, anchored ? MAX_ANCHOR_DAY : 0);
  within("disbursementDay", disbursementDay, 0, MAX_DISBURSEMENT_DAY);
  within("firstDueDay", firstDueDay, soonest, disbursementDay + MAX_FIRST_PERIOD_DAYS);
  if (!anchored) return;
  const derived = anchoredDay(civil(firstDueDay).monthIndex, anchorDay);
  if (derived !== firstDueDay) throw new FirstDueDayInconsistent(firstDueDay, derived);
}

function requireMultiple({ method, multipleMinor }: ScheduleTerms, instalmentMinor: bigint): void {
  if (isTable(method)) within("instalmentMultipleMinor", multipleMinor, 1n, 1n);
  else if (multipleMinor < 1n || instalmentMinor % multipleMinor !== 0n)
    throw new InstalmentNotMultiple(instalmentMinor, multipleMinor);
}

/** A table's first due day is that of its first row. */
export function requireFirstDueDay({ firstDueDay }: ScheduleTerms, dueDay: number): void {
  within("firstDueDay", firstDueDay, dueDay, dueDay);
}

/** The last due day is checked when the rows are known. */
export function requireLastDueDay(lastDueDay: number): void {
  within("lastDueDay", lastDueDay, 0, MAX_DUE_DAY);
}
