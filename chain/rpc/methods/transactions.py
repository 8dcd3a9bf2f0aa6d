"""Send transactions and find them again."""

from typing import Any

from chain.core.transactions import Transaction, TransactionRefused
from chain.core.view import View
from chain.rpc import hexes
from chain.rpc.errors import HeaderNotFound, RpcError
from chain.rpc.node import Node, Params, block_number, method
from chain.rpc.render import receipt_json, transaction_json

SEND_RAW = "eth_sendRawTransaction"


@method(SEND_RAW, least=1)
def send_raw(node: Node, params: Params) -> str:
    """Accept a signed transaction; its hash is given only once it is on disk."""
    (outcome,) = send_many(node, [hexes.data(params[0], "transaction")])
    if isinstance(outcome, RpcError):
        raise outcome
    return outcome


def send_many(node: Node, raws: list[bytes]) -> list[str | RpcError]:
    """Accept several transactions in one write; per transaction its hash or why it is refused."""
    outcomes = node.ledger.accept(raws)
    if any(isinstance(outcome, Transaction) for outcome in outcomes):
        node.producer.transactions_arrived()
    return [
        RpcError(str(outcome)) if isinstance(outcome, TransactionRefused) else hexes.as_hex(outcome.hash)
        for outcome in outcomes
    ]


@method("eth_getTransactionByHash", least=1)
def by_hash(node: Node, params: Params) -> dict[str, Any] | None:
    """A mined or waiting transaction."""
    transaction_hash = hexes.hash32(params[0])
    waiting = node.ledger.waiting(transaction_hash)
    with node.ledger.view() as view:
        place = view.place(transaction_hash)
        if place is not None:
            return _at(view, *place)
    return None if waiting is None else transaction_json(waiting, None, None)


@method("eth_getTransactionReceipt", least=1)
def receipt(node: Node, params: Params) -> dict[str, Any] | None:
    """The receipt of a mined transaction; the block is durable when this answers."""
    with node.ledger.view() as view:
        place = view.place(hexes.hash32(params[0]))
        if place is None:
            return None
        number, index = place
        return receipt_json(view.block(number), view.receipts(number), index)


@method("eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByBlockHashAndIndex", least=2)
def by_position(node: Node, params: Params) -> dict[str, Any] | None:
    """A transaction by its block and index."""
    is_hash = isinstance(params[0], str) and len(params[0]) == 2 + 2 * hexes.HASH_BYTES
    tag = {"blockHash": params[0]} if is_hash else params[0]
    with node.ledger.view() as view:
        try:
            return _at(view, block_number(view, tag), hexes.quantity(params[1], "index"))
        except HeaderNotFound:
            return None


@method("eth_getRawTransactionByHash", "debug_getRawTransaction", least=1)
def raw_transaction(node: Node, params: Params) -> str | None:
    """The canonical bytes of a mined or waiting transaction."""
    transaction_hash = hexes.hash32(params[0])
    waiting = node.ledger.waiting(transaction_hash)
    with node.ledger.view() as view:
        place = view.place(transaction_hash)
        if place is not None:
            return hexes.as_hex(view.block(place[0]).transactions[place[1]].raw)
    return None if waiting is None else hexes.as_hex(waiting.raw)


def _at(view: View, number: int, index: int) -> dict[str, Any] | None:
    block = view.block(number)
    if index >= len(block.transactions):
        return None
    return transaction_json(block.transactions[index], block, index)
