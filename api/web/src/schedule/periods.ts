/** The stretches of time that the rows of a formula cover. */
import { anchoredDay, civil, monthsBack } from "./calendar";
import { DayCount, yearShare } from "./day_count";
import { PeriodUnit, type ScheduleTerms } from "./terms";

const MONTH_PARTS = 30;

export interface Period {
  /** Where its interest begins (included). */
  readonly startDay: number;
  readonly dueDay: number;
  /** N of the day count: how much of a year it is. */
  readonly share: bigint;
}

/** One period a row: from the previous due day, or the disbursement, to its own. */
export function periodsOf(terms: ScheduleTerms): Period[] {
  const days = dueDays(terms);
  return days.map((dueDay, row) => {
    const startDay = row === 0 ? terms.disbursementDay : (days[row - 1] ?? 0);
    return { startDay, dueDay, share: BigInt(shareOf(terms, row, startDay, dueDay)) };
  });
}

function dueDays(terms: ScheduleTerms): number[] {
  const { firstDueDay, anchorDay, periodLength } = terms;
  const first = civil(firstDueDay).monthIndex;
  const byMonths = terms.periodUnit === PeriodUnit.MONTH;
  return Array.from({ length: terms.periods }, (_, row) =>
    byMonths
      ? anchoredDay(first + row * periodLength, anchorDay)
      : firstDueDay + row * periodLength,
  );
}

function shareOf(terms: ScheduleTerms, row: number, startDay: number, dueDay: number): number {
  if (terms.dayCount !== DayCount.MONTHS_360) return yearShare(terms.dayCount, startDay, dueDay);
  if (row > 0) return MONTH_PARTS * terms.periodLength;
  const back = monthsBack(dueDay, terms.anchorDay, startDay);
  return MONTH_PARTS * back.months + back.startDay - startDay;
}
