"""The walk through an export that both engines share: linkage, receipts, header fields."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import rlp

from chain.core.blocks import Block, BlockUndecodable, decode_block, decode_receipts
from chain.core.transactions import TransactionRefused
from chain.export.read import Export
from chain.replay.difference import Difference, Progress, receipt_difference, shown
from chain.replay.replayed import Replayed


@dataclass(frozen=True)
class Outcome:
    """What an engine came to for one block: encoded receipts, and the header fields it computed itself."""

    receipts: tuple[bytes, ...]
    header: dict[str, Any]


class BlockRejected(Exception):
    """An engine's own rules reject the block; `transaction` is the index where it stopped, if known."""

    def __init__(self, reason: str, transaction: int | None) -> None:
        super().__init__(reason)
        self.reason, self.transaction = reason, transaction


class Replay(ABC):
    """One pass over an export in one engine.

    Iterating `run` yields Progress and raises the first Difference; after that `result` holds what was reached.
    """

    engine: str
    result: Replayed

    def __init__(self, export: Export) -> None:
        self.export = export
        self._transactions = 0
        self._number = 0

    @abstractmethod
    def start(self) -> bytes:
        """Build the genesis state; the hash of block 0."""

    @abstractmethod
    def apply(self, block: Block, raw: bytes) -> Outcome:
        """Run one block; raises BlockRejected."""

    @abstractmethod
    def call(self, to: bytes, data: bytes) -> bytes:
        """Run a message on the state reached."""

    def run(self) -> Iterator[Progress]:
        """Replay all blocks; raises Difference at the first thing that does not agree."""
        manifest = self.export.manifest
        previous = self._checked_genesis()
        pairs = zip_longest(self.export.raw_blocks(), self.export.raw_receipts())
        for number, (raw, raw_receipts) in enumerate(pairs, start=1):
            self._number = number
            previous = self._step(raw, raw_receipts, previous)
            yield Progress(number, manifest.head_number, self._transactions)
        self._expect("number of blocks", str(manifest.head_number), str(self._number))
        self._expect("block hash", manifest.head_hash, shown(previous))
        self._expect("number of transactions", str(manifest.transactions), str(self._transactions))
        self.result = Replayed(self.engine, self.export, self._number, self._transactions, self.call)

    def _checked_genesis(self) -> bytes:
        found = self.start()
        self._expect("block hash", self.export.manifest.genesis_hash, shown(found))
        return found

    def _step(self, raw: bytes | None, raw_receipts: bytes | None, previous: bytes) -> bytes:
        if raw is None or raw_receipts is None:
            raise self._difference("block", "a block and its receipts", "only one of them")
        block = self._decoded(raw)
        self._expect("number", str(block.number), str(self._number))
        self._expect("parent hash", shown(block.header.parent_hash), shown(previous))
        try:
            outcome = self.apply(block, raw)
        except BlockRejected as rejected:
            raise self._rejected(block, rejected) from rejected
        except Exception as error:  # an engine stumbles over what a forger wrote: name the block all the same
            raise self._difference("block", "a valid one", f"{type(error).__name__}: {error}") from error
        self._compare_receipts(block, raw_receipts, outcome.receipts)
        for field, found in outcome.header.items():
            self._expect(field, shown(getattr(block.header, field)), shown(found))
        self._transactions += len(block.transactions)
        return block.hash

    def _decoded(self, raw: bytes) -> Block:
        try:
            block = decode_block(raw)
        except (BlockUndecodable, TransactionRefused) as error:
            raise self._difference("block", "a decodable block", str(error)) from error
        return block

    def _compare_receipts(self, block: Block, raw: bytes, found: tuple[bytes, ...]) -> None:
        if raw == rlp.encode(list(found)):
            return
        try:
            said = decode_receipts(raw)
        except Exception as error:  # whatever an altered file may hold
            raise self._difference("receipts", "decodable receipts", str(error)) from error
        replayed = decode_receipts(bytes(rlp.encode(list(found))))
        for index, (left, right) in enumerate(zip(said, replayed, strict=False)):
            part = receipt_difference(left, right)
            if part is not None:
                raise self._difference(f"receipt {part[0]}", part[1], part[2], block, index)
        raise self._difference("receipts", f"{len(said)} receipts, other bytes", f"{len(replayed)} receipts")

    def _rejected(self, block: Block, rejected: BlockRejected) -> Difference:
        index = rejected.transaction
        if index is not None and index < len(block.transactions):
            return self._difference("transaction", "a valid one", rejected.reason, block, index)
        return self._difference("block", "a valid one", rejected.reason)

    def _expect(self, field: str, said: str, found: str) -> None:
        if said != found:
            raise self._difference(field, said, found)

    def _difference(
        self, field: str, said: str, found: str, block: Block | None = None, index: int | None = None
    ) -> Difference:
        name = None if block is None or index is None else shown(block.transactions[index].hash)
        return Difference(self.engine, self._number, field, said, found, index, name)
