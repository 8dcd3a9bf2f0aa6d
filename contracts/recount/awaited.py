"""Events that must follow others in the same transaction."""

from typing import Any

from contracts.clients.events import Event
from contracts.loan import LoanState, LoanStatus, Stop
from contracts.recount.findings import Findings
from contracts.recount.recounted import name_of


class Awaited:
    """What the transaction at hand still owes, by name and loan."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._open: dict[tuple[str, bytes], tuple[Event, dict[str, Any]]] = {}

    def add(self, event: Event, name: str, **members: Any) -> None:
        """An event with these members must follow this one."""
        self._open[name, event.args["loan"]] = event, members

    def met(self, event: Event) -> bool:
        """Whether an event was awaited; its members are compared."""
        awaited = self._open.pop((event.name, event.args["loan"]), None)
        if awaited is None:
            return False
        for member, expected in awaited[1].items():
            self._findings.compare(event, name_of(event), member, expected, event.args[member])
        return True

    def end_transaction(self) -> None:
        """Name what is missing."""
        for (name, _loan), (event, _) in self._open.items():
            self._findings.refuse(event, name_of(event), name, "an event", "none")
        self._open.clear()

    def changes(
        self, event: Event, before: LoanState, after: LoanState, day: int, stops: tuple[Stop, ...] = ()
    ) -> None:
        """What follows from a loan's change besides its own event."""
        if after.bucket != before.bucket:
            late = after.days_late(day, stops) if after.status.is_running else 0
            self.add(event, "ArrearsChanged", bucket=after.bucket, days_past_due=late)
        if after.impaired_minor != before.impaired_minor:
            self.add(event, "ImpairmentChanged", impaired_minor=after.impaired_minor)
        if before.status is LoanStatus.DEFAULTED and after.status is LoanStatus.ACTIVE:
            self.add(event, "LoanCured")
        if after.status is LoanStatus.CLOSED:
            self.add(event, "LoanClosed", day=day)
            self._findings.loans_closed += 1
