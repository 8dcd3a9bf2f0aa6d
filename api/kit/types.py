"""Shapes shared by every noun's schemas: hex strings, amounts, periods, deadlines."""

from typing import Annotated, Any

from eth_utils.address import is_address, to_checksum_address
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.kit.limits import MAX_AMOUNT_MINOR, MAX_PERIODS, MAX_SIGNATURE_BYTES, MAX_SIGNER_BYTES, MAX_UINT
from api.kit.problems import NotFound


class Schema(BaseModel):
    """A body or an answer: unknown fields are refused, numbers are never read from strings."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _checksummed(value: str) -> str:
    if not is_address(value):
        raise ValueError("not an address: 0x and 40 hex digits, with a right checksum if mixed case")
    return to_checksum_address(value)


def _hex(most_bytes: int) -> StringConstraints:
    return StringConstraints(pattern=r"^0x([0-9a-fA-F]{2})*$", max_length=2 + 2 * most_bytes)


Address = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{40}$", max_length=42), AfterValidator(_checksummed)]
Hex32 = Annotated[str, StringConstraints(pattern=r"^0x[0-9a-fA-F]{64}$", max_length=66, to_lower=True)]
SignerBytes = Annotated[str, _hex(MAX_SIGNER_BYTES), AfterValidator(str.lower)]
SignatureBytes = Annotated[str, _hex(MAX_SIGNATURE_BYTES), AfterValidator(str.lower)]
AmountMinor = Annotated[int, Field(gt=0, le=MAX_AMOUNT_MINOR, description="minor units (fen)")]
Periods = Annotated[int, Field(gt=0, le=MAX_PERIODS, description="number of instalments")]
Deadline = Annotated[int, Field(ge=0, le=MAX_UINT, description="UTC seconds, ledger time")]
Nonce = Annotated[int, Field(ge=0, le=2**24 + 31)]
JsonObject = dict[str, Any]

EXAMPLE_SUBJECT = "0x7F00000000000000000000000000000000000001"
EXAMPLE_SIGNER = "0x51aa000000000000000000000000000000000051"
EXAMPLE_SIGNATURE = "0x" + "5a" * 64 + "1b"
EXAMPLE_HASH = "0x" + "c0de" * 16


def bytes_of(value: str) -> bytes:
    """The bytes of a 0x string."""
    return bytes.fromhex(value[2:])


def hex_of(value: bytes) -> str:
    """The 0x string of bytes."""
    return "0x" + value.hex()


def same_address(value: str) -> str:
    """A path's address in checksum spelling; NotFound where it is none."""
    if not is_address(value):
        raise NotFound
    return to_checksum_address(value)
