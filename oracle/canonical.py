"""Canonical JSON: one byte string for one value, so that its hash can be recomputed by anybody."""

import json
from typing import Any

from eth_utils.crypto import keccak

from oracle.problems import OracleError

SALT_BYTES = 32


class NotCanonical(OracleError):
    """A value that has no canonical form: only objects with text keys, arrays, integers and strings have one."""

    slug = "not-canonical"
    title = "Only integers and strings can be committed to"

    def __init__(self, path: str, kind: str) -> None:
        super().__init__(f"{path or 'the value'} is of type {kind}", path=path, kind=kind)


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; raises NotCanonical on floats, booleans and null."""
    _require_canonical(value, "")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(value: Any) -> bytes:
    """keccak256 of the canonical JSON: 32 bytes; the id of a model, a policy or a catalogue."""
    return keccak(canonical_json(value))


def commitment(salt: bytes, value: Any) -> bytes:
    """keccak256(salt || canonical JSON): 32 bytes that say nothing about the value without the 32-byte salt."""
    if len(salt) != SALT_BYTES:
        raise NotCanonical("salt", f"{len(salt)} bytes")
    return keccak(salt + canonical_json(value))


def _require_canonical(value: Any, path: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _require_text_key(key, path)
            _require_canonical(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _require_canonical(item, f"{path}[{index}]")
    elif isinstance(value, bool) or not isinstance(value, int | str):
        raise NotCanonical(path, type(value).__name__)


def _require_text_key(key: Any, path: str) -> None:
    if not isinstance(key, str):
        raise NotCanonical(f"{path}.{key}", type(key).__name__)
