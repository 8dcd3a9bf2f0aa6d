/** Where a loan stands today, from its rows and the ledger's day alone. */
import type { Loan, Row } from "./loan";

/** From so many days before its due day an instalment counts as due soon. */
export const DUE_SOON_DAYS = 7;

export type RowState = "paid" | "overdue" | "next" | "upcoming" | "void";

export type Standing =
  | { readonly kind: "pending" | "failed" | "charges" | "cancelled" | "unwound" }
  | { readonly kind: "closed"; readonly day: number | null }
  | { readonly kind: "defaulted" | "writtenOff"; readonly days: number }
  | { readonly kind: "overdue" | "onTime" | "dueSoon"; readonly days: number };

export function unpaidMinor(row: Row): bigint {
  return row.dueMinor - row.paidMinor;
}

/** The first row not fully paid whose due day has not passed. */
export function nextRow(loan: Loan): Row | undefined {
  return loan.rows.find((row) => !row.paid && row.dueDay >= loan.todayDay);
}

/** Whether something may still be owed. */
export function isRunning({ status }: Loan): boolean {
  return status === "active" || status === "defaulted" || status === "written_off";
}

export function overdueRows(loan: Loan): readonly Row[] {
  return isRunning(loan) ? loan.rows.filter((row) => !row.paid && row.dueDay < loan.todayDay) : [];
}

/** What is past its due day, without charges. */
export function overdueMinor(loan: Loan): bigint {
  return overdueRows(loan).reduce((sum, row) => sum + unpaidMinor(row), 0n);
}

export function rowState(row: Row, loan: Loan): RowState {
  if (row.paid) return "paid";
  if (row.isVoid) return "void";
  if (!isRunning(loan)) return "upcoming";
  if (row.dueDay < loan.todayDay) return "overdue";
  return row === nextRow(loan) ? "next" : "upcoming";
}

function activeStanding(loan: Loan): Standing {
  const oldest = overdueRows(loan)[0];
  if (oldest) return { kind: "overdue", days: loan.todayDay - oldest.dueDay };
  const next = nextRow(loan);
  if (!next) return { kind: "charges" };
  const days = next.dueDay - loan.todayDay;
  return { kind: days <= DUE_SOON_DAYS ? "dueSoon" : "onTime", days };
}

export function standing(loan: Loan): Standing {
  if (loan.status === "active") return activeStanding(loan);
  if (loan.status === "closed") return { kind: "closed", day: lastPaymentDay(loan) };
  if (loan.status === "defaulted") return { kind: "defaulted", days: daysOverdue(loan) };
  if (loan.status === "written_off") return { kind: "writtenOff", days: daysOverdue(loan) };
  return { kind: loan.status };
}

function daysOverdue(loan: Loan): number {
  const oldest = overdueRows(loan)[0];
  return oldest ? loan.todayDay - oldest.dueDay : 0;
}

function lastPaymentDay(loan: Loan): number | null {
  return loan.payments.reduce<number | null>(
    (last, { day }) => (last === null || day > last ? day : last),
    null,
  );
}
