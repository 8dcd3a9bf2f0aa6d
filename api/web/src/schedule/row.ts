/** One row of a schedule, and the word it is signed as. */

export interface ScheduleRow {
  /** Counts from 1. */
  readonly nr: number;
  readonly dueDay: number;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
}

const DAY_SHIFT = 224n;
const PRINCIPAL_SHIFT = 112n;

/** The row in one 32-byte word: due day << 224 | principal << 112 | interest. */
export function rowWord(row: ScheduleRow): bigint {
  return (
    (BigInt(row.dueDay) << DAY_SHIFT) | (row.principalMinor << PRINCIPAL_SHIFT) | row.interestMinor
  );
}

/** What is to be paid: principal and interest. */
export function rowTotalMinor(row: ScheduleRow): bigint {
  return row.principalMinor + row.interestMinor;
}
