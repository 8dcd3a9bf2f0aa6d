"""Due days that fall on a day off: moved before signing, so that a holiday never surprises a contract."""

from dataclasses import dataclass, field
from enum import StrEnum

from contracts.schedule.calendar import date_of, month_index
from contracts.schedule.plan.errors import PlanRefused

LONGEST_BREAK_DAYS = 31
"""No run of days off is longer; one that seems to be is a mistake in the calendar."""


class Shift(StrEnum):
    """Where a due day on a day off goes (ISDA 2006 Definitions, section 4.12)."""

    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A calendar. `weekend` holds ISO weekdays (6 is Saturday); `workdays` are worked although they fall on one.

    `adjusted` interest runs to the day moved to, unadjusted interest to the day before the move.
    """

    shift: Shift = Shift.FOLLOWING
    adjusted: bool = False
    weekend: frozenset[int] = frozenset({6, 7})
    holidays: frozenset[int] = field(default_factory=frozenset)
    workdays: frozenset[int] = field(default_factory=frozenset)

    def is_open(self, day: int) -> bool:
        """Whether the day is worked: a make-up day counts before a holiday, and that before the weekend."""
        if day in self.workdays:
            return True
        return day not in self.holidays and date_of(day).isoweekday() not in self.weekend

    def moved(self, day: int) -> int:
        """The day itself when it is worked, else the one it is moved to. Raises PlanRefused."""
        if self.shift is Shift.PRECEDING:
            return self._next_open(day, -1)
        later = self._next_open(day, 1)
        leaves_month = month_index(later) != month_index(day)
        return self._next_open(day, -1) if leaves_month and self.shift is Shift.MODIFIED_FOLLOWING else later

    def _next_open(self, day: int, step: int) -> int:
        for distance in range(LONGEST_BREAK_DAYS + 1):
            if self.is_open(day + step * distance):
                return day + step * distance
        limit = f"a working day within {LONGEST_BREAK_DAYS} days is needed"
        raise PlanRefused("business_days", date_of(day).isoformat(), limit)
