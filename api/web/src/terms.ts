/** The signed terms of a schedule as the API tells them: numbers, as they are signed. */
import { type Json, exact, integer, numbered } from "./json";
import { DayCount, Method, PeriodUnit, type ScheduleTerms } from "./schedule";

/** Throws {@link UnexpectedAnswer} naming the first field that is wrong. */
export function readTerms(source: Json): ScheduleTerms {
  return {
    method: numbered(source, "method", Method),
    principalMinor: exact(source, "principal_minor"),
    ratePpm: exact(source, "rate_ppm"),
    periods: integer(source, "periods"),
    periodUnit: numbered(source, "period_unit", PeriodUnit),
    periodLength: integer(source, "period_length"),
    interestOnlyPeriods: integer(source, "interest_only_periods"),
    disbursementDay: integer(source, "disbursement_day"),
    firstDueDay: integer(source, "first_due_day"),
    anchorDay: integer(source, "anchor_day"),
    dayCount: numbered(source, "day_count", DayCount),
    rounding: exact(source, "rounding"),
    multipleMinor: exact(source, "instalment_multiple_minor"),
  };
}
