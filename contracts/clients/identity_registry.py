"""IdentityRegistry: who the parties are and which signatures speak for them."""

from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.typed_data import Registration


@dataclass(frozen=True)
class Standing:
    """Everything the registry knows of a party; `kyc_expiry_day` is the last UTC day on which KYC holds."""

    registered: bool
    institution: bool
    frozen: bool
    kyc_level: int
    kyc_expiry_day: int


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
