"""The solo producer: one operator's process that turns the queue into blocks."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Condition, RLock, Thread

from chain.clock import LedgerClock
from chain.core.execution import ExecutedBlock
from chain.core.ledger import Ledger

IDLE_CHECK_SECONDS = 1.0
CLOCK_BEHIND_SECONDS = 15.0  # worth a warning: block time is ahead of the clock only if somebody set the clock back

logger = logging.getLogger("tally.node")


class Mode(Enum):
    """When blocks are made."""

    ON_DEMAND = "on demand"
    INTERVAL = "interval"
    MANUAL = "manual"


@dataclass
class Pace:
    """`outrun_clock`: a devnet may give blocks timestamps ahead of the clock instead of waiting for it."""

    mode: Mode = Mode.ON_DEMAND
    interval_seconds: float = 1.0
    outrun_clock: bool = False


class Producer:
    """Drives the ledger in a thread of its own until `stop`."""

    def __init__(self, ledger: Ledger, clock: LedgerClock, pace: Pace, on_failure: Callable[[Exception], None]) -> None:
        self.ledger, self.clock, self.pace = ledger, clock, pace
        self._on_failure = on_failure
        self._wake = Condition()
        self._wanted = True  # the queue may hold transactions from before
        self._stopping = False
        self._making = RLock()
        self._thread = Thread(target=self._run, name="producer", daemon=True)

    def start(self) -> None:
        """Begin to make blocks."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the block in the making and end."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._thread.join()

    def transactions_arrived(self) -> None:
        """There may be something to mine."""
        with self._wake:
            self._wanted = True
            self._wake.notify_all()

    def set_mode(self, mode: Mode, interval_seconds: float = 1.0) -> None:
        """Change when blocks are made."""
        with self._wake:
            self.pace.mode, self.pace.interval_seconds = mode, interval_seconds
            self._wanted = True
            self._wake.notify_all()

    def make_block(self, *, empty: bool = False) -> ExecutedBlock | None:
        """Make one block now, whatever the mode; None when nothing is queued and not `empty`."""
        with self._making:
            with self.ledger.view() as view:
                timestamp = self.clock.next_timestamp(view)
            block = self.ledger.produce(timestamp, empty=empty)
            if block is not None:
                self.clock.block_made(timestamp)
                _report(block)
            return block

    def exclusive(self) -> RLock:
        """Held by whoever must not meet a block in the making."""
        return self._making

    def _run(self) -> None:
        try:
            while self._await_turn():
                self._drain()
        except Exception as error:
            logger.exception("the producer cannot go on")
            self._on_failure(error)

    def _await_turn(self) -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._wanted or self.pace.mode is Mode.INTERVAL)
            if self.pace.mode is Mode.INTERVAL:
                self._wake.wait_for(lambda: self._stopping, timeout=self.pace.interval_seconds)
            self._wanted = False
            return not self._stopping

    def _drain(self) -> None:
        while not self._stopping and self.pace.mode is not Mode.MANUAL:
            if not self._await_clock() or self.make_block() is None or self.pace.mode is Mode.INTERVAL:
                return

    def _await_clock(self) -> bool:
        """At most one block a second: wait until the clock is past the head, unless it may be outrun."""
        warned = False
        while not self.pace.outrun_clock:
            with self.ledger.view() as view:
                ahead = view.head_header().timestamp + 1 - (time.time() + self.clock.offset)
            if ahead <= 0:
                break
            if ahead > CLOCK_BEHIND_SECONDS and not warned:
                logger.warning("the clock is %d s behind the head block; no block until it has caught up", ahead)
                warned = True
            with self._wake:
                if self._wake.wait_for(lambda: self._stopping, timeout=min(ahead, IDLE_CHECK_SECONDS)):
                    return False
        return True


def _report(block: ExecutedBlock) -> None:
    for transaction, reason in block.refused:
        logger.warning("transaction 0x%s left the queue: %s", transaction.hash.hex(), reason)
    logger.info("block %d 0x%s: %d transactions", block.number, block.hash.hex(), len(block.transactions))
