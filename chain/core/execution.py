"""Propose and execute a block: from a parent, a timestamp and transactions to everything its commit writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import rlp
from eth.db.trie import make_trie_root_and_nodes
from eth_utils.exceptions import ValidationError

from chain.core.rules import gas_target, next_header, virtual_machine
from chain.core.transactions import Transaction
from chain.store.database import OverlayDatabase
from chain.store.environment import Environment, Reader


@dataclass(frozen=True)
class ExecutedBlock:
    """A block and what belongs to it, ready to be committed in one transaction."""

    header: Any
    transactions: tuple[Transaction, ...]
    receipts: tuple[Any, ...]
    nodes: dict[bytes, bytes]
    refused: tuple[tuple[Transaction, str], ...] = field(default=())

    @property
    def number(self) -> int:
        """The block number."""
        return int(self.header.block_number)

    @property
    def hash(self) -> bytes:
        """The block hash."""
        return bytes(self.header.hash)

    def raw(self) -> bytes:
        """The RLP of the whole block, as geth imports it."""
        transactions = [_body_item(transaction) for transaction in self.transactions]
        header = type(self.header).serialize(self.header)
        return bytes(rlp.encode([header, transactions, [], []]))

    def raw_receipts(self) -> bytes:
        """The RLP list of the receipts in their canonical (EIP-2718) encoding."""
        return bytes(rlp.encode([receipt.encode() for receipt in self.receipts]))


def _body_item(transaction: Transaction) -> Any:
    return transaction.raw if transaction.type else rlp.decode(transaction.raw)


def propose(candidates: Iterable[Transaction], gas_limit: int) -> list[Transaction]:
    """The longest prefix of `candidates` whose declared gas fits the gas target of a block."""
    chosen: list[Transaction] = []
    left = gas_target(gas_limit)
    for transaction in candidates:
        left -= transaction.gas
        if left < 0:
            break
        chosen.append(transaction)
    return chosen


def execute(
    reader: Reader,
    environment: Environment,
    parent: Any,
    timestamp: int,
    transactions: Sequence[Transaction],
    chain_id: int,
) -> ExecutedBlock:
    """Run `transactions` once on the state of `parent`; those that do not apply are left out and named.

    Behind one that does not apply, the later ones of its sender are neither run nor refused: their nonce is not due.
    """
    overlay = OverlayDatabase(reader, environment)
    header = next_header(parent, timestamp)
    machine = virtual_machine(overlay, header, chain_id)
    block = machine.get_block()
    machine.block_preprocessing(block)
    header, applied, receipts, refused = _apply(machine, header, transactions)
    machine.chaindb.receipts = tuple(receipts)
    block = block.copy(header=_with_roots(header, applied, receipts))
    header = machine.finalize_block(machine.block_postprocessing(block)).block.header
    overlay.written[header.hash] = rlp.encode(header)
    return ExecutedBlock(header, tuple(applied), tuple(receipts), overlay.written, tuple(refused))


def _apply(machine: Any, header: Any, transactions: Sequence[Transaction]) -> Any:
    applied: list[Transaction] = []
    receipts: list[Any] = []
    refused: list[tuple[Transaction, str]] = []
    stopped: set[bytes] = set()
    for transaction in transactions:
        if transaction.sender in stopped:
            continue
        try:
            receipt, _ = machine.apply_transaction(header, transaction.evm)
        except ValidationError as error:
            refused.append((transaction, str(error)))
            stopped.add(transaction.sender)
            continue
        header = machine.add_receipt_to_header(header, receipt)
        applied.append(transaction)
        receipts.append(receipt)
    return header, applied, receipts, refused


def _with_roots(header: Any, applied: list[Transaction], receipts: list[Any]) -> Any:
    transaction_root, _ = make_trie_root_and_nodes([transaction.evm for transaction in applied])
    receipt_root, _ = make_trie_root_and_nodes(receipts)
    return header.copy(transaction_root=transaction_root, receipt_root=receipt_root)
