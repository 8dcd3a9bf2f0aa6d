"""When the clocks of all loans stood still: pauses of LoanBook and halts of the ledger."""

from contracts.loan.lateness import Stop
from contracts.schedule import day_at


class Clock:
    """The stops so far, as instants; `paused_since` is 0 while no pause lasts."""

    def __init__(self) -> None:
        self.stops_at: list[tuple[int, int]] = []
        self.paused_since = 0

    def stop(self, start_at: int, end_at: int) -> None:
        """Note a stop that is over."""
        self.stops_at.append((start_at, end_at))

    def pause(self, at: int, *, paused: bool) -> None:
        """Note that a pause begins, or ends."""
        self.paused_since = at if paused else 0

    def stops(self, zone: int, day: int) -> tuple[Stop, ...]:
        """Days of a time zone on which clocks stood still; a pause that lasts counts until the day."""
        ended = tuple((day_at(start, zone), day_at(end, zone)) for start, end in self.stops_at)
        return (*ended, (day_at(self.paused_since, zone), day)) if self.paused_since else ended
