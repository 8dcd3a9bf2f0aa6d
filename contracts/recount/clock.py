"""When the clocks of all loans stood still."""

from contracts.clients.events import Event
from contracts.loan import Stop
from contracts.schedule import day_at


class Clock:
    """Pauses of LoanBook and halts of the ledger, as instants."""

    def __init__(self) -> None:
        self.stops_at: list[tuple[int, int]] = []
        self.paused_since = 0

    def apply(self, event: Event) -> None:
        """Take an event of LoanBook."""
        if event.name == "ClockStopped":
            self.stops_at.append((event.args["from_at"], event.args["until_at"]))
        elif event.name == "PausedChanged":
            self.paused_since = event.timestamp if event.args["paused"] else 0

    def stops(self, zone: int, now: int) -> tuple[Stop, ...]:
        """Days of a time zone on which they stood still; a pause that lasts counts until now."""
        lasting = [(self.paused_since, now)] if self.paused_since else []
        return tuple((day_at(start, zone), day_at(end, zone)) for start, end in [*self.stops_at, *lasting])
