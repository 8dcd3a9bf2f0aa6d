"""Every message that a person, an institution or an oracle signs. Field order is part of the signature."""

from dataclasses import dataclass
from typing import Annotated

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
class Settlement(Struct):
    """The borrower's order to settle a loan early at the payoff of the day, up to a maximum; checked by LoanBook."""

    loan: Bytes32
    max_amount_minor: Uint
    nonce: Uint
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Cancellation(Struct):
    """The borrower's withdrawal within the cooling-off days, paying back at most so much; checked by LoanBook."""

    loan: Bytes32
    max_amount_minor: Uint
    nonce: Uint
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Mandate(Struct):
    """The borrower's standing permission to collect what is due, up to a maximum each time; checked by LoanBook."""

    loan: Bytes32
    max_amount_minor: Uint
    last_day: Uint
    nonce: Uint
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Amendment(Struct):
    """New terms for what is left of a loan, signed by borrower and lender, checked by LoanBook."""

    loan: Bytes32
    sequence: Uint
    reason: Uint
    capitalised_minor: Uint
    waived_minor: Uint
    top_up_minor: Uint
    terms: Annotated[Agreement, "Agreement"]


@dataclass(frozen=True, slots=True)
class SignerChange(Struct):
    """The subject's order to add, remove or replace a signer (empty bytes: none), checked by IdentityRegistry."""

    subject: Address
    added_signer: Bytes
    removed_signer: Bytes
    nonce: Uint
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Veto(Struct):
    """The subject's objection to an announced change of its signers, checked by IdentityRegistry."""

    subject: Address
    change: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Attestation(Struct):
    """What another lender says about a subject's loans with it, checked by CreditRegistry; its uid is its digest."""

    subject: Address
    furnisher: Address
    kind: Bytes32
    loans_paid: Uint
    loans_late: Uint
    worst_bucket: Uint
    written_off_minor: Uint
    outstanding_minor: Uint
    observed_at: Uint
    expires_at: Uint
    consent_id: Bytes32
    salt: Bytes32


@dataclass(frozen=True, slots=True)
class Dispute(Struct):
    """The subject's objection to an attestation, checked by CreditRegistry."""

    subject: Address
    attestation: Bytes32
    reason: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Retraction(Struct):
    """A furnisher's withdrawal of an attestation, checked by CreditRegistry."""

    attestation: Bytes32
    reason: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Guarantee(Struct):
    """A promise to bear a loan's loss up to a maximum (kind 0 guarantor, 1 insurer), checked by GuaranteeFund."""

    guarantor: Address
    kind: Uint
    borrower: Address
    lender: Address
    agreement_salt: Bytes32
    max_minor: Uint
    premium_minor: Uint
    last_day: Uint
    salt: Bytes32
    deadline: Uint


@dataclass(frozen=True, slots=True)
class Release(Struct):
    """The lender's order to let a guarantor go, checked by GuaranteeFund."""

    guarantee: Bytes32
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


STRUCTS: tuple[type[Struct], ...] = (
    Agreement,
    Amendment,
    Attestation,
    Cancellation,
    Dispute,
    Guarantee,
    Login,
    Mandate,
    Payment,
    Redemption,
    Registration,
    Release,
    Retraction,
    ScoreReport,
    ScoreRequest,
    Settlement,
    SignerChange,
    Veto,
)
"""All of them."""
