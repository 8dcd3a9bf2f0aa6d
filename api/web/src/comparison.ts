/** Holds what the API tells of an agreement against the agreement itself, field by field. */
import type { Agreement } from "./agreement";
import type { Conditions } from "./conditions";
import type { Loan } from "./loan";
import { type DayCount, type Method, PeriodUnit } from "./schedule";
import type { Key } from "./words";

/** A field's value and how it is to be written. */
export type Told =
  | { readonly kind: "money" | "rate" | "count"; readonly value: bigint }
  | { readonly kind: "day" | "everyMonths" | "everyDays"; readonly value: number }
  | { readonly kind: "method"; readonly value: Method }
  | { readonly kind: "dayCount"; readonly value: DayCount }
  | { readonly kind: "code"; readonly value: string };

/** A field that is told otherwise than it was signed. */
export interface FieldDifference {
  readonly name: Key;
  readonly shown: Told;
  readonly signed: Told;
}

interface Side extends Conditions {
  readonly disbursedMinor: bigint;
  readonly chainId: number;
  readonly loanBook: string;
}

type Field = readonly [name: Key, told: (side: Side) => Told];

const money = (value: bigint): Told => ({ kind: "money", value });
const rate = (value: bigint): Told => ({ kind: "rate", value });
const count = (value: bigint | number): Told => ({ kind: "count", value: BigInt(value) });
const day = (value: number): Told => ({ kind: "day", value });
const code = (value: string): Told => ({ kind: "code", value: value.toLowerCase() });

/** In the order of the page. */
const FIELDS: readonly Field[] = [
  ["loanAmount", ({ terms }) => money(terms.principalMinor)],
  ["termPaidOutOn", ({ terms }) => day(terms.disbursementDay)],
  ["apr", ({ aprPpm }) => rate(aprPpm)],
  ["rate", ({ terms }) => rate(terms.ratePpm)],
  ["received", ({ disbursedMinor }) => money(disbursedMinor)],
  ["plusFee", ({ upfrontFeeMinor }) => money(upfrontFeeMinor)],
  ["shapeMethod", ({ terms }) => ({ kind: "method", value: terms.method })],
  ["termInstalments", ({ terms }) => count(terms.periods)],
  [
    "shapeRhythm",
    ({ terms: { periodUnit, periodLength } }) => ({
      kind: periodUnit === PeriodUnit.MONTH ? "everyMonths" : "everyDays",
      value: periodLength,
    }),
  ],
  ["termInterestOnly", ({ terms }) => count(terms.interestOnlyPeriods)],
  ["shapeDayCount", ({ terms }) => ({ kind: "dayCount", value: terms.dayCount })],
  ["termFirstDueDay", ({ terms }) => day(terms.firstDueDay)],
  ["termAnchorDay", ({ terms }) => count(terms.anchorDay)],
  ["termRounding", ({ terms }) => count(terms.rounding)],
  ["termInstalment", ({ instalmentMinor }) => money(instalmentMinor)],
  ["termMultiple", ({ terms }) => money(terms.multipleMinor)],
  ["termRoot", ({ scheduleRoot }) => code(scheduleRoot)],
  ["graceDays", ({ graceDays }) => count(graceDays)],
  ["lateFeeEach", ({ lateFeeMinor }) => money(lateFeeMinor)],
  ["penaltyRate", ({ penaltyRatePpm }) => rate(penaltyRatePpm)],
  ["contract", ({ loanBook }) => code(loanBook)],
  ["chainId", ({ chainId }) => count(chainId)],
];

/** Every field of the answer that says something else than the agreement. */
export function fieldDifferences(loan: Loan): FieldDifference[] {
  const [shown, signed] = [shownSide(loan), signedSide(loan.agreement)];
  return FIELDS.map(([name, told]) => ({ name, shown: told(shown), signed: told(signed) })).filter(
    (field) => field.shown.kind !== field.signed.kind || field.shown.value !== field.signed.value,
  );
}

function shownSide(loan: Loan): Side {
  return { ...loan, chainId: loan.ledger.chainId, loanBook: loan.ledger.loanBook };
}

function signedSide(agreement: Agreement): Side {
  const { terms, upfrontFeeMinor } = agreement;
  return { ...agreement, disbursedMinor: terms.principalMinor - upfrontFeeMinor };
}
