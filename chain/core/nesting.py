"""How deep RLP and JSON may be nested. Their decoders call themselves at each level: too many end the process."""

import json
import re
from typing import Any

MAX_JSON_NESTING = 64
JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
NO_BRACKET = re.compile(r"[^][{}]+")
MAX_NESTING = 8  # the deepest of the ledger: block, transactions, transaction, access list, entry, keys
STRING = 0x80
LONG_STRING = 0xB7
LIST = 0xC0
LONG_LIST = 0xF7


class NestedTooDeep(ValueError):
    """The bytes hold lists within lists beyond anything that the ledger knows."""

    def __init__(self) -> None:
        super().__init__(f"lists are nested more than {MAX_NESTING} deep")


def check_nesting(raw: bytes, start: int = 0) -> None:
    """Walk RLP from `start` without recursion; raises NestedTooDeep. Whether it is sound is for the decoder to say."""
    ends: list[int] = []
    position = start
    while position < len(raw):
        while ends and position >= ends[-1]:
            ends.pop()
        first = raw[position]
        offset, long = (LIST, LONG_LIST) if first >= LIST else (STRING, LONG_STRING)
        head = 1 + max(0, first - long)
        length = first - offset if head == 1 else int.from_bytes(raw[position + 1 : position + head], "big")
        if first < LIST:
            position += 1 if first < STRING else head + length
            continue
        ends.append(position + head + length)
        if len(ends) > MAX_NESTING:
            raise NestedTooDeep
        position += head


def load_json(raw: bytes | str) -> Any:
    """What UTF-8 JSON says; raises ValueError, also where it is nested too deep or says NaN or Infinity."""
    text = raw if isinstance(raw, str) else raw.decode()
    if text.count("[") + text.count("{") > MAX_JSON_NESTING:
        _check_json_nesting(text)
    return json.loads(text, parse_constant=_refuse_constant)


def _check_json_nesting(text: str) -> None:
    depth = 0
    for bracket in NO_BRACKET.sub("", JSON_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_JSON_NESTING:
            raise ValueError(f"nested more than {MAX_JSON_NESTING} deep")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
