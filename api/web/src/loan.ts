/** A borrower's loan as `GET /v1/loans/{loan}` tells it, checked field by field on arrival. */
import type { Currency } from "./money";
import { type Json, integer, items, money, object, oneOf, orNull, text } from "./json";

export type LoanStatus = "pending" | "active" | "closed" | "failed";

export interface Row {
  readonly nr: number;
  readonly dueDay: number;
  readonly principalMinor: bigint;
  readonly interestMinor: bigint;
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
  readonly principalMinor: bigint;
  readonly disbursedMinor: bigint;
  readonly upfrontFeeMinor: bigint;
  readonly ratePpm: number;
  readonly aprPpm: number;
  readonly disbursementDay: number;
  readonly todayDay: number;
  readonly graceDays: number;
  readonly lateFeeMinor: bigint;
  readonly penaltyRatePpm: number;
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
    principalMinor: money(row, "principal_minor"),
    interestMinor: money(row, "interest_minor"),
    dueMinor: money(row, "due_minor"),
    balanceMinor: money(row, "balance_minor"),
    paidMinor: money(row, "paid_minor"),
    paid: oneOf(row, "status", ROW_STATUSES) === "paid",
    paidDay: orNull(integer)(row, "paid_day"),
  };
}

function readPayment(payment: Json): Payment {
  return {
    id: text(payment, "id"),
    day: integer(payment, "day"),
    amountMinor: money(payment, "amount_minor"),
    lateFeeMinor: money(payment, "late_fee_minor"),
    penaltyMinor: money(payment, "penalty_minor"),
    interestMinor: money(payment, "interest_minor"),
    principalMinor: money(payment, "principal_minor"),
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
    principalMinor: money(loan, "principal_minor"),
    disbursedMinor: money(loan, "disbursed_minor"),
    upfrontFeeMinor: money(loan, "upfront_fee_minor"),
    ratePpm: integer(loan, "rate_ppm"),
    aprPpm: integer(loan, "apr_ppm"),
    disbursementDay: integer(loan, "disbursement_day"),
    todayDay: integer(loan, "today_day"),
    graceDays: integer(loan, "grace_days"),
    lateFeeMinor: money(loan, "late_fee_minor"),
    penaltyRatePpm: integer(loan, "penalty_rate_ppm"),
    outstandingPrincipalMinor: money(loan, "outstanding_principal_minor"),
    chargesDueMinor: money(loan, "charges_due_minor"),
    rows: items(loan, "rows").map(readRow),
    payments: items(loan, "payments").map(readPayment),
    ledger: readLedger(object(loan["ledger"], "ledger")),
  };
}
