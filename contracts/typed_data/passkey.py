"""A passkey's bytes: the signer as IdentityRegistry holds it, and its signature as PasskeyVerifier reads it."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from eth_abi.abi import encode

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_CHALLENGE, _TYPE = b'"challenge":"', b'"type":"webauthn.get"'
_FIELDS = ("uint256", "uint256", "uint256", "uint256", "bytes", "bytes")


class NotAnAssertion(ValueError):
    """Client data that no browser makes for an assertion: it lacks a part."""

    def __init__(self, lacking: bytes) -> None:
        super().__init__(f"client data without {lacking.decode()}")
        self.lacking = lacking


def passkey_signer(verifier: str, qx: int, qy: int, relying_party: str) -> bytes:
    """A passkey as a signer, 116 bytes: verifier, point on P-256, SHA-256 of the relying party's id (its host)."""
    point = qx.to_bytes(32, "big") + qy.to_bytes(32, "big")
    return bytes.fromhex(verifier[2:]) + point + hashlib.sha256(relying_party.encode()).digest()


def passkey_signature(authenticator_data: bytes, client_data: bytes, der: bytes) -> bytes:
    """What `navigator.credentials.get` answered as PasskeyVerifier takes it; the digest was its challenge.

    The six fields are ABI-encoded without an outer offset, s folded into the lower half. Raises NotAnAssertion.
    """
    r, s = decode_dss_signature(der)
    places = (_place(client_data, _CHALLENGE), _place(client_data, _TYPE))
    return encode(_FIELDS, (r, min(s, P256_ORDER - s), *places, authenticator_data, client_data))


def _place(client_data: bytes, part: bytes) -> int:
    found = client_data.find(part)
    if found < 0:
        raise NotAnAssertion(part)
    return found
