/** A borrower's loan as `GET /v1/loans/{loan}` tells it, checked field by field on arrival. */
import { type Agreement, readAgreement } from "./agreement";
import { type Conditions, readConditions } from "./conditions";
import {
  type Json,
  UnexpectedAnswer,
  exact,
  integer,
  items,
  object,
  oneOf,
  orNull,
  text,
} from "./json";
import type { Currency } from "./money";
import type { ScheduleRow } from "./schedule";

const STATUSES = [
  "pending",
  "active",
  "closed",
  "failed",
  "cancelled",
  "defaulted",
  "written_off",
  "unwound",
] as const;
const ROW_STATUSES = ["paid", "partial", "due", "overdue", "upcoming", "void"] as const;

export type LoanStatus = (typeof STATUSES)[number];

/** A row of the schedule as the API shows it, and what was paid of it. */
export interface Row extends ScheduleRow {
  readonly dueMinor: bigint;
  /** Scheduled principal left after this row. */
  readonly balanceMinor: bigint;
  readonly paidMinor: bigint;
  readonly paid: boolean;
  /** The loan ended before this row was due: nothing of it is owed. */
  readonly isVoid: boolean;
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

/** The conditions are what the answer shows; the agreement is what they have to be. */
export interface Loan extends Conditions {
  /** The id that was asked for, from the page's address. */
  readonly id: string;
  /** The terms in force: as signed at first, or by the last amendment; the digest is that of the former. */
  readonly agreement: Agreement;
  readonly amendments: number;
  readonly carriedInterestMinor: bigint;
  readonly status: LoanStatus;
  readonly currency: Currency;
  readonly disbursedMinor: bigint;
  /** All-in annual rate: simple, every cost over the principal in use; null when none ever is. */
  readonly allInPpm: bigint | null;
  readonly todayDay: number;
  readonly outstandingPrincipalMinor: bigint;
  readonly chargesDueMinor: bigint;
  readonly rows: readonly Row[];
  readonly payments: readonly Payment[];
  readonly ledger: LedgerFacts;
}

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
    isVoid: oneOf(row, "status", ROW_STATUSES) === "void",
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

/** An amendment's terms have the members of an agreement, and are read as one. */
function readTerms(loan: Json): Agreement {
  const source = object(loan["typed_data"], "typed_data");
  const signed = readAgreement(source);
  const amendment = loan["amendment"];
  if (amendment === null || amendment === undefined) return signed;
  const message = object(object(amendment, "amendment")["message"], "amendment");
  const terms = readAgreement({ ...source, message: object(message["terms"], "terms") });
  return { ...terms, digest: signed.digest };
}

/** The loan `id` in an API answer; throws {@link UnexpectedAnswer} naming the first field that is wrong. */
export function readLoan(answer: unknown, id: string): Loan {
  const loan = object(answer, "loan");
  if (text(loan, "loan") !== id) throw new UnexpectedAnswer("loan");
  return {
    ...readConditions(loan),
    id,
    agreement: readTerms(loan),
    amendments: integer(loan, "amendments"),
    carriedInterestMinor: exact(loan, "carried_interest_minor"),
    status: oneOf(loan, "status", STATUSES),
    currency: { code: text(loan, "currency"), decimals: integer(loan, "decimals") },
    disbursedMinor: exact(loan, "disbursed_minor"),
    allInPpm: orNull(exact)(loan, "all_in_ppm"),
    todayDay: integer(loan, "today_day"),
    outstandingPrincipalMinor: exact(loan, "outstanding_principal_minor"),
    chargesDueMinor: exact(loan, "charges_due_minor"),
    rows: items(loan, "rows").map(readRow),
    payments: items(loan, "payments").map(readPayment),
    ledger: readLedger(object(loan["ledger"], "ledger")),
  };
}
