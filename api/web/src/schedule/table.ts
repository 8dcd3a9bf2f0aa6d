/** A table agreed row by row: what is checked of it before it may be signed. */
import { interest, yearShare } from "./day_count";
import {
  RowCountMismatch,
  RowTooLarge,
  ScheduleDegenerate,
  TableBalanceLeft,
  TableDayNotLater,
  TableInterestExceeds,
  TablePrincipalExceeds,
  UnsupportedMethod,
} from "./refusals";
import { type ScheduleRow, rowTotalMinor } from "./row";
import {
  MAX_ROW_MINOR,
  type ScheduleTerms,
  isFlat,
  isTable,
  requireFirstDueDay,
  requireLastDueDay,
  requireTerms,
  roundingOf,
} from "./terms";

interface Standing {
  readonly balanceMinor: bigint;
  /** Interest that has accrued and was not asked for yet. */
  readonly accruedMinor: bigint;
  readonly previousDay: number;
}

/**
 * Refuses a table whose days do not increase, whose principal does not add up, or that asks at any row
 * for more interest than the rate has accrued. Throws a ScheduleRefused.
 */
export function verifyTable(terms: ScheduleTerms, rows: readonly ScheduleRow[]): void {
  if (!isTable(terms.method)) throw new UnsupportedMethod(BigInt(terms.method));
  requireTerms(terms, 0n);
  if (rows.length !== terms.periods) throw new RowCountMismatch(rows.length, terms.periods);
  requireFirstDueDay(terms, rows[0]?.dueDay ?? 0);
  let at: Standing = {
    balanceMinor: terms.principalMinor,
    accruedMinor: 0n,
    previousDay: terms.disbursementDay,
  };
  rows.forEach((row, index) => (at = verifyRow(terms, row, index, at)));
  const last = rows.at(-1);
  if (at.balanceMinor !== 0n || last?.principalMinor === 0n)
    throw new TableBalanceLeft(at.balanceMinor);
}

function verifyRow(terms: ScheduleTerms, row: ScheduleRow, index: number, at: Standing): Standing {
  requireLater(row, index, at.previousDay);
  const accrued = at.accruedMinor + accruedBy(terms, row.dueDay, at);
  if (row.interestMinor > accrued)
    throw new TableInterestExceeds(index, row.interestMinor, accrued);
  if (row.principalMinor > at.balanceMinor)
    throw new TablePrincipalExceeds(index, row.principalMinor, at.balanceMinor);
  const total = rowTotalMinor(row);
  if (total < 1n) throw new ScheduleDegenerate(index, 0n, at.balanceMinor);
  if (total > MAX_ROW_MINOR) throw new RowTooLarge(index, total, MAX_ROW_MINOR);
  return {
    balanceMinor: at.balanceMinor - row.principalMinor,
    accruedMinor: accrued - row.interestMinor,
    previousDay: row.dueDay,
  };
}

/** A down payment may be due on the first day; every later row after the one before it. */
function requireLater(row: ScheduleRow, index: number, previousDay: number): void {
  const least = index === 0 ? previousDay : previousDay + 1;
  if (row.dueDay < least) throw new TableDayNotLater(index, row.dueDay, previousDay);
  requireLastDueDay(row.dueDay);
}

function accruedBy(terms: ScheduleTerms, dueDay: number, at: Standing): bigint {
  const base = isFlat(terms.method) ? terms.principalMinor : at.balanceMinor;
  const share = BigInt(yearShare(terms.dayCount, at.previousDay, dueDay));
  return interest(base, terms.ratePpm, share, terms.dayCount, roundingOf(terms).mode);
}
