"""What everything that follows loans through their events works with."""

from collections.abc import Callable
from typing import Any, TypeVar

from contracts.clients.events import Event
from contracts.credit import Outcome
from contracts.credit.history import LATE_BEFORE
from contracts.loan import Clock, LoanRefused, LoanState, LoanStatus, Stop
from contracts.recount.awaited import Awaited
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.recounted import RecountedLoan, name_of
from contracts.schedule import ScheduleRefused


def outcome_of(ended: LoanState) -> Outcome:
    """How an ended loan counts in its borrower's history."""
    if ended.status is not LoanStatus.CLOSED:
        return Outcome.CANCELLED
    return Outcome.CURED if ended.was_late else Outcome.ON_TIME


Result = TypeVar("Result")


class Handling:
    """The findings, the cash that events claim, the clock, and the events that others await."""

    def __init__(self, findings: Findings, cash: Cash, credit: Credit, clock: Clock, awaited: Awaited) -> None:
        self._findings, self._cash, self._credit = findings, cash, credit
        self._clock, self._awaited = clock, awaited

    def _follow(
        self, event: Event, loan: RecountedLoan, before: LoanState, day: int, stops: tuple[Stop, ...] = ()
    ) -> None:
        """What follows from a loan's change besides its own event: other events, and the borrower's credit."""
        after, borrower = loan.state, loan.agreement.borrower
        self._awaited.changes(event, before, after, day, stops)
        if after.bucket > before.bucket:
            was = before.bucket or (LATE_BEFORE if before.was_late else 0)
            self._credit.note_arrears(event, borrower, was, after.bucket)
        if before.status.is_running and not after.status.is_running:
            self._credit.release(event, borrower, before.reserved_minor, outcome_of(after))

    def _stops(self, event: Event, loan: RecountedLoan) -> tuple[Stop, ...]:
        return self._clock.stops(loan.agreement.time_zone_minutes, loan.day(event))

    def _compare(self, event: Event, name: str, expected: Any, found: Any) -> None:
        self._findings.compare(event, name_of(event), name, expected, found)

    def _claim(self, event: Event, source: str, target: str, amount_minor: int) -> None:
        """The transaction moves this money for the event; nothing moves for nothing."""
        if amount_minor:
            self._cash.claim(event, name_of(event), (source, target, amount_minor))

    def _try(self, event: Event, what: str, act: Callable[[], Result]) -> Result | None:
        """What the twin says of an act; None, and a finding, when it refuses it."""
        try:
            return act()
        except (LoanRefused, ScheduleRefused) as refused:
            self._findings.refuse(event, name_of(event), what, str(refused), "done")
            return None
