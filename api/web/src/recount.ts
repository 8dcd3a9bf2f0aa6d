/**
 * The phone's own check of a loan. The agreement in the answer is the signed one if its digest is the loan's
 * id. From its terms alone the phone derives the schedule, hashes the rows, finds the instalment and both
 * prices again, and holds what the API shows against them.
 */
import type { Agreement } from "./agreement";
import { type FieldDifference, fieldDifferences } from "./comparison";
import type { Loan, Row } from "./loan";
import {
  RateUndefined,
  type ScheduleRow,
  ScheduleRefused,
  allInRatePpm,
  derive,
  isTable,
  levelInstalment,
  rowTotalMinor,
  scheduleAprPpm,
  scheduleRoot,
  toHex,
  verifyTable,
} from "./schedule";

export type Recount =
  | { readonly kind: "matches" }
  /** The answer's agreement is not the one that this loan's id stands for. */
  | { readonly kind: "agreement"; readonly digest: string }
  /** The answer tells the agreement's fields otherwise than they were signed. */
  | { readonly kind: "fields"; readonly differences: readonly FieldDifference[] }
  /** No schedule follows from the terms; `nr` is the row at fault, if it is one. */
  | { readonly kind: "refused"; readonly error: string; readonly nr: number | null }
  /** The first row that differs; null where one side has no such row. */
  | {
      readonly kind: "row";
      readonly nr: number;
      readonly shown: ScheduleRow | null;
      readonly signed: ScheduleRow | null;
    }
  /** The rows follow from the terms, but what was signed is something else. */
  | { readonly kind: "root"; readonly derived: string }
  | { readonly kind: "instalment"; readonly derivedMinor: bigint }
  | { readonly kind: "apr" | "allIn"; readonly derivedPpm: bigint | null };

/** What the phone finds; the first thing that is wrong. */
export function recount(loan: Loan): Recount {
  const { agreement } = loan;
  if (agreement.digest !== loan.id) return { kind: "agreement", digest: agreement.digest };
  const differences = fieldDifferences(loan);
  if (differences.length > 0) return { kind: "fields", differences };
  return recountSchedule(loan);
}

function recountSchedule(loan: Loan): Recount {
  const { agreement } = loan;
  try {
    const rows = agreedRows(agreement, loan.rows);
    return (
      differingRow(loan, rows) ??
      differingRoot(agreement, rows) ??
      differingInstalment(agreement) ??
      differingPrice(loan, rows) ?? { kind: "matches" }
    );
  } catch (error) {
    if (error instanceof ScheduleRefused) return refusalOf(error);
    throw error;
  }
}

/** A formula's rows anew; a table's rows are what they are, once they are verified. */
function agreedRows(
  { terms, instalmentMinor }: Agreement,
  shown: readonly Row[],
): readonly ScheduleRow[] {
  if (!isTable(terms.method)) return derive(terms, instalmentMinor);
  verifyTable(terms, shown);
  return shown;
}

function refusalOf(refused: ScheduleRefused): Recount {
  const { row } = refused.values;
  return { kind: "refused", error: refused.name, nr: typeof row === "number" ? row + 1 : null };
}

function differingRow(loan: Loan, rows: readonly ScheduleRow[]): Recount | null {
  let balance = loan.agreement.terms.principalMinor;
  for (let at = 0; at < Math.max(rows.length, loan.rows.length); at += 1) {
    const [shown = null, signed = null] = [loan.rows[at], rows[at]];
    balance -= signed?.principalMinor ?? 0n;
    if (!shown || !signed || !isSame(shown, signed, balance))
      return { kind: "row", nr: at + 1, shown, signed };
  }
  return null;
}

function isSame(shown: Row, signed: ScheduleRow, balanceMinor: bigint): boolean {
  return (
    shown.nr === signed.nr &&
    shown.dueDay === signed.dueDay &&
    shown.principalMinor === signed.principalMinor &&
    shown.interestMinor === signed.interestMinor &&
    shown.dueMinor === rowTotalMinor(signed) &&
    shown.balanceMinor === balanceMinor
  );
}

function differingRoot(signed: Agreement, rows: readonly ScheduleRow[]): Recount | null {
  const derived = toHex(scheduleRoot(signed.terms.method, rows));
  return derived === signed.scheduleRoot ? null : { kind: "root", derived };
}

/** The contract takes any instalment that carries the schedule; that it is the level one is checked here. */
function differingInstalment({ terms, instalmentMinor }: Agreement): Recount | null {
  const derivedMinor = levelInstalment(terms);
  return derivedMinor === instalmentMinor ? null : { kind: "instalment", derivedMinor };
}

function differingPrice(loan: Loan, rows: readonly ScheduleRow[]): Recount | null {
  const { terms, upfrontFeeMinor, aprPpm } = loan.agreement;
  const apr = rateOrNull(() => scheduleAprPpm(terms, rows, upfrontFeeMinor));
  if (apr !== aprPpm) return { kind: "apr", derivedPpm: apr };
  const allIn = rateOrNull(() => allInRatePpm(terms, rows, upfrontFeeMinor));
  return allIn === loan.allInPpm ? null : { kind: "allIn", derivedPpm: allIn };
}

function rateOrNull(rate: () => bigint): bigint | null {
  try {
    return rate();
  } catch (error) {
    if (error instanceof RateUndefined) return null;
    throw error;
  }
}
