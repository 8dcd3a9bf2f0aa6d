"""Blocks and receipts as they stand in the store and in an export."""

from dataclasses import dataclass
from typing import Any

import rlp
from eth.vm.forks.prague.blocks import PragueBlockHeader
from eth.vm.forks.prague.receipts import PragueReceiptBuilder

from chain.core.nesting import check_nesting
from chain.core.transactions import LEGACY_FIRST_BYTE, Transaction, decode_transaction
from chain.errors import LedgerError

BODY_PARTS = 4  # header, transactions, ommers, withdrawals


class BlockUndecodable(LedgerError):
    """The bytes are no block of this ledger."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"not a block: {reason}")


@dataclass(frozen=True)
class Block:
    """A decoded block: py-evm's header, our transactions, its size in bytes."""

    header: Any
    transactions: tuple[Transaction, ...]
    size: int

    @property
    def number(self) -> int:
        """The block number."""
        return int(self.header.block_number)

    @property
    def hash(self) -> bytes:
        """The block hash."""
        return bytes(self.header.hash)


@dataclass(frozen=True)
class Log:
    """One log of a receipt."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Receipt:
    """A decoded receipt; `cumulative_gas` counts all transactions of the block up to this one."""

    succeeded: bool
    cumulative_gas: int
    bloom: int
    logs: tuple[Log, ...]


def decode_header(raw: bytes) -> Any:
    """py-evm's header of its RLP; raises BlockUndecodable."""
    try:
        return rlp.decode(raw, sedes=PragueBlockHeader)
    except (rlp.exceptions.RLPException, ValueError, TypeError) as error:
        raise BlockUndecodable(f"header: {error}") from error


def decode_header_of(raw: bytes) -> Any:
    """The header of a block's RLP, without decoding its body; raises BlockUndecodable."""
    try:
        _, _, _, start = rlp.codec.consume_length_prefix(raw, 0)
        _, _, length, body = rlp.codec.consume_length_prefix(raw, start)
    except (rlp.exceptions.RLPException, ValueError, IndexError) as error:
        raise BlockUndecodable(f"header: {error}") from error
    return decode_header(raw[start : body + length])


def decode_block(raw: bytes) -> Block:
    """The block of its RLP; raises BlockUndecodable, and a TransactionRefused for a transaction in it."""
    try:
        check_nesting(raw)
        parts = rlp.decode(raw, use_list=True)
        if len(parts) != BODY_PARTS or parts[2] or parts[3]:
            raise BlockUndecodable("ommers and withdrawals must be empty")
        header = PragueBlockHeader.deserialize(parts[0])
    except (rlp.exceptions.RLPException, ValueError, TypeError) as error:
        raise BlockUndecodable(str(error)) from error
    return Block(header, tuple(decode_transaction(_canonical(item)) for item in parts[1]), len(raw))


def _canonical(item: bytes | list[bytes]) -> bytes:
    return bytes(item) if isinstance(item, bytes | bytearray) else bytes(rlp.encode(item))


def decode_receipts(raw: bytes) -> list[Receipt]:
    """The receipts of one block; raises many classes where the bytes are none."""
    check_nesting(raw)
    return [_decode_receipt(encoded) for encoded in rlp.decode(raw)]


def _decode_receipt(encoded: bytes) -> Receipt:
    check_nesting(encoded, start=0 if encoded[0] >= LEGACY_FIRST_BYTE else 1)
    return _receipt(PragueReceiptBuilder.decode(bytes(encoded)))


def _receipt(receipt: Any) -> Receipt:
    logs = tuple(plain_log(log) for log in receipt.logs)
    return Receipt(receipt.state_root == b"\x01", receipt.gas_used, receipt.bloom, logs)


def plain_log(log: Any) -> Log:
    """py-evm's log with its topics as 32 bytes each."""
    return Log(bytes(log.address), tuple(topic.to_bytes(32, "big") for topic in log.topics), bytes(log.data))
