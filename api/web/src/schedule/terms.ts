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

const WITH_INTEREST_ONLY_START: readonly Method[] = [
  Method.ANNUITY,
  Method.EQUAL_PRINCIPAL,
  Method.FLAT,
];

/** Whether the rows are agreed one by one instead of following from a formula. */
export function isTable(method: Method): boolean {
  return method === Method.CUSTOM || method === Method.CUSTOM_FLAT;
}

/** Whether interest is always on the whole principal, however much of it is repaid. */
export function isFlat(method: Method): boolean {
  return method === Method.FLAT || method === Method.CUSTOM_FLAT;
}

/** Whether an instalment is agreed; the other methods' rows follow without one. */
export function hasInstalment(method: Method): boolean {
  return WITH_INTEREST_ONLY_START.includes(method);
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
 * Refuses terms and an instalment that no schedule can follow from, in the contract's order.
 * Throws a ScheduleRefused.
 */
export function requireTerms(terms: ScheduleTerms, instalmentMinor: bigint): void {
  requireKinds(terms);
  within("principalMinor", terms.principalMinor, 1n, MAX_PRINCIPAL_MINOR);
  within("ratePpm", terms.ratePpm, 0n, MAX_RATE_PPM);
  const most = hasInstalment(terms.method) ? MAX_INSTALMENT_MINOR : 0n;
  if (isTable(terms.method)) requireTableTerms(terms);
  else requireFormulaTerms(terms);
  within("instalmentMinor", instalmentMinor, most === 0n ? 0n : 1n, most);
  requireMultiple(terms, instalmentMinor);
}

function requireKinds(terms: ScheduleTerms): Rounding {
  if (!known(Method, terms.method)) throw new UnsupportedMethod(BigInt(terms.method));
  if (!known(PeriodUnit, terms.periodUnit))
    throw new UnsupportedPeriodUnit(BigInt(terms.periodUnit));
  const byMonths = terms.periodUnit === PeriodUnit.MONTH && !isTable(terms.method);
  if (!known(DayCount, terms.dayCount) || (terms.dayCount === DayCount.MONTHS_360 && !byMonths))
    throw new UnsupportedDayCount(BigInt(terms.dayCount));
  return roundingOf(terms);
}

/** The rounding of the terms; throws UnsupportedRounding also where the method has no use for a choice. */
export function roundingOf({ rounding, method }: ScheduleTerms): Rounding {
  const read = readRounding(rounding);
  const first = read.residue === Residue.FIRST && method !== Method.EQUAL_PRINCIPAL;
  const exact = read.levelling === Levelling.EXACT && isTable(method);
  if (first || exact) throw new UnsupportedRounding(rounding);
  return read;
}

function requireFormulaTerms(terms: ScheduleTerms): void {
  const byMonths = terms.periodUnit === PeriodUnit.MONTH;
  within("periods", terms.periods, 1, terms.method === Method.BULLET ? 1 : MAX_PERIODS);
  within("periodLength", terms.periodLength, 1, byMonths ? MAX_PERIOD_MONTHS : MAX_PERIOD_DAYS);
  const interestOnly = hasInstalment(terms.method) ? terms.periods - 1 : 0;
  within("interestOnlyPeriods", terms.interestOnlyPeriods, 0, interestOnly);
  within("anchorDay", terms.anchorDay, byMonths ? 1 : 0, byMonths ? MAX_ANCHOR_DAY : 0);
  requireFirstDays(terms, 1);
  if (!byMonths) return;
  const derived = anchoredDay(civil(terms.firstDueDay).monthIndex, terms.anchorDay);
  if (derived !== terms.firstDueDay) throw new FirstDueDayInconsistent(terms.firstDueDay, derived);
}

/** A table says by its rows what these terms say of a formula. */
function requireTableTerms(terms: ScheduleTerms): void {
  within("periods", terms.periods, 1, MAX_PERIODS);
  within("periodUnit", terms.periodUnit, 0, 0);
  within("periodLength", terms.periodLength, 0, 0);
  within("interestOnlyPeriods", terms.interestOnlyPeriods, 0, 0);
  within("anchorDay", terms.anchorDay, 0, 0);
  within("instalmentMultipleMinor", terms.multipleMinor, 1n, 1n);
  requireFirstDays(terms, 0);
}

function requireFirstDays({ disbursementDay, firstDueDay }: ScheduleTerms, least: number): void {
  within("disbursementDay", disbursementDay, 0, MAX_DISBURSEMENT_DAY);
  const [from, until] = [disbursementDay + least, disbursementDay + MAX_FIRST_PERIOD_DAYS];
  within("firstDueDay", firstDueDay, from, until);
}

function requireMultiple({ multipleMinor }: ScheduleTerms, instalmentMinor: bigint): void {
  if (multipleMinor < 1n || instalmentMinor % multipleMinor !== 0n)
    throw new InstalmentNotMultiple(instalmentMinor, multipleMinor);
}

/** A table's first due day is that of its first row. */
export function requireFirstDueDay({ firstDueDay }: ScheduleTerms, dueDay: number): void {
  within("firstDueDay", firstDueDay, dueDay, dueDay);
}

/** The last due day is checked when the rows are known. */
export function requireLastDueDay(lastDueDay: number, least: number): void {
  within("lastDueDay", lastDueDay, least, MAX_DUE_DAY);
}
