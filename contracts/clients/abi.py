"""Encoding and decoding by ABI entries, with the names that Python uses."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.typed_data import STRUCTS, Struct

Param = Mapping[str, Any]

_STRUCTS: dict[str, type[Struct]] = {kind.__name__: kind for kind in STRUCTS}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ARRAY = re.compile(r"(.*)\[(\d*)\]")


def snake_case(name: str) -> str:
    """amountMinor -> amount_minor; uid stays uid."""
    return _CAPITAL.sub("_", name).lower().lstrip("_")


def abi_type(param: Param) -> str:
    """The canonical type, tuples spelled out: "(address,uint256)[]"."""
    kind: str = param["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(abi_type(member) for member in param['components'])}){kind[5:]}"


def signature(entry: Param) -> str:
    """name(type,type) as selectors and topics hash it."""
    return f"{entry['name']}({','.join(abi_type(param) for param in entry['inputs'])})"


class Signature:
    """A function, event or error of an ABI."""

    def __init__(self, entry: Param) -> None:
        self.entry = entry
        self.name: str = entry["name"]
        self.inputs: Sequence[Param] = entry["inputs"]

    @cached_property
    def hash(self) -> bytes:
        """keccak256 of the signature: an event's first topic."""
        return keccak(text=signature(self.entry))

    @property
    def selector(self) -> bytes:
        """The first four bytes: how a call or an error begins."""
        return self.hash[:4]

    def encode(self, values: Sequence[Any]) -> bytes:
        """Calldata: selector and arguments; structs may be given as Struct."""
        plain = [_plain(value) for value in values]
        return self.selector + encode([abi_type(param) for param in self.inputs], plain)

    def decode_inputs(self, data: bytes) -> dict[str, Any]:
        """The arguments behind the selector, by snake_case name."""
        return decode_params(self.inputs, data[4:])

    def decode_outputs(self, data: bytes) -> dict[str, Any]:
        """What a function returned, by snake_case name; unnamed values are called by their position."""
        return decode_params(self.entry["outputs"], data)


class EventSignature(Signature):
    """An event of an ABI."""

    def decode_log(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """The event's members by snake_case name; structs of typed data come as their dataclass."""
        indexed = [param for param in self.inputs if param["indexed"]]
        plain = [param for param in self.inputs if not param["indexed"]]
        values = decode_params(plain, data)
        for param, topic in zip(indexed, topics[1:], strict=True):
            values |= decode_params([param], topic)
        return {snake_case(param["name"]): values[snake_case(param["name"])] for param in self.inputs}


def decode_params(params: Sequence[Param], data: bytes) -> dict[str, Any]:
    """Decode values by snake_case name; addresses checksummed, structs as dataclasses or dicts."""
    values = decode([abi_type(param) for param in params], data)
    return {
        snake_case(param["name"]) or str(index): _read(param, value)
        for index, (param, value) in enumerate(zip(params, values, strict=True))
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return value.values()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _read(param: Param, value: Any) -> Any:
    array = _ARRAY.fullmatch(param["type"])
    if array:
        member = {**param, "type": array.group(1)}
        return [_read(member, item) for item in value]
    if param["type"] == "address":
        return to_checksum_address(value)
    if param["type"] == "tuple":
        return _read_struct(param, value)
    return value


def _read_struct(param: Param, value: Sequence[Any]) -> Any:
    members = {member["name"]: _read(member, item) for member, item in zip(param["components"], value, strict=True)}
    kind = _STRUCTS.get(param.get("internalType", "").removeprefix("struct ").rpartition(".")[2])
    if kind is not None:
        return kind.from_values(members)
    return {snake_case(name): item for name, item in members.items()}
