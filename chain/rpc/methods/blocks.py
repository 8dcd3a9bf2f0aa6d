"""Blocks, headers and seals."""

from typing import Any

from chain.core.view import View
from chain.rpc import hexes
from chain.rpc.errors import HeaderNotFound
from chain.rpc.node import Node, Params, block_number, method, optional, pending_header
from chain.rpc.render import block_json, pending_block_json, receipt_json
from chain.seals.signature import Seal


@method("eth_blockNumber")
def head_number(node: Node, _: Params) -> str:
    """The number of the head."""
    with node.ledger.view() as view:
        return hex(view.head)


@method("eth_getBlockByNumber", least=1, most=2)
def block_by_number(node: Node, params: Params) -> dict[str, Any] | None:
    """A block by number or tag; null behind the head."""
    full = bool(optional(params, 1, False))
    with node.ledger.view() as view:
        if params[0] == "pending":
            return pending_block_json(pending_header(node, view))
        number = _known(view, params[0])
        return None if number is None else block_json(view.block(number), full=full)


@method("eth_getBlockByHash", least=1, most=2)
def block_by_hash(node: Node, params: Params) -> dict[str, Any] | None:
    """A block by hash; null when it is not in the chain."""
    full = bool(optional(params, 1, False))
    with node.ledger.view() as view:
        number = view.number_of(hexes.hash32(params[0]))
        return None if number is None else block_json(view.block(number), full=full)


@method("eth_getBlockTransactionCountByNumber", least=1)
def count_by_number(node: Node, params: Params) -> str | None:
    """How many transactions a block holds."""
    with node.ledger.view() as view:
        number = _known(view, params[0])
        return None if number is None else hex(len(view.block(number).transactions))


@method("eth_getBlockTransactionCountByHash", least=1)
def count_by_hash(node: Node, params: Params) -> str | None:
    """How many transactions a block holds."""
    with node.ledger.view() as view:
        number = view.number_of(hexes.hash32(params[0]))
        return None if number is None else hex(len(view.block(number).transactions))


@method("eth_getBlockReceipts", least=1)
def block_receipts(node: Node, params: Params) -> list[dict[str, Any]] | None:
    """The receipts of a block, by number, tag or hash."""
    with node.ledger.view() as view:
        number = _known(view, _hash_or_tag(params[0]))
        if number is None:
            return None
        block, receipts = view.block(number), view.receipts(number)
        return [receipt_json(block, receipts, index) for index in range(len(receipts))]


@method("debug_getRawBlock", least=1)
def raw_block(node: Node, params: Params) -> str:
    """The RLP of a block."""
    with node.ledger.view() as view:
        return hexes.as_hex(view.raw_block(block_number(view, _hash_or_tag(params[0]))))


@method("debug_getRawReceipts", least=1)
def raw_receipts(node: Node, params: Params) -> list[str]:
    """The canonical encoding of each receipt of a block."""
    with node.ledger.view() as view:
        number = block_number(view, _hash_or_tag(params[0]))
        return [hexes.as_hex(raw) for raw in view.encoded_receipts(number)]


@method("tally_getSeal", least=1)
def seal(node: Node, params: Params) -> dict[str, str]:
    """The operator's seal of a block."""
    with node.ledger.view() as view:
        return seal_json(view.seal(block_number(view, _hash_or_tag(params[0]))))


def seal_json(seal: Seal) -> dict[str, str]:
    """A seal as it is sent."""
    return {
        "number": hex(seal.number),
        "blockHash": hexes.as_hex(seal.block_hash),
        "treeHead": hexes.as_hex(seal.tree_head),
        "signature": hexes.as_hex(seal.signature),
    }


def _hash_or_tag(value: Any) -> Any:
    is_hash = isinstance(value, str) and len(value) == 2 + 2 * hexes.HASH_BYTES
    return {"blockHash": value} if is_hash else value


def _known(view: View, tag: Any) -> int | None:
    try:
        return block_number(view, tag)
    except HeaderNotFound:
        return None
