/**
 * The years between disbursement and each row, as the annual percentage rate counts them
 * (Directive 2008/48/EC, Annex I, part I, remark c), exactly: in whole ticks.
 */
import { civil, monthsBack, yearBefore } from "./calendar";
import type { ScheduleRow } from "./row";
import { PeriodUnit, type ScheduleTerms, isTable } from "./terms";

const YEAR_MONTHS = 12;
const YEAR_WEEKS = 52;
const YEAR_DAYS = 365;
const WEEK_DAYS = 7;
/** A year in ticks: the least number that months, weeks, and days of both kinds of year divide. */
export const TICKS_A_YEAR = 3_473_340;
const MONTH = TICKS_A_YEAR / YEAR_MONTHS;
const WEEK = TICKS_A_YEAR / YEAR_WEEKS;
const DAY = TICKS_A_YEAR / YEAR_DAYS;

/** Ticks from disbursement to each row. */
export function intervals(terms: ScheduleTerms, rows: readonly ScheduleRow[]): number[] {
  const { disbursementDay, periodLength, periodUnit } = terms;
  if (isTable(terms.method))
    return rows.map(({ dueDay }) => monthsAndDays(dueDay, civil(dueDay).date, disbursementDay));
  if (periodUnit === PeriodUnit.DAY && periodLength % WEEK_DAYS !== 0)
    return rows.map(({ dueDay }) => (dueDay - disbursementDay) * DAY);
  const [first, period] = [firstInterval(terms), periodTicks(terms)];
  return rows.map((_, index) => first + index * period);
}

/** Whole months or weeks counted back from the first due day, then days. */
function firstInterval({ periodUnit, firstDueDay, anchorDay, disbursementDay }: ScheduleTerms) {
  if (periodUnit === PeriodUnit.MONTH)
    return monthsAndDays(firstDueDay, anchorDay, disbursementDay);
  const days = firstDueDay - disbursementDay;
  const odd = days % WEEK_DAYS;
  return ((days - odd) / WEEK_DAYS) * WEEK + odd * DAY;
}

function periodTicks({ periodUnit, periodLength }: ScheduleTerms): number {
  return periodUnit === PeriodUnit.MONTH ? periodLength * MONTH : (periodLength / WEEK_DAYS) * WEEK;
}

/** Odd days count as days of the year that ends where the whole months begin: of 365 or 366 days. */
function monthsAndDays(dueDay: number, anchorDay: number, fromDay: number): number {
  const { months, startDay } = monthsBack(dueDay, anchorDay, fromDay);
  const odd = startDay - fromDay;
  return months * MONTH + (odd === 0 ? 0 : odd * (TICKS_A_YEAR / yearBefore(startDay)));
}
