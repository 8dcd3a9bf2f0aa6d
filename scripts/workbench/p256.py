"""P256VERIFY (EIP-7951) for py-evm, which ends at Prague: a check of one P-256 signature at address 0x100."""

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ADDRESS = (0x100).to_bytes(20, "big")
GAS = 6_900
INPUT_BYTES = 160
"""Hash, r, s, x and y, a word each."""
VALID = (1).to_bytes(32, "big")


def p256verify(computation: Any) -> Any:
    """The precompile: one word 1 for a valid signature, nothing for anything else; it never reverts."""
    computation.consume_gas(GAS, reason="P256VERIFY")
    computation.output = VALID if is_valid(computation.msg.data_as_bytes) else b""
    return computation


def is_valid(data: bytes) -> bool:
    """Whether 160 bytes are a message hash, a signature (low or high s) and the public key that made it."""
    if len(data) != INPUT_BYTES:
        return False
    r, s, x, y = (int.from_bytes(data[start : start + 32], "big") for start in range(32, INPUT_BYTES, 32))
    try:
        key = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
        key.verify(encode_dss_signature(r, s), data[:32], ECDSA(Prehashed(SHA256())))
    except (ValueError, InvalidSignature):  # a point off the curve; a signature of something else
        return False
    return True
