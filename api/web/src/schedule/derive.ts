/** The rows of a formula: the same walk as the contract's, to the minor unit. */
import { yearDenominator } from "./day_count";
import { type Period, periodsOf } from "./periods";
import { RowTooLarge, ScheduleDegenerate, UnsupportedMethod } from "./refusals";
import { Residue, divide } from "./rounding";
import { type ScheduleRow, rowTotalMinor } from "./row";
import {
  MAX_ROW_MINOR,
  Method,
  type ScheduleTerms,
  isFlat,
  isTable,
  requireLastDueDay,
  requireTerms,
  roundingOf,
} from "./terms";

/** A row together with the balance at its start. */
export interface Step {
  readonly row: ScheduleRow;
  readonly balanceMinor: bigint;
}

/** The table of an instalment (0 where the method has none). Throws a ScheduleRefused. */
export function derive(terms: ScheduleTerms, instalmentMinor: bigint): ScheduleRow[] {
  requireTerms(terms, instalmentMinor);
  if (isTable(terms.method)) throw new UnsupportedMethod(BigInt(terms.method));
  const rows: ScheduleRow[] = [];
  for (const step of walk(terms, instalmentMinor, periodsOf(terms))) {
    requireSound(terms, instalmentMinor, step);
    rows.push(step.row);
  }
  requireLastDueDay(rows.at(-1)?.dueDay ?? 0);
  return rows;
}

/** Every row, whether it makes sense or not. */
export function* walk(
  terms: ScheduleTerms,
  instalmentMinor: bigint,
  periods: readonly Period[],
): Generator<Step, void> {
  const { mode } = roundingOf(terms);
  const denominator = yearDenominator(terms.dayCount);
  const flat = isFlat(terms.method);
  const principalOf = principalRule(terms, instalmentMinor);
  let balanceMinor = terms.principalMinor;
  for (const [row, { dueDay, share }] of periods.entries()) {
    const base = flat ? terms.principalMinor : balanceMinor;
    const interestMinor = divide(base * terms.ratePpm * share, denominator, mode);
    const last = row === terms.periods - 1;
    const principalMinor = last ? balanceMinor : principalOf(row, interestMinor);
    yield { row: { nr: row + 1, dueDay, principalMinor, interestMinor }, balanceMinor };
    balanceMinor -= principalMinor;
  }
}

type PrincipalRule = (row: number, interestMinor: bigint) => bigint;

/** The principal of a row before the last. */
function principalRule(terms: ScheduleTerms, instalmentMinor: bigint): PrincipalRule {
  const start = terms.interestOnlyPeriods;
  const later = BigInt(terms.periods - 1 - start) * instalmentMinor;
  const firstResidue = roundingOf(terms).residue === Residue.FIRST;
  return (row, interestMinor) => {
    if (row < start || terms.method === Method.INTEREST_ONLY) return 0n;
    if (terms.method !== Method.EQUAL_PRINCIPAL) return instalmentMinor - interestMinor;
    return firstResidue && row === start ? terms.principalMinor - later : instalmentMinor;
  };
}

function requireSound(terms: ScheduleTerms, instalmentMinor: bigint, step: Step): void {
  const { row, balanceMinor } = step;
  const last = row.nr === terms.periods;
  if (!(last ? isSoundLast : isSoundBefore)(terms, instalmentMinor, step))
    throw new ScheduleDegenerate(row.nr - 1, row.interestMinor, balanceMinor);
  const total = rowTotalMinor(row);
  if (total > MAX_ROW_MINOR) throw new RowTooLarge(row.nr - 1, total, MAX_ROW_MINOR);
}

function isSoundBefore(terms: ScheduleTerms, instalmentMinor: bigint, step: Step): boolean {
  const { principalMinor, interestMinor, nr } = step.row;
  if (principalMinor >= step.balanceMinor) return false;
  if (terms.method === Method.INTEREST_ONLY || nr <= terms.interestOnlyPeriods)
    return interestMinor > 0n;
  if (terms.method === Method.EQUAL_PRINCIPAL) return principalMinor >= 1n;
  return interestMinor < instalmentMinor;
}

function isSoundLast(terms: ScheduleTerms, instalmentMinor: bigint, step: Step): boolean {
  const { principalMinor, interestMinor } = step.row;
  switch (terms.method) {
    case Method.ANNUITY:
    case Method.FLAT:
      return interestMinor < instalmentMinor && rowTotalMinor(step.row) <= 2n * instalmentMinor;
    case Method.EQUAL_PRINCIPAL:
      return principalMinor <= 2n * instalmentMinor;
    default:
      return true;
  }
}
