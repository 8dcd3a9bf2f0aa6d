"""Ledger time: the wall clock plus a devnet offset that survives restarts."""

import json
import time

from chain.core.ledger import Ledger
from chain.core.view import View
from chain.errors import LedgerError
from chain.store.schema import META_CLOCK


class TimestampNotRising(LedgerError):
    """A block's timestamp must be above its parent's."""

    def __init__(self, asked: int, parent: int) -> None:
        self.asked, self.parent = asked, parent
        super().__init__(f"timestamp {asked} is not above the head block's {parent}")


class LedgerClock:
    """Says when the next block is. All instants are UTC seconds."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with ledger.view() as view:
            self._load(view.meta(META_CLOCK))

    def _load(self, stored: bytes | None) -> None:
        values = json.loads(stored) if stored else {}
        self.offset: int = values.get("offset", 0)
        self.fixed_next: int | None = values.get("next")

    def encoded(self) -> bytes:
        """The clock as it is kept on disk."""
        return json.dumps({"offset": self.offset, "next": self.fixed_next}).encode()

    def restore(self, encoded: bytes) -> None:
        """Take over a clock from `encoded` without writing it; the caller has written it already."""
        self._load(encoded)

    def _save(self) -> None:
        self._ledger.write_meta(META_CLOCK, self.encoded())

    def now(self) -> int:
        """Wall clock plus offset."""
        return int(time.time()) + self.offset

    def next_timestamp(self, view: View) -> int:
        """The timestamp a block made now would carry."""
        parent: int = view.head_header().timestamp
        return max(parent + 1, self.now() if self.fixed_next is None else self.fixed_next)

    def advance(self, seconds: int) -> int:
        """Move time on; the whole offset in seconds."""
        self.offset += seconds
        self._save()
        return self.offset

    def set_now(self, instant: int) -> int:
        """Let the clock show `instant` now; the offset in seconds."""
        self.offset = instant - int(time.time())
        self.fixed_next = None
        self._save()
        return self.offset

    def fix_next(self, instant: int) -> None:
        """Give exactly the next block this timestamp; time runs on from there. Raises TimestampNotRising."""
        with self._ledger.view() as view:
            parent: int = view.head_header().timestamp
        if instant <= parent:
            raise TimestampNotRising(instant, parent)
        self.fixed_next = instant
        self._save()

    def block_made(self, timestamp: int) -> None:
        """Let time run on from a fixed timestamp once its block exists."""
        if self.fixed_next is not None:
            self.set_now(timestamp)
