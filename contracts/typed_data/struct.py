"""What every EIP-712 struct of Tallystick has in common: field order, JSON form, hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, Self, cast, get_args, get_type_hints

from eth_utils.address import is_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts.typed_data.errors import (
    FieldOutOfRange,
    MalformedField,
    MissingField,
    NotAnObject,
    UnknownField,
)

Address = Annotated[str, "address"]
Bytes = Annotated[bytes, "bytes"]
Bytes32 = Annotated[bytes, "bytes32"]
Int = Annotated[int, "int256"]
Uint = Annotated[int, "uint256"]

MAX_UINT256 = 2**256 - 1
MIN_INT256, MAX_INT256 = -(2**255), 2**255 - 1
MAX_JSON_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly; larger ones are written as decimal strings."""
MAX_DECIMAL_DIGITS = 78
"""Digits of 2**256: longer strings are refused before they are parsed."""

_RANGES = {"uint256": (0, MAX_UINT256), "int256": (MIN_INT256, MAX_INT256)}
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)")
_HEX = re.compile(r"0x([0-9a-fA-F]{2})*")


class StructField(NamedTuple):
    """One member: its Python name, its name in Solidity and JSON, its Solidity type, its class if it is a struct."""

    name: str
    key: str
    type: str
    struct: "StructClass | None" = None


@dataclass(frozen=True, slots=True)
class Struct:
    """An EIP-712 struct. Numbers are ints, addresses checksummed strings, bytes are bytes."""

    @classmethod
    def fields(cls) -> tuple[StructField, ...]:
        """The members in the order in which they are hashed."""
        return _fields(cast("Any", cls))

    @classmethod
    def type_string(cls) -> str:
        """EIP-712 `encodeType`, for example "Login(address subject,bytes32 challenge,uint256 deadline)".

        The structs inside come behind it, in the order of their names.
        """
        return "".join(each.own_type_string() for each in (cls, *cls.inner()))

    @classmethod
    def own_type_string(cls) -> str:
        """`encodeType` of the struct alone."""
        return f"{cls.__name__}({','.join(f'{field.type} {field.key}' for field in cls.fields())})"

    @classmethod
    def inner(cls) -> "tuple[StructClass, ...]":
        """The structs that are members, by name; they hold none themselves."""
        return _inner(cast("Any", cls))

    def values(self) -> tuple[Any, ...]:
        """The members in order, as ABI encoders want a tuple; a struct inside is a tuple again."""
        members = (getattr(self, field.name) for field in self.fields())
        return tuple(member.values() if isinstance(member, Struct) else member for member in members)

    def message(self) -> dict[str, Any]:
        """The JSON form: camelCase names, bytes as 0x hex, numbers as ints (beyond 2^53-1: decimal strings)."""
        return {field.key: _to_json(getattr(self, field.name)) for field in self.fields()}

    @classmethod
    def from_message(cls, message: Mapping[str, object]) -> Self:
        """Read the JSON form; ints may come as decimal strings.

        Raises NotAnObject, MissingField, UnknownField, MalformedField or FieldOutOfRange.
        """
        if not isinstance(message, Mapping):
            raise NotAnObject(cls.__name__, message)
        known = {field.key for field in cls.fields()}
        for key in message:
            if key not in known:
                raise UnknownField(cls.__name__, str(key))
        return cls(**{field.name: _read(cls.__name__, field, message) for field in cls.fields()})

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Self:
        """Read what an ABI decoder gave, keyed by the Solidity names."""
        return cls(**{field.name: _normal(field, values[field.key]) for field in cls.fields()})

    def struct_hash(self) -> bytes:
        """EIP-712 `hashStruct`."""
        words = (_word(field.type, getattr(self, field.name)) for field in self.fields())
        return keccak(_type_hash(cast("Any", type(self))) + b"".join(words))


StructClass = type[Struct]


@cache
def _fields(cls: Any) -> tuple[StructField, ...]:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(StructField(name, _camel(name), *_kind(*get_args(hint))) for name, hint in hints.items())


def _kind(base: type, solidity: str) -> "tuple[str, StructClass | None]":
    return solidity, base if issubclass(base, Struct) else None


@cache
def _inner(cls: Any) -> "tuple[StructClass, ...]":
    found = {field.struct for field in cls.fields() if field.struct is not None}
    return tuple(sorted(found, key=lambda struct: struct.__name__))


@cache
def _type_hash(cls: Any) -> bytes:
    return keccak(text=cls.type_string())


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _to_json(value: "int | str | bytes | Struct") -> Any:
    if isinstance(value, Struct):
        return value.message()
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, int) and abs(value) > MAX_JSON_INTEGER:
        return str(value)
    return value


def _word(kind: str, value: Any) -> bytes:
    if isinstance(value, Struct):
        return value.struct_hash()
    if kind == "bytes":
        return keccak(value)
    if kind == "bytes32":
        return bytes(value)
    if kind == "address":
        return bytes.fromhex(value[2:]).rjust(32, b"\0")
    number: int = value
    return number.to_bytes(32, "big", signed=kind == "int256")


def _normal(field: StructField, value: Any) -> Any:
    if field.struct is not None:
        return value if isinstance(value, field.struct) else field.struct.from_values(value)
    return to_checksum_address(value) if field.type == "address" else value


def _read(struct: str, field: StructField, message: Mapping[str, object]) -> Any:
    if field.key not in message:
        raise MissingField(struct, field.key)
    value = message[field.key]
    if field.struct is not None:
        return field.struct.from_message(cast("Any", value))
    if field.type in _RANGES:
        return _read_number(struct, field, value)
    if field.type == "address":
        return _read_address(struct, field, value)
    return _read_bytes(struct, field, value)


def _read_number(struct: str, field: StructField, value: object) -> int:
    number = _as_int(value)
    if number is None:
        raise MalformedField(struct, field.key, value, "an integer or a decimal string")
    low, high = _RANGES[field.type]
    if number > high:
        raise FieldOutOfRange(struct, field.key, number, high)
    if number < low:
        raise FieldOutOfRange(struct, field.key, number, low)
    return number


def _as_int(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= MAX_DECIMAL_DIGITS + 1 and _DECIMAL.fullmatch(value):
        return int(value)
    return None


def _read_address(struct: str, field: StructField, value: object) -> str:
    if not (isinstance(value, str) and value.startswith("0x") and is_address(value)):
        raise MalformedField(struct, field.key, value, "an address: 0x and 40 hex digits, checksum if mixed case")
    return to_checksum_address(value)


def _read_bytes(struct: str, field: StructField, value: object) -> bytes:
    expected = "0x and 64 hex digits" if field.type == "bytes32" else "0x and an even number of hex digits"
    if not (isinstance(value, str) and _HEX.fullmatch(value)):
        raise MalformedField(struct, field.key, value, expected)
    raw = bytes.fromhex(value[2:])
    if field.type == "bytes32" and len(raw) != 32:
        raise MalformedField(struct, field.key, value, expected)
    return raw
