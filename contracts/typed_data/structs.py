"""Every message that a person, an institution or an oracle signs. Field order is part of the signature."""

from dataclasses import dataclass

from contracts.typed_data.struct import Address, Bytes, Bytes32, Int, Struct, Uint


@dataclass(frozen=True, slots=True)
class Agreement(Struct):
    """The terms of a loan, signed by borrower and lender, checked by LoanBook; the loan id is its digest."""

    borrower: Address
    lender: Address
    currency: Address
    principal_minor: Uint
    method: Uint
    rate_ppm: Uint
    periods: Uint
    period_unit: Uint
    period_length: Uint
    interest_only_periods: Uint
    disbursement_day: Uint
    latest_origination_day: Uint
    first_due_day: Uint
    anchor_day: Uint
    time_zone_minutes: Int
    day_count: Uint
    rounding: Uint
    instalment_minor: Uint
    instalment_multiple_minor: Uint
    upfront_fee_minor: Uint
    apr_ppm: Uint
    grace_days: Uint
    late_fee_minor: Uint
    penalty_rate_ppm: Uint
    penalty_max_days: Uint
    waterfall: Uint
    cooling_off_days: Uint
    product_id: Bytes32
    score_report: Bytes32
    document_hash: Bytes32
    schedule_root: Bytes32
    salt: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Payment(Struct):
    """The borrower's order to pay a loan from own cash, checked by LoanBook."""

    loan: Bytes32
    amount_minor: Uint
    nonce: Uint
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Registration(Struct):
    """Proof that whoever registers as `subject` holds the key `signer`, checked by IdentityRegistry."""

    subject: Address
    signer: Bytes
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Login(Struct):
    """Opens a session for a subject; in IdentityRegistry's domain, checked by the API only."""

    subject: Address
    challenge: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Redemption(Struct):
    """The subject's order to burn cash against a bank payout, checked by CashToken."""

    subject: Address
    amount_minor: Uint
    entry: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class ScoreReport(Struct):
    """What the oracle's quorum signs, checked by CreditRegistry; its uid is its digest, limit 0 declines."""

    subject: Address
    score: Uint
    limit_minor: Uint
    issued_at: Uint
    expires_at: Uint
    sequence: Uint
    block_number: Uint
    block_hash: Bytes32
    signer_set: Bytes32
    model_hash: Bytes32
    policy_hash: Bytes32
    features_commitment: Bytes32
    reasons_commitment: Bytes32
    consent_id: Bytes32


@dataclass(frozen=True, slots=True)
class ScoreRequest(Struct):
    """A subject's application for a score; in CreditRegistry's domain, checked by the oracle only."""

    subject: Address
    amount_minor: Uint
    periods: Uint
    product_id: Bytes32
    features_commitment: Bytes32
    consent_id: Bytes32
    deadline: Uint
