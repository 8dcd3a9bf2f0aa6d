"""Installed filters: what a client has already been told. They live in memory and expire, as geth's do."""

import secrets
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from chain.rpc.errors import FilterNotFound, LimitExceeded
from chain.rpc.logs import LogQuery

FILTER_IDLE_SECONDS = 300
MAX_FILTERS = 1_000


@dataclass
class Filter:
    """Which logs (None: new blocks), `bounds` as they were given, the block after the last one told, when last asked.

    Nothing else of the request is kept: a body may be large.
    """

    query: LogQuery | None
    bounds: dict[str, Any]
    next_block: int
    used_at: float


class Filters:
    """All filters of a node; thread-safe."""

    def __init__(self) -> None:
        self._filters: dict[str, Filter] = {}
        self._lock = Lock()

    def install(self, query: LogQuery | None, bounds: dict[str, Any], next_block: int) -> str:
        """A new filter's id; raises LimitExceeded."""
        with self._lock:
            self._expire()
            if len(self._filters) >= MAX_FILTERS:
                raise LimitExceeded(f"more than {MAX_FILTERS} filters")
            name = f"0x{secrets.token_hex(16)}"
            self._filters[name] = Filter(query, bounds, next_block, time.monotonic())
            return name

    def get(self, name: str) -> Filter:
        """A filter by id; raises FilterNotFound."""
        with self._lock:
            self._expire()
            found = self._filters.get(name)
            if found is None:
                raise FilterNotFound
            found.used_at = time.monotonic()
            return found

    def uninstall(self, name: str) -> bool:
        """Forget a filter; False when there was none."""
        with self._lock:
            return self._filters.pop(name, None) is not None

    def rewound(self, head: int) -> None:
        """The blocks after `head` are gone: what takes their place is news again."""
        with self._lock:
            for entry in self._filters.values():
                entry.next_block = min(entry.next_block, head + 1)

    def _expire(self) -> None:
        oldest = time.monotonic() - FILTER_IDLE_SECONDS
        for name in [name for name, entry in self._filters.items() if entry.used_at < oldest]:
            del self._filters[name]
