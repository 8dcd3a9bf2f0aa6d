/** Random agreements from a seed, small enough to think about and strange enough to find faults. */
import {
  DayCount,
  Method,
  PeriodUnit,
  Residue,
  type ScheduleTerms,
  anchoredDay,
  civil,
  hasInstalment,
} from "../../src/schedule";

export interface Random {
  /** An integer from `least` to `most`, both included. */
  readonly whole: (least: number, most: number) => number;
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T;
}

/** Mulberry32: 32 bits of state, the same on every machine. */
export function random(seed: number): Random {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const whole = (least: number, most: number) => least + (next() % (most - least + 1));
  return { whole, pick: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0] };
}

const METHODS = [
  Method.ANNUITY,
  Method.EQUAL_PRINCIPAL,
  Method.INTEREST_ONLY,
  Method.BULLET,
  Method.FLAT,
] as const;

function calendarOf({ whole, pick }: Random, periodUnit: PeriodUnit) {
  const disbursementDay = whole(18_000, 40_000);
  if (periodUnit === PeriodUnit.DAY) {
    const periodLength = pick([7, 14, 1, 10, 28, 30]);
    return {
      disbursementDay,
      periodLength,
      anchorDay: 0,
      firstDueDay: disbursementDay + whole(1, 60),
    };
  }
  const anchorDay = whole(1, 31);
  const month = civil(disbursementDay).monthIndex + whole(1, 3);
  const periodLength = pick([1, 1, 1, 2, 3, 6, 12]);
  return { disbursementDay, periodLength, anchorDay, firstDueDay: anchoredDay(month, anchorDay) };
}

/** Terms of a formula that a lender could mean. */
export function randomTerms(source: Random): ScheduleTerms {
  const { whole, pick } = source;
  const method = pick(METHODS);
  const periods = method === Method.BULLET ? 1 : whole(1, 40);
  const periodUnit = pick([PeriodUnit.MONTH, PeriodUnit.MONTH, PeriodUnit.DAY]);
  const residue = method === Method.EQUAL_PRINCIPAL ? pick([Residue.LAST, Residue.FIRST]) : 0;
  return {
    method,
    principalMinor: BigInt(whole(2_000 * periods, 100_000_000)),
    ratePpm: BigInt(whole(1, 360_000)),
    periods,
    periodUnit,
    interestOnlyPeriods: hasInstalment(method) ? pick([0, 0, whole(0, periods - 1)]) : 0,
    ...calendarOf(source, periodUnit),
    dayCount: whole(0, periodUnit === PeriodUnit.MONTH ? 5 : 4) as DayCount,
    rounding: BigInt(whole(0, 3) + (residue << 4) + (whole(0, 1) << 8)),
    multipleMinor: pick([1n, 1n, 10n, 100n]),
  };
}
