/** What share of a year's interest accrues between two days: N / D of each convention, exactly. */
import { civil, isLeap, monthLength, yearStart } from "./calendar";
import { type RoundingMode, divide } from "./rounding";

/**
 * ACT_365F, ACT_360, THIRTY_E_360, THIRTY_360_US, ACT_ACT_ISDA: ISDA 2006 Definitions, section 4.16
 * (d), (e), (g), (f with the February rule of QuantLib's Thirty360(USA)), (b).
 * MONTHS_360: PBOC notice 银发[2005]129号, whole months by month, odd days by day, year of 360 days.
 */
export const DayCount = {
  ACT_365F: 0,
  ACT_360: 1,
  THIRTY_E_360: 2,
  THIRTY_360_US: 3,
  ACT_ACT_ISDA: 4,
  MONTHS_360: 5,
} as const;
export type DayCount = (typeof DayCount)[keyof typeof DayCount];

const PPM = 1_000_000n;
const COMMON_YEAR = 365;
const LEAP_YEAR = 366;
/** N counts these parts of a year: D of the convention. */
const YEAR_PARTS: Readonly<Record<DayCount, bigint>> = {
  [DayCount.ACT_365F]: 365n,
  [DayCount.ACT_360]: 360n,
  [DayCount.THIRTY_E_360]: 360n,
  [DayCount.THIRTY_360_US]: 360n,
  [DayCount.ACT_ACT_ISDA]: 365n * 366n,
  [DayCount.MONTHS_360]: 360n,
};

/** Denominator of an interest: parts per million of a year's parts. */
export function yearDenominator(dayCount: DayCount): bigint {
  return PPM * YEAR_PARTS[dayCount];
}

/** N from the first day (included) to the last (excluded); MONTHS_360 here counts odd days only. */
export function yearShare(dayCount: DayCount, startDay: number, endDay: number): number {
  switch (dayCount) {
    case DayCount.THIRTY_E_360:
      return thirtyEuropean(startDay, endDay);
    case DayCount.THIRTY_360_US:
      return thirtyUs(startDay, endDay);
    case DayCount.ACT_ACT_ISDA:
      return actualActual(startDay, endDay);
    default:
      return endDay - startDay;
  }
}

function thirties(startMonth: number, startDate: number, endMonth: number, endDate: number) {
  return 30 * (endMonth - startMonth) + endDate - startDate;
}

/** The 31st counts as the 30th; February has no rule of its own. */
function thirtyEuropean(startDay: number, endDay: number): number {
  const start = civil(startDay);
  const end = civil(endDay);
  const [from, to] = [Math.min(start.date, 30), Math.min(end.date, 30)];
  return thirties(start.monthIndex, from, end.monthIndex, to);
}

/** A last day of February counts as the 30th, and a 31st does after a 30th or 31st. */
function thirtyUs(startDay: number, endDay: number): number {
  const start = civil(startDay);
  const end = civil(endDay);
  let [from, to] = [start.date, end.date];
  if (endsFebruary(start)) {
    if (endsFebruary(end)) to = 30;
    from = 30;
  }
  if (to === 31 && from >= 30) to = 30;
  if (from === 31) from = 30;
  return thirties(start.monthIndex, from, end.monthIndex, to);
}

function endsFebruary({ monthIndex, date }: { monthIndex: number; date: number }): boolean {
  return monthIndex % 12 === 1 && date === monthLength(monthIndex);
}

/** Days in common years are 366 parts each, days in leap years 365; years change on 1 January. */
function actualActual(startDay: number, endDay: number): number {
  let parts = 0;
  for (let day = startDay; day < endDay;) {
    const { year } = civil(day);
    const until = Math.min(yearStart(year + 1), endDay);
    parts += (until - day) * (isLeap(year) ? COMMON_YEAR : LEAP_YEAR);
    day = until;
  }
  return parts;
}

/** base * rate * N / D, rounded once. */
export function interest(
  baseMinor: bigint,
  ratePpm: bigint,
  share: bigint,
  dayCount: DayCount,
  mode: RoundingMode,
): bigint {
  return divide(baseMinor * ratePpm * share, yearDenominator(dayCount), mode);
}
