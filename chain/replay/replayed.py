"""What a finished replay can be asked: the logs it found and calls on the state it reached."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chain.core.blocks import decode_block, decode_receipts
from chain.export.read import Export


@dataclass(frozen=True)
class ReplayedLog:
    """A log of the replay and where it stands; `block_at` is the block's timestamp in UTC seconds."""

    block: int
    block_at: int
    transaction: int
    transaction_hash: bytes
    index: int
    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


class Replayed:
    """A replay that found no difference: every receipt it made equals the export's, so the logs are read there."""

    def __init__(
        self, engine: str, export: Export, blocks: int, transactions: int, call: Callable[[bytes, bytes], bytes]
    ) -> None:
        self.engine = engine
        self.blocks = blocks
        self.transactions = transactions
        self._export = export
        self._call = call

    def logs(self) -> Iterator[ReplayedLog]:
        """All logs in order."""
        for raw_block, raw_receipts in zip(self._export.raw_blocks(), self._export.raw_receipts(), strict=True):
            yield from _logs_of(raw_block, raw_receipts)

    def call(self, to: bytes, data: bytes) -> bytes:
        """The output of a message to `to` on the final state, in the context of the head block.

        Raises CallReverted or CallFailed of chain.core.calls.
        """
        return self._call(to, data)


def _logs_of(raw_block: bytes, raw_receipts: bytes) -> Iterator[ReplayedLog]:
    receipts = decode_receipts(raw_receipts)
    if not any(receipt.logs for receipt in receipts):
        return
    block, position = decode_block(raw_block), 0
    for index, receipt in enumerate(receipts):
        for log in receipt.logs:
            yield ReplayedLog(
                block=block.number,
                block_at=block.header.timestamp,
                transaction=index,
                transaction_hash=block.transactions[index].hash,
                index=position,
                address=log.address,
                topics=log.topics,
                data=log.data,
            )
            position += 1
