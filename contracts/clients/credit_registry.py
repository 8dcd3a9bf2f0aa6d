"""CreditRegistry: score reports and the limits in use."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import ScoreReport

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


class CreditRegistry(ContractClient):
    """The CreditRegistry of a deployment."""

    contract = "CreditRegistry"

    def current(self, subject: str, block: BlockId = "latest") -> CurrentReport:
        """The subject's latest report: test the times and `revoked`, or use `require_current`."""
        return CurrentReport(**self.read("current", subject, block=block))

    def require_current(self, subject: str, uid: bytes, block: BlockId = "latest") -> int:
        """The limit, minor units, of a report that counts now.

        Raises ContractError ReportSuperseded, RevokedReport or ReportExpired.
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
