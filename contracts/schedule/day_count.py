"""How much of a year lies between two days."""

from calendar import isleap
from datetime import date
from enum import IntEnum

from contracts.schedule.calendar import date_of, month_length
from contracts.schedule.errors import UnsupportedDayCount
from contracts.schedule.rounding import RoundingMode, divide

PPM = 1_000_000


class DayCount(IntEnum):
    """Day count conventions: interest accrues in whole parts of a year.

    Sources: ISDA 2006 Definitions, section 4.16 (letter in brackets); for MONTHS_360 the People's Bank of China.

    ACT_365F (d): actual days over 365. ACT_360 (e): actual days over 360.
    THIRTY_E_360 (g), "Eurobond basis": months of 30 days where the 31st counts as the 30th, over 360; February has
    no rule of its own.
    THIRTY_360_US (f with the end-of-February rule of SIFMA's Standard Securities Calculation Methods): a period
    that begins on the last day of February begins on its 30th, and ends there when it ends on one too; the 31st
    counts as the 30th at the end only if the begin is the 30th or 31st.
    ACT_ACT_ISDA (b): days in common years over 365 plus days in leap years over 366, split where the year changes;
    a part is 1 / (365 * 366) of a year, so that one rounding does.
    MONTHS_360: whole months of 30 days, odd days as they are, over 360. Notice on RMB deposit and loan interest
    (银发[2005]129号, article 3): "whole years by the year, whole months by the month, odd days by the day", the daily
    rate being the yearly one / 360.
    """

    ACT_365F = 0
    ACT_360 = 1
    THIRTY_E_360 = 2
    THIRTY_360_US = 3
    ACT_ACT_ISDA = 4
    MONTHS_360 = 5

    @property
    def year_parts(self) -> int:
        """Parts of a year: days, but for ACT_ACT_ISDA."""
        return _YEAR_PARTS[self]


ISDA_YEAR_PARTS = 365 * 366
_YEAR_PARTS = (365, 360, 360, 360, ISDA_YEAR_PARTS, 360)


def parts_between(day_count: DayCount, start_day: int, end_day: int) -> int:
    """Parts of a year from the first day (included) to the last (excluded).

    Raises UnsupportedDayCount for MONTHS_360, which two days alone do not determine (see periods.accruals).
    """
    if day_count <= DayCount.ACT_360:
        return end_day - start_day
    if day_count == DayCount.ACT_ACT_ISDA:
        return _isda_position(end_day) - _isda_position(start_day)
    if day_count == DayCount.MONTHS_360:
        raise UnsupportedDayCount(day_count)
    start, end = date_of(start_day), date_of(end_day)
    thirtieths = _us_thirtieths if day_count == DayCount.THIRTY_360_US else _eurobond_thirtieths
    first, last = thirtieths(start, end)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _isda_position(day: int) -> int:
    """Parts since the year 0: a whole year has 365 * 366, whether common or leap."""
    when = date_of(day)
    day_parts = 365 if isleap(when.year) else 366
    return when.year * ISDA_YEAR_PARTS + (when.toordinal() - date(when.year, 1, 1).toordinal()) * day_parts


def _eurobond_thirtieths(start: date, end: date) -> tuple[int, int]:
    return min(start.day, 30), min(end.day, 30)


def _us_thirtieths(start: date, end: date) -> tuple[int, int]:
    first, last = start.day, end.day
    if _ends_february(start):
        first, last = 30, 30 if _ends_february(end) else last
    if last == 31 and first >= 30:
        last = 30
    return min(first, 30), last


def _ends_february(when: date) -> bool:
    return when.month == 2 and when.day == month_length(when.year * 12 + 1)


def interest(
    base_minor: int,
    rate_ppm: int,
    parts: int,
    day_count: DayCount,
    mode: RoundingMode = RoundingMode.HALF_UP,
) -> int:
    """Interest in minor units: base * rate * parts / parts of the year, rounded once."""
    return divide(base_minor * rate_ppm * parts, PPM * day_count.year_parts, mode)
