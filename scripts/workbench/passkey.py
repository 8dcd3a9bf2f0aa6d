"""A passkey in software: what a phone's authenticator and browser answer, with a P-256 key of its own."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from contracts.typed_data import passkey_signature, passkey_signer

RELYING_PARTY = "tally.example"
USER_PRESENT, USER_VERIFIED = 0x01, 0x04
_COUNTER = bytes(4)


@dataclass(frozen=True)
class Assertion:
    """What `navigator.credentials.get` answers; `der` is the signature over both other parts."""

    authenticator_data: bytes
    client_data: bytes
    der: bytes

    def packed(self) -> bytes:
        """The bytes for PasskeyVerifier."""
        return passkey_signature(self.authenticator_data, self.client_data, self.der)


@dataclass(frozen=True)
class SoftPasskey:
    """A passkey for a relying party, checked by a deployed PasskeyVerifier."""

    verifier: str
    relying_party: str = RELYING_PARTY
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def signer(self) -> bytes:
        """The passkey as the registry knows it."""
        point = self.key.public_key().public_numbers()
        return passkey_signer(self.verifier, point.x, point.y, self.relying_party)

    def sign(self, digest: bytes) -> bytes:
        """The signature of a person present and verified over a digest, as PasskeyVerifier takes it."""
        return self.assertion(digest).packed()

    def assertion(
        self,
        digest: bytes,
        flags: int = USER_PRESENT | USER_VERIFIED,
        **members: Any,
    ) -> Assertion:
        """An assertion with any flags; `members` are added to the client data or replace its own."""
        party = hashlib.sha256(self.relying_party.encode()).digest()
        client_data = {
            "type": "webauthn.get",
            "challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "origin": f"https://{self.relying_party}",
            "crossOrigin": False,
        }
        text = json.dumps(client_data | members, separators=(",", ":"), ensure_ascii=False).encode()
        return self.signed(party + bytes([flags]) + _COUNTER, text)

    def signed(self, authenticator_data: bytes, client_data: bytes) -> Assertion:
        """Both parts, whatever they are, with a signature over them."""
        message = authenticator_data + hashlib.sha256(client_data).digest()
        return Assertion(authenticator_data, client_data, self.key.sign(message, ec.ECDSA(hashes.SHA256())))
