"""What can be read from one snapshot of the ledger."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import rlp

from chain.core.blocks import Block, Receipt, decode_block, decode_header_of, decode_receipts
from chain.core.rules import next_header, virtual_machine
from chain.seals.signature import Seal
from chain.store.database import OverlayDatabase
from chain.store.environment import Environment, Reader, Table
from chain.store.errors import FileDamaged
from chain.store.schema import head_number, number_key, parse_place

TREE_HEAD_BYTES = 32
DECODED_BLOCKS_KEPT = 64

_decode_block = lru_cache(DECODED_BLOCKS_KEPT)(decode_block)
_decode_receipts = lru_cache(DECODED_BLOCKS_KEPT)(decode_receipts)


class View:
    """A snapshot: whatever is asked of it speaks of the same head."""

    def __init__(self, reader: Reader, environment: Environment, chain_id: int) -> None:
        self._reader = reader
        self._environment = environment
        self.chain_id = chain_id
        head = head_number(reader)
        if head is None:
            raise FileDamaged(environment.file, "it holds no head block")
        self.head = head

    def _row(self, table: Table, number: int) -> bytes:
        value = self._reader.get(table, number_key(number))
        if value is None:
            raise FileDamaged(self._environment.file, f"block {number} has no row in the table {table.name.lower()}")
        return value

    def raw_block(self, number: int) -> bytes:
        """The RLP of a block up to the head."""
        return self._row(Table.BLOCKS, number)

    def raw_receipts(self, number: int) -> bytes:
        """The RLP list of a block's receipts."""
        return self._row(Table.RECEIPTS, number)

    def encoded_receipts(self, number: int) -> list[bytes]:
        """The canonical (EIP-2718) encoding of each receipt of a block."""
        return [bytes(encoded) for encoded in rlp.decode(self.raw_receipts(number))]

    def block(self, number: int) -> Block:
        """A block up to the head."""
        return _decode_block(self.raw_block(number))

    def receipts(self, number: int) -> list[Receipt]:
        """The receipts of a block up to the head."""
        return _decode_receipts(self.raw_receipts(number))

    def number_of(self, block_hash: bytes) -> int | None:
        """The number of a block in the chain, by its hash."""
        value = self._reader.get(Table.NUMBERS, block_hash)
        return None if value is None else int.from_bytes(value, "big")

    def header(self, number: int) -> Any:
        """The header of a block up to the head."""
        return decode_header_of(self.raw_block(number))

    def head_header(self) -> Any:
        """The header of the head."""
        return self.header(self.head)

    def place(self, transaction_hash: bytes) -> tuple[int, int] | None:
        """Block number and index of a mined transaction."""
        value = self._reader.get(Table.TRANSACTIONS, transaction_hash)
        return None if value is None else parse_place(value)

    def seal(self, number: int) -> Seal:
        """The seal of a block up to the head."""
        row = self._row(Table.SEALS, number)
        block_hash = bytes(self.header(number).hash)
        return Seal(number, block_hash, row[:TREE_HEAD_BYTES], row[TREE_HEAD_BYTES:])

    def blocks_with_log(self, kind: bytes, value: bytes, first: int, last: int) -> Iterator[int]:
        """Numbers of blocks from `first` to `last` that hold a log of this address or first topic, rising."""
        prefix = kind + value
        for key, _ in self._reader.scan(Table.LOGS, prefix + number_key(first)):
            number = int.from_bytes(key[len(prefix) :], "big")
            if not key.startswith(prefix) or number > last:
                return
            yield number

    def meta(self, name: bytes) -> bytes | None:
        """A named value."""
        return self._reader.get(Table.META, name)

    def machine(self, header: Any) -> Any:
        """A py-evm machine in the context of `header`, on the state its state root names; writes stay in memory."""
        return virtual_machine(OverlayDatabase(self._reader, self._environment), header, self.chain_id)

    def next_machine(self, timestamp: int) -> Any:
        """A machine as the next block at `timestamp` would find it, after its system calls."""
        machine = self.machine(next_header(self.head_header(), timestamp))
        machine.block_preprocessing(machine.get_block())
        return machine
