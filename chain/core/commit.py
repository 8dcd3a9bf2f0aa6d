"""Everything a block writes, in one transaction of the store: the block, its state, its indexes and its seal."""

from typing import Any

import rlp

from chain.core.blocks import decode_block, decode_receipts, plain_log
from chain.core.execution import ExecutedBlock
from chain.core.genesis import Genesis
from chain.seals.signature import Seal, Sealer
from chain.seals.tree import completed_by, tree_head
from chain.store.environment import Reader, Table, Writer
from chain.store.schema import (
    FORMAT_VERSION,
    LOG_ADDRESS,
    LOG_TOPIC,
    META_FORMAT,
    META_GENESIS,
    META_HEAD,
    META_SEALER,
    number_key,
    queue_key,
    transaction_place,
    tree_key,
)


def commit_genesis(writer: Writer, genesis: Genesis, sealer: Sealer) -> None:
    """The first block of a new ledger."""
    header, nodes = genesis.build()
    nodes[header.hash] = rlp.encode(header)
    block = ExecutedBlock(header, (), (), nodes)
    writer.put(Table.META, META_FORMAT, FORMAT_VERSION)
    writer.put(Table.META, META_GENESIS, genesis.text.encode())
    writer.put(Table.META, META_SEALER, sealer.address)
    commit_block(writer, block, genesis.chain_id, sealer)


def commit_block(writer: Writer, block: ExecutedBlock, chain_id: int, sealer: Sealer) -> Seal:
    """Append a block to the chain and take its transactions from the queue; its seal."""
    key = number_key(block.number)
    for node, value in block.nodes.items():
        writer.put(Table.NODES, node, value)
    writer.put(Table.BLOCKS, key, block.raw())
    writer.put(Table.RECEIPTS, key, block.raw_receipts())
    writer.put(Table.NUMBERS, block.hash, key)
    for index, transaction in enumerate(block.transactions):
        writer.put(Table.TRANSACTIONS, transaction.hash, transaction_place(block.number, index))
        writer.delete(Table.QUEUE, queue_key(transaction.sender, transaction.nonce))
    for transaction, _ in block.refused:
        writer.delete(Table.QUEUE, queue_key(transaction.sender, transaction.nonce))
    for log_key in _log_keys(block.receipts, block.number):
        writer.put(Table.LOGS, log_key, b"")
    writer.put(Table.META, META_HEAD, key)
    return _commit_seal(writer, block, chain_id, sealer)


def _commit_seal(writer: Writer, block: ExecutedBlock, chain_id: int, sealer: Sealer) -> Seal:
    def node_at(level: int, index: int) -> bytes:
        return tree_node(writer, level, index)

    for level, index, value in completed_by(block.number, block.hash, node_at):
        writer.put(Table.TREE, tree_key(level, index), value)
    seal = sealer.seal(chain_id, block.number, block.hash, tree_head(block.number + 1, node_at))
    writer.put(Table.SEALS, number_key(block.number), seal.tree_head + seal.signature)
    return seal


def tree_node(reader: Reader, level: int, index: int) -> bytes:
    """A complete subtree's hash from the store."""
    value = reader.get(Table.TREE, tree_key(level, index))
    assert value is not None, f"subtree {level}/{index} is missing"
    return value


def _log_keys(receipts: Any, number: int) -> set[bytes]:
    logs = [plain_log(log) for receipt in receipts for log in receipt.logs]
    addresses = {LOG_ADDRESS + log.address for log in logs}
    topics = {LOG_TOPIC + log.topics[0] for log in logs if log.topics}
    return {prefix + number_key(number) for prefix in addresses | topics}


def truncate(writer: Writer, last: int) -> None:
    """Make block `last` the head again (devnet snapshots only); the states of the later blocks stay readable."""
    head_row = writer.get(Table.META, META_HEAD)
    assert head_row is not None
    for number in range(int.from_bytes(head_row, "big"), last, -1):
        _remove_block(writer, number)
    writer.put(Table.META, META_HEAD, number_key(last))


def _remove_block(writer: Writer, number: int) -> None:
    key = number_key(number)
    block = decode_block(_taken(writer, Table.BLOCKS, key))
    receipts = decode_receipts(_taken(writer, Table.RECEIPTS, key))
    writer.delete(Table.NUMBERS, block.hash)
    writer.delete(Table.SEALS, key)
    for transaction in block.transactions:
        writer.delete(Table.TRANSACTIONS, transaction.hash)
    for log in (log for receipt in receipts for log in receipt.logs):
        writer.delete(Table.LOGS, LOG_ADDRESS + log.address + key)
        if log.topics:
            writer.delete(Table.LOGS, LOG_TOPIC + log.topics[0] + key)
    level, index = 0, number
    while writer.delete(Table.TREE, tree_key(level, index)) and index % 2 == 1:
        level, index = level + 1, index // 2


def _taken(writer: Writer, table: Table, key: bytes) -> bytes:
    value = writer.get(table, key)
    assert value is not None
    writer.delete(table, key)
    return value
