"""Parameters of JSON-RPC: quantities, data, addresses and hashes."""

from typing import Any

from chain.rpc.errors import InvalidParams

ADDRESS_BYTES = 20
HASH_BYTES = 32
WORD_LIMIT = 2**256


def quantity(value: Any, name: str) -> int:
    """An integer from a hex quantity (or, leniently, a JSON integer)."""
    if isinstance(value, int) and not isinstance(value, bool):
        number: int | None = value
    else:
        number = _from_hex(value)
    if number is None or not 0 <= number < WORD_LIMIT:
        raise InvalidParams(f"invalid argument: {name} must be a hex quantity, got {value!r}")
    return number


def _from_hex(value: Any) -> int | None:
    try:
        return int(value, 16) if value.startswith(("0x", "0X")) else None
    except (ValueError, AttributeError):
        return None


def data(value: Any, name: str, size: int | None = None) -> bytes:
    """Bytes from a hex string, of exactly `size` where given."""
    try:
        raw = bytes.fromhex(value[2:]) if value.startswith(("0x", "0X")) else None
    except (ValueError, AttributeError):
        raw = None
    if raw is None or (size is not None and len(raw) != size):
        wanted = "hex data" if size is None else f"{size} bytes of hex data"
        raise InvalidParams(f"invalid argument: {name} must be {wanted}")
    return raw


def address(value: Any, name: str = "address") -> bytes:
    """The 20 bytes of an address."""
    return data(value, name, ADDRESS_BYTES)


def hash32(value: Any, name: str = "hash") -> bytes:
    """The 32 bytes of a hash."""
    return data(value, name, HASH_BYTES)


def as_hex(raw: bytes) -> str:
    """Bytes as they are sent."""
    return f"0x{raw.hex()}"
