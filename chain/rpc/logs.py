"""Find logs: by address and first topic through the index, then exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from typing import Any

from chain.core.blocks import Log
from chain.core.view import View
from chain.rpc import hexes
from chain.rpc.errors import HeaderNotFound, InvalidParams, LimitExceeded
from chain.rpc.render import log_json
from chain.store.schema import LOG_ADDRESS, LOG_TOPIC

MAX_LOG_RANGE_BLOCKS = 100_000
MAX_LOGS = 10_000
MAX_TOPICS = 4
MAX_ALTERNATIVES = 1_000  # addresses, or values of one topic


@dataclass(frozen=True)
class LogQuery:
    """Which logs: any of `addresses` (empty: all); per position any of the topics (empty: all)."""

    addresses: tuple[bytes, ...]
    topics: tuple[tuple[bytes, ...], ...]

    def matches(self, log: Log) -> bool:
        """Whether a log is wanted."""
        if self.addresses and log.address not in self.addresses:
            return False
        if len(self.topics) > len(log.topics):
            return False
        return all(not wanted or topic in wanted for wanted, topic in zip(self.topics, log.topics, strict=False))


def parse_query(request: dict[str, Any]) -> LogQuery:
    """The address and topics of a filter object; raises InvalidParams."""
    addresses = tuple(hexes.address(item) for item in _alternatives(request.get("address")))
    topics = request.get("topics") or []
    if not isinstance(topics, list) or len(topics) > MAX_TOPICS:
        raise InvalidParams(f"topics must be a list of at most {MAX_TOPICS}")
    positions = tuple(tuple(hexes.hash32(item, "topic") for item in _alternatives(topic)) for topic in topics)
    return LogQuery(addresses, positions)


def _alternatives(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    if len(items) > MAX_ALTERNATIVES:
        raise LimitExceeded(f"more than {MAX_ALTERNATIVES} alternatives")
    return items


def parse_range(view: View, request: dict[str, Any]) -> tuple[int, int]:
    """First and last block of a filter object; raises InvalidParams, HeaderNotFound, LimitExceeded."""
    if request.get("blockHash") is not None:
        number = view.number_of(hexes.hash32(request["blockHash"], "blockHash"))
        if number is None:
            raise HeaderNotFound
        return number, number
    first = _bound(view, request.get("fromBlock") or "latest")
    last = _bound(view, request.get("toBlock") or "latest")
    if first > last:
        raise InvalidParams("invalid block range params")
    if last - first >= MAX_LOG_RANGE_BLOCKS:
        raise LimitExceeded(f"more than {MAX_LOG_RANGE_BLOCKS} blocks asked for; narrow the range")
    return first, last


def _bound(view: View, tag: Any) -> int:
    if tag == "earliest":
        return 0
    if tag in ("latest", "pending", "safe", "finalized"):
        return view.head
    return hexes.quantity(tag, "block")


def find_logs(view: View, query: LogQuery, first: int, last: int) -> list[dict[str, Any]]:
    """The logs from block `first` to `last`, in order; raises LimitExceeded."""
    found: list[dict[str, Any]] = []
    last = min(last, view.head)
    if first > last:
        return found
    for number in _candidates(view, query, first, last):
        found.extend(_logs_of(view, number, query))
        if len(found) > MAX_LOGS:
            raise LimitExceeded(f"query returned more than {MAX_LOGS} results; narrow the range")
    return found


def _candidates(view: View, query: LogQuery, first: int, last: int) -> Iterable[int]:
    """Numbers of blocks that may hold wanted logs, rising."""
    if query.addresses:
        return _union(view.blocks_with_log(LOG_ADDRESS, address, first, last) for address in query.addresses)
    if query.topics and query.topics[0]:
        return _union(view.blocks_with_log(LOG_TOPIC, topic, first, last) for topic in query.topics[0])
    return range(first, last + 1)


def _union(rising: Iterable[Iterable[int]]) -> Iterable[int]:
    previous = -1
    for number in merge(*rising):
        if number != previous:
            yield number
        previous = number


def _logs_of(view: View, number: int, query: LogQuery) -> list[dict[str, Any]]:
    receipts = view.receipts(number)
    wanted = [(index, position, log) for index, position, log in _positions(receipts) if query.matches(log)]
    if not wanted:
        return []
    block = view.block(number)
    return [log_json(log, block, index, position) for index, position, log in wanted]


def _positions(receipts: list[Any]) -> Iterable[tuple[int, int, Log]]:
    position = 0
    for index, receipt in enumerate(receipts):
        for log in receipt.logs:
            yield index, position, log
            position += 1
