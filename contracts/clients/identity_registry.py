"""IdentityRegistry: who the parties are and which signatures speak for them."""

from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import Registration, SignerChange, Veto


@dataclass(frozen=True)
class Standing:
    """Everything the registry knows of a party; `kyc_expiry_day` is the last UTC day on which KYC holds."""

    registered: bool
    institution: bool
    frozen: bool
    kyc_level: int
    kyc_expiry_day: int


@dataclass(frozen=True)
class Signing:
    """A subject's number of signers and what waits for them: ids (32 zero bytes for none), instants in UTC seconds."""

    signers: int
    nonce: int
    change: bytes
    change_at: int
    recovery: bytes
    recovery_at: int
    contested: bool
    contested_until: int


class IdentityRegistry(ContractClient):
    """The IdentityRegistry of a deployment."""

    contract = "IdentityRegistry"

    def speaks_for(self, party: str, digest: bytes, signer: bytes, signature: bytes, block: BlockId = "latest") -> bool:
        """Whether a signature speaks for a party; `signer` is empty for an institution."""
        return bool(self.read_one("speaksFor", party, digest, signer, signature, block=block))

    def is_signer(self, subject: str, signer: bytes, block: BlockId = "latest") -> bool:
        """Whether a signer may speak for a subject."""
        return bool(self.read_one("isSigner", subject, signer, block=block))

    def standing(self, party: str, block: BlockId = "latest") -> Standing:
        """Everything known of a party."""
        return Standing(**self.read("standing", party, block=block))

    def signing(self, subject: str, block: BlockId = "latest") -> Signing:
        """How many signers a subject has, and what waits for them."""
        return Signing(**self.read_one("signing", subject, block=block))

    def is_verifier(self, verifier: str, block: BlockId = "latest") -> bool:
        """Whether keys of an ERC-7913 verifier may become signers."""
        return bool(self.read_one("isVerifier", verifier, block=block))

    def register_call(self, registration: Registration, signature: bytes, kyc_level: int, kyc_expiry_day: int) -> Call:
        """Register a subject with its first signer (role REGISTRAR)."""
        return self.call("register", registration, signature, kyc_level, kyc_expiry_day)

    def register_institution_call(self, institution: str) -> Call:
        """Register an institution (role REGISTRAR)."""
        return self.call("registerInstitution", institution)

    def set_kyc_call(self, subject: str, kyc_level: int, kyc_expiry_day: int) -> Call:
        """Change what is known of a subject (role REGISTRAR)."""
        return self.call("setKyc", subject, kyc_level, kyc_expiry_day)

    def set_frozen_call(self, party: str, frozen: bool) -> Call:
        """Freeze or release a party (role REGISTRAR)."""
        return self.call("setFrozen", party, frozen)

    def announce_signer_change_call(
        self, order: SignerChange, signer: bytes, signature: bytes, possession: bytes = b""
    ) -> Call:
        """Announce a change that a signer ordered; `possession` is the added signer's signature over the same order."""
        return self.call("announceSignerChange", order, signer, signature, possession)

    def apply_signer_change_call(self, order: SignerChange) -> Call:
        """Carry out a change that has waited."""
        return self.call("applySignerChange", order)

    def announce_recovery_call(self, registration: Registration, signature: bytes) -> Call:
        """Announce that one new signer takes the place of all (role RECOVERER)."""
        return self.call("announceRecovery", registration, signature)

    def apply_recovery_call(self, registration: Registration) -> Call:
        """Carry out a recovery that has waited."""
        return self.call("applyRecovery", registration)

    def cancel_recovery_call(self, subject: str, recovery: bytes) -> Call:
        """Stop a recovery that waits (role GUARDIAN)."""
        return self.call("cancelRecovery", subject, recovery)

    def veto_call(self, objection: Veto, signer: bytes, signature: bytes) -> Call:
        """Stop a change or a recovery that waits, as a signer of the subject ordered."""
        return self.call("veto", objection, signer, signature)

    def set_verifier_call(self, verifier: str, *, listed: bool) -> Call:
        """List or unlist an ERC-7913 verifier (role RISK, after its delay)."""
        return self.call("setVerifier", verifier, listed)
