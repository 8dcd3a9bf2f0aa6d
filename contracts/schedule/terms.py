"""What a schedule follows from."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from contracts.schedule.calendar import due_day, month_index
from contracts.schedule.day_count import DayCount, days_between
from contracts.schedule.rounding import Rounding
from contracts.typed_data import Agreement


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Terms of a monthly annuity. Amounts in minor units, the rate in ppm a year, days since 1970.

    timeline   disbursement     first due        due(1)               due(periods - 1)
               |---- row 0 -----|---- row 1 -----|----- ... ----------|
    """

    principal_minor: int
    rate_ppm: int
    periods: int
    disbursement_day: int
    first_due_day: int
    anchor_day: int
    day_count: DayCount
    multiple_minor: int = 1
    rounding: Rounding = Rounding.HALF_UP

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The part of a signed agreement that its schedule follows from. Raises ValueError: unknown day count."""
        return cls(
            principal_minor=agreement.principal_minor,
            rate_ppm=agreement.rate_ppm,
            periods=agreement.periods,
            disbursement_day=agreement.disbursement_day,
            first_due_day=agreement.first_due_day,
            anchor_day=agreement.anchor_day,
            day_count=DayCount(agreement.day_count),
            multiple_minor=agreement.instalment_multiple_minor,
        )

    def periods_of_interest(self) -> list[tuple[int, int]]:
        """Due day and days of interest of each row: from the previous due day (included) to its own (excluded)."""
        first_month = month_index(self.first_due_day)
        days = [self.disbursement_day, *(due_day(first_month, self.anchor_day, row) for row in range(self.periods))]
        return [(end, days_between(self.day_count, start, end)) for start, end in pairwise(days)]
