"""Logs as typed events, the same for whoever follows the ledger and whoever audits it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_utils.address import to_checksum_address

from contracts.artifacts import artifact
from contracts.clients.abi import EventSignature
from contracts.clients.address_book import AddressBook
from contracts.clients.rpc import Request, Rpc

LOG_RANGE_BLOCKS = 1_000
"""Blocks asked for at once; nodes bound the range of a log query."""


@dataclass(frozen=True)
class Event:
    """One decoded log. `args` are keyed by snake_case names: ints, checksummed addresses, bytes, structs."""

    name: str
    contract: str
    address: str
    args: Mapping[str, Any]
    block_number: int
    block_hash: bytes
    tx_hash: bytes
    tx_index: int
    log_index: int
    timestamp: int


def decode_log(log: Mapping[str, Any], book: AddressBook, timestamp: int) -> Event | None:
    """The event in a log as JSON-RPC gives it; None when it is of no contract or event we know.

    `timestamp` is that of the log's block, UTC seconds.
    """
    address = to_checksum_address(log["address"])
    contract = book.name_of(address)
    topics = [_bytes(topic) for topic in log["topics"]]
    if contract is None or not topics or topics[0] not in _events(contract):
        return None
    known = _events(contract)[topics[0]]
    return Event(
        name=known.name,
        contract=contract,
        address=address,
        args=known.decode_log(topics, _bytes(log["data"])),
        block_number=int(log["blockNumber"], 16),
        block_hash=_bytes(log["blockHash"]),
        tx_hash=_bytes(log["transactionHash"]),
        tx_index=int(log["transactionIndex"], 16),
        log_index=int(log["logIndex"], 16),
        timestamp=timestamp,
    )


def fetch_events(rpc: Rpc, book: AddressBook, from_block: int, to_block: int) -> list[Event]:
    """All events of the book's contracts in these blocks (both included), in ledger order.

    Raises LedgerUnavailable, RpcError.
    """
    logs: list[Mapping[str, Any]] = []
    for first in range(from_block, to_block + 1, LOG_RANGE_BLOCKS):
        last = min(first + LOG_RANGE_BLOCKS - 1, to_block)
        query = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(book.contracts.values())}
        logs += rpc.request("eth_getLogs", query)
    timestamps = _timestamps(rpc, {log["blockNumber"] for log in logs})
    decoded = (decode_log(log, book, timestamps[log["blockNumber"]]) for log in logs)
    return in_ledger_order(event for event in decoded if event is not None)


def in_ledger_order(events: Iterable[Event]) -> list[Event]:
    """By block, then by place in the block."""
    return sorted(events, key=lambda event: (event.block_number, event.log_index))


def _timestamps(rpc: Rpc, blocks: Iterable[str]) -> dict[str, int]:
    numbers: Sequence[str] = sorted(blocks)
    requests: list[Request] = [("eth_getBlockByNumber", (number, False)) for number in numbers]
    return {
        number: int(block["timestamp"], 16) for number, block in zip(numbers, rpc.batch_strict(requests), strict=True)
    }


@cache
def _events(contract: str) -> dict[bytes, EventSignature]:
    known = [EventSignature(entry) for entry in artifact(contract).abi if entry["type"] == "event"]
    return {event.hash: event for event in known}


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])
