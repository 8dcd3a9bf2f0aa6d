/**
 * Days since 1970-01-01 and months as year * 12 + month - 1 (2026-01 is 24312), both Gregorian,
 * without the platform's dates: a due day must not depend on anybody's time zone.
 */

const MONTHS = 12;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_SHIFT = 719_468;
const ERA_YEARS = 400;
const ERA_DAYS = 146_097;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const FEBRUARY = 1;

export interface CivilDate {
  readonly monthIndex: number;
  readonly year: number;
  /** 1 to 31. */
  readonly date: number;
}

/** Integer division of non-negative days; every operand stays far below 2^53. */
function whole(dividend: number, divisor: number): number {
  return Math.floor(dividend / divisor);
}

export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % ERA_YEARS === 0);
}

/** Number of days of a month. */
export function monthLength(monthIndex: number): number {
  const month = monthIndex % MONTHS;
  if (month === FEBRUARY && isLeap(whole(monthIndex, MONTHS))) return 29;
  return MONTH_LENGTHS[month] ?? 0;
}

/** First day of a month. Years begin in March here, so that the leap day comes last. */
export function monthStart(monthIndex: number): number {
  const shifted = monthIndex - 2;
  const year = whole(shifted, MONTHS);
  const leapDays = whole(year, 4) - whole(year, 100) + whole(year, ERA_YEARS);
  return 365 * year + leapDays + whole(153 * (shifted % MONTHS) + 2, 5) - EPOCH_SHIFT;
}

/** The month, year and day of the month of a day (0 or later). */
export function civil(day: number): CivilDate {
  const shifted = day + EPOCH_SHIFT;
  const era = whole(shifted, ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const leaps = whole(dayOfEra, 1460) - whole(dayOfEra, 36_524) + whole(dayOfEra, 146_096);
  const yearOfEra = whole(dayOfEra - leaps, 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + whole(yearOfEra, 4) - whole(yearOfEra, 100));
  const month = whole(5 * dayOfYear + 2, 153);
  const date = dayOfYear - whole(153 * month + 2, 5) + 1;
  const monthIndex = (era * ERA_YEARS + yearOfEra) * MONTHS + month + 2;
  return { monthIndex, year: whole(monthIndex, MONTHS), date };
}

/** First day of a year. */
export function yearStart(year: number): number {
  return monthStart(year * MONTHS);
}

/** The anchor day of a month, or the last day of a shorter one. */
export function anchoredDay(monthIndex: number, anchorDay: number): number {
  return monthStart(monthIndex) + Math.min(anchorDay, monthLength(monthIndex)) - 1;
}

/** The day of a date written yyyy-mm-dd. */
export function dayOfIso(iso: string): number {
  const [year = 0, month = 0, date = 0] = iso.split("-").map(Number);
  return anchoredDay(year * MONTHS + month - 1, date);
}

/** Days from the same day of the previous year to this day: 365 or 366; 28 stands for 29 February. */
export function yearBefore(day: number): number {
  const { monthIndex, date } = civil(day);
  return day - anchoredDay(monthIndex - MONTHS, date);
}

export interface MonthsBack {
  readonly months: number;
  /** Where the whole months begin: on or after the day counted back to. */
  readonly startDay: number;
}

/** Whole months counted back from a due day by an anchor day, as many as do not reach before `fromDay`. */
export function monthsBack(dueDay: number, anchorDay: number, fromDay: number): MonthsBack {
  const last = civil(dueDay).monthIndex;
  const first = civil(fromDay).monthIndex;
  const month = anchoredDay(first, anchorDay) < fromDay ? first + 1 : first;
  return { months: last - month, startDay: anchoredDay(month, anchorDay) };
}
