/** The golden schedule files, as the schedule takes them. */
import euApr from "../../../../tests/golden/schedules/eu_apr.json";
import fineract from "../../../../tests/golden/schedules/fineract.json";
import tallystick from "../../../../tests/golden/schedules/tallystick.json";
import {
  DayCount,
  type Flow,
  Method,
  PeriodUnit,
  type ScheduleRow,
  type ScheduleTerms,
  TICKS_A_YEAR,
} from "../../src/schedule";

export { euApr, fineract, tallystick };

type Terms = (typeof tallystick.cases)[number]["terms"];

export function termsOf(terms: Terms): ScheduleTerms {
  return {
    method: terms.method as Method,
    principalMinor: BigInt(terms.principal_minor),
    ratePpm: BigInt(terms.rate_ppm),
    periods: terms.periods,
    periodUnit: terms.period_unit as PeriodUnit,
    periodLength: terms.period_length,
    interestOnlyPeriods: terms.interest_only_periods,
    disbursementDay: terms.disbursement_day,
    firstDueDay: terms.first_due_day,
    anchorDay: terms.anchor_day,
    dayCount: terms.day_count as DayCount,
    rounding: BigInt(terms.rounding),
    multipleMinor: BigInt(terms.multiple_minor),
  };
}

export function rowsOf(rows: readonly (readonly number[])[]): ScheduleRow[] {
  return rows.map(([dueDay = 0, principal = 0, interest = 0], index) => ({
    nr: index + 1,
    dueDay,
    principalMinor: BigInt(principal),
    interestMinor: BigInt(interest),
  }));
}

/** "3/365+1/12" years in ticks. */
function ticks(years: string): number {
  return years
    .split("+")
    .map((part) => part.split("/").map(Number))
    .reduce(
      (sum, [numerator = 0, denominator = 1]) => sum + (numerator * TICKS_A_YEAR) / denominator,
      0,
    );
}

type EuCase = (typeof euApr.cases)[number];

export function euAdvances({ advances }: EuCase): Flow[] {
  return advances.map(([when, minor]) => ({
    ticks: ticks(String(when)),
    minor: BigInt(minor ?? 0),
  }));
}

export function euPayments({ payments }: EuCase): Flow[] {
  return payments.flatMap(({ amount_minor, count, first, every }) =>
    Array.from({ length: count }, (_, at) => ({
      ticks: ticks(first) + at * ticks(every),
      minor: BigInt(amount_minor),
    })),
  );
}
