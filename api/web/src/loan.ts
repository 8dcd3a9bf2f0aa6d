/** A borrower's loan as `GET /v1/loans/{loan}` tells it, checked field by field on arrival. */
import type { Currency } from "./money";
import { type Json, exact, integer, items, object, oneOf, orNull, text } from "./json";
import type { ScheduleRow, ScheduleTerms } from "./schedule";
import { readTerms } from "./terms";

export type LoanStatus = "pending" | "active" | "closed" | "failed";

/** A row of the schedule as the API shows it, and what was paid of it. */
export interface Row extends ScheduleRow {
  readonly dueMinor: bigint;
  /** Scheduled principal left after this row. */
  readonly balanceMinor: bigint;
  readonly paidMinor: bigint;
  readonly paid: boolean;
  readonly paidDay: number | null;
}

export interface Payment {
  readonly id: string;
  readonly day: number;
  readonly amountMinor: bigint;
  readonly lateFeeMinor: bigint;
  readonly penaltyMinor: bigint;
  readonly interestMinor: bigint;
  readonly principalMinor: bigint;
  /** Null while the ledger has not recorded the payment. */
  readonly txHash: string | null;
  readonly blockNumber: number | null;
}

export interface LedgerFacts {
  readonly chainId: number;
  readonly loanBook: string;
  readonly blockNumber: number | null;
  readonly originationTx: string | null;
}

export interface Loan {
  readonly id: string;
  readonly status: LoanStatus;
  readonly currency: Currency;
  /** What both sides signed of the schedule: terms, instalment (0 where there is none) and root. */
  readonly terms: ScheduleTerms;
  readonly instalmentMinor: bigint;
  readonly scheduleRoot: string;
  readonly disbursedMinor: bigint;
  readonly upfrontFeeMinor: bigint;
  /** Annual percentage rate: compound, every cost included. */
  readonly aprPpm: bigint;
  /** All-in annual rate: simple, every cost over the principal in use; null when none ever is. */
  readonly allInPpm: bigint | null;
  readonly todayDay: number;
  readonly graceDays: number;
  readonly lateFeeMinor: bigint;
  readonly penaltyRatePpm: bigint;
  readonly outstandingPrincipalMinor: bigint;
  readonly chargesDueMinor: bigint;
  readonly rows: readonly Row[];
  readonly payments: readonly Payment[];
  readonly ledger: LedgerFacts;
}

const STATUSES = ["pending", "active", "closed", "failed"] as const;
const ROW_STATUSES = ["paid", "partial", "due", "overdue", "upcoming"] as const;

function readRow(row: Json): Row {
  return {
    nr: integer(row, "nr"),
    dueDay: integer(row, "due_day"),
    principalMinor: exact(row, "principal_minor"),
    interestMinor: exact(row, "interest_minor"),
    dueMinor: exact(row, "due_minor"),
    balanceMinor: exact(row, "balance_minor"),
    paidMinor: exact(row, "paid_minor"),
    paid: oneOf(row, "status", ROW_STATUSES) === "paid",
    paidDay: orNull(integer)(row, "paid_day"),
  };
}

function readPayment(payment: Json): Payment {
  return {
    id: text(payment, "id"),
    day: integer(payment, "day"),
    amountMinor: exact(payment, "amount_minor"),
    lateFeeMinor: exact(payment, "late_fee_minor"),
    penaltyMinor: exact(payment, "penalty_minor"),
    interestMinor: exact(payment, "interest_minor"),
    principalMinor: exact(payment, "principal_minor"),
    txHash: orNull(text)(payment, "tx_hash"),
    blockNumber: orNull(integer)(payment, "block_number"),
  };
}

function readLedger(ledger: Json): LedgerFacts {
  return {
    chainId: integer(ledger, "chain_id"),
    loanBook: text(ledger, "loan_book"),
    blockNumber: orNull(integer)(ledger, "block_number"),
    originationTx: orNull(text)(ledger, "origination_tx"),
  };
}

/** The loan in an API answer; throws {@link UnexpectedAnswer} naming the first field that is wrong. */
export function readLoan(answer: unknown): Loan {
  const loan = object(answer, "loan");
  return {
    id: text(loan, "loan"),
    status: oneOf(loan, "status", STATUSES),
    currency: { code: text(loan, "currency"), decimals: integer(loan, "decimals") },
    terms: readTerms(loan),
    instalmentMinor: exact(loan, "instalment_minor"),
    scheduleRoot: text(loan, "schedule_root"),
    disbursedMinor: exact(loan, "disbursed_minor"),
    upfrontFeeMinor: exact(loan, "upfront_fee_minor"),
    aprPpm: exact(loan, "apr_ppm"),
    allInPpm: orNull(exact)(loan, "all_in_ppm"),
    todayDay: integer(loan, "today_day"),
    graceDays: integer(loan, "grace_days"),
    lateFeeMinor: exact(loan, "late_fee_minor"),
    penaltyRatePpm: exact(loan, "penalty_rate_ppm"),
    outstandingPrincipalMinor: exact(loan, "outstanding_principal_minor"),
    chargesDueMinor: exact(loan, "charges_due_minor"),
    rows: items(loan, "rows").map(readRow),
    payments: items(loan, "payments").map(readPayment),
    ledger: readLedger(object(loan["ledger"], "ledger")),
  };
}
