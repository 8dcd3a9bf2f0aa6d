"""CreditRegistry: score reports and the limits in use."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.credit import History, Policy, Reason
from contracts.typed_data import Attestation, Dispute, Retraction, ScoreReport

UID_BYTES = 11
"""How much of a report's uid the contract keeps: enough to tell reports apart, and room for the rest of its slot."""


def kept_uid(uid: bytes) -> bytes:
    """A report's uid as `current` shows it: its first 88 bits, zeros behind them."""
    return uid[:UID_BYTES].ljust(len(uid), b"\0")


@dataclass(frozen=True)
class CurrentReport:
    """A subject's latest score report, whether it still counts or not; uid all zero when there is none.

    Of the uid the contract keeps 88 bits (`kept_uid`); the whole uid stands in the event.
    """

    uid: bytes
    score: int
    limit_minor: int
    issued_at: int
    expires_at: int
    sequence: int
    revoked: bool


@dataclass(frozen=True)
class LimitView:
    """How a subject's limit comes about; `next_scale` and `next_reasons` are what a step would do, cooldown aside.

    Scales are percent, `stepped_at` UTC seconds.
    """

    report_minor: int
    scale: int
    limit_minor: int
    signer_set: int
    stepped_at: int
    next_scale: int
    next_reasons: Reason


@dataclass(frozen=True)
class Furnished:
    """What stands of an attestation beside its event; all zero when it is unknown."""

    subject: str
    expires_at: int
    revoked: bool
    disputed: bool
    furnisher: str


class CreditRegistry(ContractClient):
    """The CreditRegistry of a deployment."""

    contract = "CreditRegistry"

    def current(self, subject: str, block: BlockId = "latest") -> CurrentReport:
        """The subject's latest report: test the times and `revoked`, or use `require_current`."""
        return CurrentReport(**self.read("current", subject, block=block))

    def require_current(self, subject: str, uid: bytes, block: BlockId = "latest") -> int:
        """The limit, minor units, that applies under a report that counts now.

        Raises ContractError ReportSuperseded, RevokedReport, RevokedSignerSet or ReportExpired.
        """
        return int(self.read_one("requireCurrent", subject, uid, block=block))

    def signer_set(self, block: BlockId = "latest") -> bytes:
        """keccak256(abi.encode(signers ascending, quorum))."""
        return bytes(self.read_one("signerSet", block=block))

    def signers(self, block: BlockId = "latest") -> tuple[list[str], int]:
        """The signers, ascending, and how many must sign."""
        signers, quorum = self.read("signers", block=block).values()
        return signers, quorum

    def is_signer(self, signer: str, block: BlockId = "latest") -> bool:
        """Whether an address is a signer."""
        return bool(self.read_one("isSigner", signer, block=block))

    def policy(self, block: BlockId = "latest") -> Policy:
        """What holds for all subjects: numbers of signer sets, market factor."""
        return Policy(*self.read("policy", block=block).values())

    def limit_of(self, subject: str, block: BlockId = "latest") -> LimitView:
        """How a subject's limit comes about, whether its report counts or not."""
        parts = self.read_one("limitOf", subject, block=block)
        return LimitView(**parts | {"next_reasons": Reason(parts["next_reasons"])})

    def history_of(self, subject: str, block: BlockId = "latest") -> History:
        """What the ledger saw of a subject's loans."""
        return History(**self.read_one("historyOf", subject, block=block))

    def attestation_of(self, uid: bytes, block: BlockId = "latest") -> Furnished:
        """What stands of an attestation, whether it counts or not."""
        return Furnished(**self.read_one("attestationOf", uid, block=block))

    def require_attestation(self, uid: bytes, block: BlockId = "latest") -> bool:
        """Whether the subject disputes an attestation that counts.

        Raises ContractError UnknownAttestation, RevokedAttestation, ExpiredAttestation or NotFurnisher.
        """
        return bool(self.read_one("requireAttestation", uid, block=block))

    def is_furnisher(self, furnisher: str, block: BlockId = "latest") -> bool:
        """Whether an institution may say something about subjects."""
        return bool(self.read_one("isFurnisher", furnisher, block=block))

    def is_loan_book(self, loan_book: str, block: BlockId = "latest") -> bool:
        """Whether a contract may reserve limits."""
        return bool(self.read_one("isLoanBook", loan_book, block=block))

    def loan_books(self, block: BlockId = "latest") -> list[str]:
        """The LoanBooks that are listed, in no particular order."""
        return list(self.read_one("loanBooks", block=block))

    def publish_call(self, report: ScoreReport, signatures: Sequence[bytes] | bytes) -> Call:
        """Make a report the subject's current one; signatures by ascending signer address."""
        joined = signatures if isinstance(signatures, bytes) else b"".join(signatures)
        return self.call("publish", report, joined)

    def revoke_call(self, subject: str, uid: bytes, reason: bytes) -> Call:
        """Revoke the subject's current report (role REVOKER)."""
        return self.call("revoke", subject, uid, reason)

    def set_signers_call(self, signers: Sequence[str], quorum: int) -> Call:
        """Replace the signer set (role SIGNER_ADMIN)."""
        return self.call("setSigners", sorted(signers, key=str.lower), quorum)

    def revoke_signer_sets_before_call(self, first_signer_set: int, reason: bytes) -> Call:
        """End the worth of all reports of earlier sets of signers (role REVOKER)."""
        return self.call("revokeSignerSetsBefore", first_signer_set, reason)

    def set_market_factor_call(self, factor_ppm: int) -> Call:
        """Scale all limits for the market (role MARKET)."""
        return self.call("setMarketFactor", factor_ppm)

    def step_call(self, subject: str) -> Call:
        """Reckon a subject's scale anew; anyone may, 30 days or more after the last time."""
        return self.call("step", subject)

    def set_furnisher_call(self, furnisher: str, listed: bool) -> Call:
        """List or unlist an institution that may say something about subjects (role FURNISHER_ADMIN)."""
        return self.call("setFurnisher", furnisher, listed)

    def furnish_call(self, attestation: Attestation, signature: bytes) -> Call:
        """Record what another lender signed about a subject."""
        return self.call("furnish", attestation, signature)

    def revoke_attestation_call(self, uid: bytes, reason: bytes) -> Call:
        """Take an attestation back, from its furnisher's own account."""
        return self.call("revokeAttestation", uid, reason)

    def revoke_attestation_by_signature_call(self, retraction: Retraction, signature: bytes) -> Call:
        """Take an attestation back by its furnisher's signature."""
        return self.call("revokeAttestationBySignature", retraction, signature)

    def dispute_call(self, objection: Dispute, signer: bytes, signature: bytes) -> Call:
        """Bring a subject's objection to an attestation."""
        return self.call("dispute", objection, signer, signature)

    def resolve_dispute_call(self, uid: bytes, upheld: bool) -> Call:
        """Decide an objection (role FURNISHER_ADMIN)."""
        return self.call("resolveDispute", uid, upheld)
