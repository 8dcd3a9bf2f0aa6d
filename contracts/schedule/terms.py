"""What a schedule follows from."""

from dataclasses import dataclass
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

    def due_day(self, row: int) -> int:
        """The day on which row 0, 1, 2, ... is due."""
        return due_day(month_index(self.first_due_day), self.anchor_day, row)

    def days(self, row: int) -> int:
        """Days of interest in a row: from the previous due day (included) to its own (excluded)."""
        start = self.disbursement_day if row == 0 else self.due_day(row - 1)
        return days_between(self.day_count, start, self.due_day(row))
