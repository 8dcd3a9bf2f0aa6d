"""The packet an applicant sends: the signed request and the opened features."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from contracts.typed_data import InvalidMessage, ScoreRequest
from oracle.attest.errors import MalformedPacket
from oracle.canonical import SALT_BYTES, canonical_json

FIELDS = frozenset({"request", "signer", "signature", "features", "salt"})
MAX_FEATURES = 64
MAX_SIGNATURE_BYTES = 4096
"""Passkey signatures carry client data; nothing a signer makes is longer."""


@dataclass(frozen=True)
class Packet:
    """Request, signer bytes, signature, features by name, 32-byte salt."""

    request: ScoreRequest
    signer: bytes
    signature: bytes
    features: Mapping[str, Any]
    salt: bytes

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the JSON form. Raises MalformedPacket, NotCanonical."""
        if not isinstance(value, Mapping) or set(value) != FIELDS:
            raise MalformedPacket("packet", f"expected exactly {', '.join(sorted(FIELDS))}")
        features = value["features"]
        if not isinstance(features, Mapping) or len(features) > MAX_FEATURES:
            raise MalformedPacket("features", f"expected an object of at most {MAX_FEATURES} features")
        canonical_json(dict(features))
        salt = _bytes("salt", value["salt"])
        if len(salt) != SALT_BYTES:
            raise MalformedPacket("salt", f"{len(salt)} bytes, expected {SALT_BYTES}")
        signer, signature = (_bytes(name, value[name]) for name in ("signer", "signature"))
        return cls(_request(value["request"]), signer, signature, dict(features), salt)

    def to_json(self) -> dict[str, Any]:
        """The JSON form; bytes as 0x hex."""
        return {
            "request": self.request.message(),
            "signer": "0x" + self.signer.hex(),
            "signature": "0x" + self.signature.hex(),
            "features": dict(self.features),
            "salt": "0x" + self.salt.hex(),
        }


def _request(value: object) -> ScoreRequest:
    if not isinstance(value, Mapping):
        raise MalformedPacket("request", "expected an object")
    try:
        return ScoreRequest.from_message(value)
    except InvalidMessage as error:
        raise MalformedPacket("request", str(error)) from error


def _bytes(name: str, value: object) -> bytes:
    if not isinstance(value, str) or not value.startswith("0x") or len(value) > 2 * MAX_SIGNATURE_BYTES:
        raise MalformedPacket(name, f"expected 0x and at most {MAX_SIGNATURE_BYTES} bytes in hex")
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise MalformedPacket(name, "not hex") from None
