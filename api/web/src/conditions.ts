/** What both sides agree on of a loan, wherever it is told: in the agreement they sign or in the API's answer. */
import { type Json, exact, integer, text } from "./json";
import type { ScheduleTerms } from "./schedule";
import { readTerms } from "./terms";

export interface Conditions {
  readonly terms: ScheduleTerms;
  /** 0 where the method has none. */
  readonly instalmentMinor: bigint;
  readonly scheduleRoot: string;
  readonly upfrontFeeMinor: bigint;
  /** Annual percentage rate: compound, every cost included. */
  readonly aprPpm: bigint;
  readonly graceDays: number;
  readonly lateFeeMinor: bigint;
  readonly penaltyRatePpm: bigint;
}

/** Throws {@link UnexpectedAnswer} naming the first field that is wrong. */
export function readConditions(source: Json): Conditions {
  return {
    terms: readTerms(source),
    instalmentMinor: exact(source, "instalment_minor"),
    scheduleRoot: text(source, "schedule_root"),
    upfrontFeeMinor: exact(source, "upfront_fee_minor"),
    aprPpm: exact(source, "apr_ppm"),
    graceDays: integer(source, "grace_days"),
    lateFeeMinor: exact(source, "late_fee_minor"),
    penaltyRatePpm: exact(source, "penalty_rate_ppm"),
  };
}
