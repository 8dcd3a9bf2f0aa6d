"""Domain, digest, signature and recovery of typed data (EIP-712)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_typing import Hash32
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from contracts.typed_data.struct import Struct

DOMAIN_NAME = "Tallystick"
DOMAIN_VERSION = "1"
SIGNATURE_BYTES = 65
_DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
)


class InvalidSignature(ValueError):
    """The bytes are not a recoverable 65-byte r || s || v signature with a low s."""

    def __init__(self, signature: bytes, reason: str) -> None:
        super().__init__(f"signature 0x{signature.hex()}: {reason}")
        self.signature, self.reason = signature, reason


@dataclass(frozen=True, slots=True)
class Domain:
    """Where a signature counts: one chain, one contract (for the chain's whole life)."""

    chain_id: int
    verifying_contract: str

    def message(self) -> dict[str, int | str]:
        """The domain's JSON form."""
        return {
            "name": DOMAIN_NAME,
            "version": DOMAIN_VERSION,
            "chainId": self.chain_id,
            "verifyingContract": self.verifying_contract,
        }

    def separator(self) -> bytes:
        """EIP-712 `domainSeparator`."""
        return _separator(self)


@cache
def _separator(domain: Domain) -> bytes:
    kind = f"EIP712Domain({','.join(f'{kind} {name}' for name, kind in _DOMAIN_FIELDS)})"
    contract = bytes.fromhex(domain.verifying_contract[2:]).rjust(32, b"\0")
    words = [keccak(text=kind), keccak(text=DOMAIN_NAME), keccak(text=DOMAIN_VERSION)]
    return keccak(b"".join([*words, domain.chain_id.to_bytes(32, "big"), contract]))


def typed_data(struct: Struct, domain: Domain) -> dict[str, Any]:
    """The whole EIP-712 JSON (types, primaryType, domain, message) as `eth_signTypedData_v4` takes it."""
    return {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for name, kind in _DOMAIN_FIELDS],
            **{kind.__name__: _members(kind) for kind in (type(struct), *struct.inner())},
        },
        "primaryType": type(struct).__name__,
        "domain": domain.message(),
        "message": struct.message(),
    }


def _members(kind: type[Struct]) -> list[dict[str, str]]:
    return [{"name": field.key, "type": field.type} for field in kind.fields()]


def digest(struct: Struct, domain: Domain) -> bytes:
    """The 32 bytes that are signed: keccak256(0x1901 || domain separator || struct hash)."""
    return keccak(b"\x19\x01" + domain.separator() + struct.struct_hash())


def sign(account: LocalAccount, struct: Struct, domain: Domain) -> bytes:
    """Sign with a wallet key: 65 bytes r || s || v, v 27 or 28."""
    return sign_digest(account, digest(struct, domain))


def sign_digest(account: LocalAccount, message_digest: bytes) -> bytes:
    """Sign 32 bytes with a wallet key: 65 bytes r || s || v, v 27 or 28."""
    return bytes(account.unsafe_sign_hash(Hash32(message_digest)).signature)


def recover(struct: Struct, domain: Domain, signature: bytes) -> str:
    """The checksummed address whose key signed; raises InvalidSignature."""
    return recover_digest(digest(struct, domain), signature)


def recover_digest(message_digest: bytes, signature: bytes) -> str:
    """The checksummed address whose key signed these 32 bytes; raises InvalidSignature.

    As strict as OpenZeppelin's ECDSA: 65 bytes, v 27 or 28, s in the lower half of the curve order.
    """
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidSignature(signature, f"{len(signature)} bytes, expected {SIGNATURE_BYTES}")
    if signature[64] not in (27, 28):
        raise InvalidSignature(signature, f"v is {signature[64]}, expected 27 or 28")
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        raise InvalidSignature(signature, "s is in the upper half")
    try:
        parsed = Signature(signature[:64] + bytes([signature[64] - 27]))
        return str(parsed.recover_public_key_from_msg_hash(message_digest).to_checksum_address())
    except (BadSignature, ValidationError) as error:
        raise InvalidSignature(signature, str(error)) from error


_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
