"""Lists within lists within lists are refused; they would overrun the stack of the decoder and end the process."""

import json
from pathlib import Path

import pytest
import rlp

from chain.core.blocks import BlockUndecodable, decode_block
from chain.core.nesting import MAX_JSON_NESTING, MAX_NESTING, NestedTooDeep, check_nesting, load_json
from chain.core.rules import MAX_TRANSACTION_BYTES
from chain.core.transactions import Undecodable, decode_transaction
from chain.export.manifest import MANIFEST_FILE, ExportFileAltered, read_manifest
from chain.rpc.errors import PARSE_ERROR
from chain.rpc.server import _answer_body
from tests.chain.support import Wallet


def nested(levels: int) -> bytes:
    """RLP of as many lists within each other."""
    heads, length = [], 0
    for _ in range(levels):
        size = b"" if length < 56 else length.to_bytes((length.bit_length() + 7) // 8, "big")
        heads.append(bytes([0xC0 + length]) if not size else bytes([0xF7 + len(size)]) + size)
        length += len(heads[-1])
    return b"".join(reversed(heads))


def test_rlp_may_be_nested_to_the_limit() -> None:
    check_nesting(nested(MAX_NESTING))
    with pytest.raises(NestedTooDeep):
        check_nesting(nested(MAX_NESTING + 1))
    check_nesting(rlp.encode([[b"x" * 100, [b"", [b"\x01"] * 9]]] * 20))


def test_a_transaction_of_ten_thousand_levels_is_refused() -> None:
    raw = nested(30_000)
    assert len(raw) < MAX_TRANSACTION_BYTES
    for head in (b"", b"\x01", b"\x02", b"\x04"):
        with pytest.raises(Undecodable, match="nested"):
            decode_transaction(head + raw)


def test_a_block_of_ten_thousand_levels_is_refused() -> None:
    with pytest.raises(BlockUndecodable, match="nested"):
        decode_block(nested(30_000))


def test_a_full_access_list_is_not_too_deep() -> None:
    entry = {"address": "0x" + "11" * 20, "storageKeys": ["0x" + "22" * 32] * 3}
    decode_transaction(Wallet(1).sign(bytes(20), accessList=[entry] * 3, type=1, gasPrice=0))


def test_json_may_be_nested_to_the_limit() -> None:
    deep = "[" * MAX_JSON_NESTING + "]" * MAX_JSON_NESTING
    load_json(deep)
    load_json(json.dumps({"text": '[{"' * 1_000, "wide": [[]] * 1_000}))
    with pytest.raises(ValueError, match="nested"):
        load_json(f"[{deep}]")
    with pytest.raises(ValueError, match="NaN"):
        load_json("NaN")


@pytest.mark.parametrize("body", [b"[" * 1_000_000, b'{"a":' * 500_000, b"[" * 9_000 + b"]" * 9_000, b"\xff\xfe["])
def test_a_request_of_a_million_levels_is_a_parse_error(body: bytes) -> None:
    assert _answer_body(None, body)["error"]["code"] == PARSE_ERROR  # type: ignore[arg-type]


def test_a_manifest_of_a_million_levels_is_named(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_FILE).write_bytes(b"[" * 1_000_000)
    with pytest.raises(ExportFileAltered, match=MANIFEST_FILE):
        read_manifest(tmp_path / MANIFEST_FILE)
