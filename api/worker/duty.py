"""A duty of the worker: done again at once while there is work, seldom while there is none, later after a fault."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.kit.logs import log
from api.worker.publisher import PublisherUnavailable
from contracts.clients import LedgerUnavailable

FIRST_DELAY_SECONDS = 0.25
LONGEST_DELAY_SECONDS = 5.0
ABSENCES = (LedgerUnavailable, PublisherUnavailable)


@dataclass
class Duty:
    """`act` does what can be done now, durably, and returns how much that was."""

    name: str
    act: Callable[[], int]
    idle_seconds: float
    due_at: float = 0.0
    failures: int = field(default=0, init=False)
    _log: Any = field(default_factory=lambda: log("worker"), init=False, repr=False)

    def run(self) -> bool:
        """Act if due; True when something was done. Nothing that fails here stops another duty."""
        if time.monotonic() < self.due_at:
            return False
        try:
            done = self.act()
        except ABSENCES as error:
            self._later("unavailable", error)
            return False
        except Exception as error:
            self._later("fault", error, exc_info=error)
            return False
        self._succeeded(done)
        return done > 0

    def _succeeded(self, done: int) -> None:
        if self.failures:
            self._log.info("available again", duty=self.name)
        self.failures = 0
        self.due_at = 0.0 if done else time.monotonic() + self.idle_seconds

    def _later(self, event: str, error: Exception, **more: Any) -> None:
        self.failures += 1
        delay = min(FIRST_DELAY_SECONDS * 2 ** (self.failures - 1), LONGEST_DELAY_SECONDS)
        self.due_at = time.monotonic() + delay
        self._log.warning(event, duty=self.name, error=str(error), retry_seconds=delay, **more)
