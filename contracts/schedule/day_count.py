"""How many days of interest lie between two days, and of which year."""

from enum import IntEnum

from contracts.schedule.calendar import date_of
from contracts.schedule.rounding import Rounding, divide

PPM = 1_000_000


class DayCount(IntEnum):
    """Day count conventions (ISDA 2006 Definitions, section 4.16).

    ACT_365F (d): actual days over 365. ACT_360 (e): actual days over 360.
    THIRTY_E_360 (g): "Eurobond basis", months of 30 days where the 31st counts as the 30th, over 360;
    February has no rule of its own.
    """

    ACT_365F = 0
    ACT_360 = 1
    THIRTY_E_360 = 2

    @property
    def year_days(self) -> int:
        """Days of the convention's year."""
        return 365 if self is DayCount.ACT_365F else 360


def days_between(day_count: DayCount, start_day: int, end_day: int) -> int:
    """Days of interest from the first day (included) to the last (excluded)."""
    if day_count is not DayCount.THIRTY_E_360:
        return end_day - start_day
    start, end = date_of(start_day), date_of(end_day)
    months = (end.year - start.year) * 12 + end.month - start.month
    return 30 * months + min(end.day, 30) - min(start.day, 30)


def interest(
    balance_minor: int,
    rate_ppm: int,
    days: int,
    day_count: DayCount,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Interest in minor units: balance * rate * days / days of the year, rounded once."""
    return divide(balance_minor * rate_ppm * days, PPM * day_count.year_days, rounding)
