"""When each row of a formula is due, and how much of a year its interest is for."""

from functools import lru_cache
from itertools import pairwise

from contracts.schedule.calendar import due_day, month_index, months_back
from contracts.schedule.day_count import DayCount, parts_between
from contracts.schedule.method import PeriodUnit
from contracts.schedule.terms import ScheduleTerms, require_day_count

MONTH_PARTS = 30
"""Of a MONTHS_360 year."""


def due_days(terms: ScheduleTerms) -> list[int]:
    """The due day of each row: periods of so many days, or the anchor day of every so many months."""
    length, first = terms.period_length, terms.first_due_day
    if terms.period_unit == PeriodUnit.DAY:
        return [first + row * length for row in range(terms.periods)]
    month = month_index(first)
    return [due_day(month, terms.anchor_day, row * length) for row in range(terms.periods)]


@lru_cache(maxsize=64)
def accruals(terms: ScheduleTerms) -> tuple[tuple[int, int], ...]:
    """Due day and parts of a year of each row: from the previous due day (included) to its own (excluded).

    Raises UnsupportedDayCount when MONTHS_360 meets periods of days.
    """
    require_day_count(terms)
    days = due_days(terms)
    if terms.day_count == DayCount.MONTHS_360:
        rest = (MONTH_PARTS * terms.period_length,) * (terms.periods - 1)
        return tuple(zip(days, (_first_months_and_days(terms), *rest), strict=True))
    edges = pairwise([terms.disbursement_day, *days])
    return tuple((end, parts_between(terms.day_count, start, end)) for start, end in edges)


def _first_months_and_days(terms: ScheduleTerms) -> int:
    months, begin = months_back(terms.first_due_day, terms.anchor_day, terms.disbursement_day)
    return MONTH_PARTS * months + begin - terms.disbursement_day
