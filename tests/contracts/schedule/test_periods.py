"""Due days by months and days, and the months and odd days of the People's Bank."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
import QuantLib
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    PeriodUnit,
    ScheduleTerms,
    UnsupportedDayCount,
    date_of,
    day_of,
    due_days,
    month_index,
    parts_between,
)
from contracts.schedule.calendar import months_back
from contracts.schedule.periods import accruals
from tests.contracts.schedule.strategies import is_month_end, terms_of_any_shape
from tests.contracts.schedule.vectors import daily, monthly


@given(terms_of_any_shape())
def test_due_days_follow_the_anchor_or_the_month_s_end(terms: ScheduleTerms) -> None:
    days = due_days(terms)
    assert days[0] == terms.first_due_day
    if terms.period_unit == PeriodUnit.DAY:
        assert {later - earlier for earlier, later in pairwise(days)} <= {terms.period_length}
        return
    for row, due in enumerate(days):
        assert month_index(due) == month_index(terms.first_due_day) + row * terms.period_length
        assert date_of(due).day == terms.anchor_day or (date_of(due).day < terms.anchor_day and is_month_end(due))


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(2, 60))
def test_quantlib_s_schedule_has_the_same_dates(first: date, length: int, periods: int) -> None:
    at_end = is_month_end(day_of(first))
    terms = monthly("1970-01-01", first.isoformat(), 31 if at_end else first.day, period_length=length, periods=periods)
    days = due_days(terms)
    assume(date_of(days[-1]).year < 2199)
    start, last = QuantLib.Date(first.day, first.month, first.year), date_of(days[-1])
    theirs = QuantLib.Schedule(
        start,
        QuantLib.Date(last.day, last.month, last.year),
        QuantLib.Period(length, QuantLib.Months),
        QuantLib.NullCalendar(),
        QuantLib.Unadjusted,
        QuantLib.Unadjusted,
        QuantLib.DateGeneration.Forward,
        at_end,
    )
    assert [when.ISO() for when in theirs] == [date_of(day).isoformat() for day in days]


@given(terms_of_any_shape())
def test_each_row_accrues_from_the_row_before(terms: ScheduleTerms) -> None:
    days = [terms.disbursement_day, *due_days(terms)]
    rows = accruals(terms)
    assert [due for due, _ in rows] == days[1:]
    if terms.day_count != DayCount.MONTHS_360:
        spans = pairwise(days)
        assert [parts for _, parts in rows] == [parts_between(terms.day_count, *span) for span in spans]


@pytest.mark.parametrize(
    ("disbursed", "first_due", "anchor", "length", "first", "rest"),
    [
        ("2026-01-15", "2026-02-15", 15, 1, 30, 30),
        ("2026-01-31", "2026-02-28", 31, 1, 30, 30),  # the month's end to the month's end is a month
        ("2026-01-30", "2026-02-28", 31, 1, 31, 30),  # a month and the odd day before the 31st
        ("2026-02-28", "2026-03-31", 31, 1, 30, 30),
        ("2026-01-10", "2026-02-15", 15, 1, 35, 30),
        ("2026-01-20", "2026-02-15", 15, 3, 26, 90),  # no whole month: actual days
        ("2024-02-29", "2025-02-28", 29, 12, 360, 360),
        ("2024-02-28", "2025-02-28", 29, 12, 361, 360),
        ("2025-11-05", "2026-02-15", 15, 1, 100, 30),  # three months, ten odd days
    ],
)
def test_whole_months_by_the_month_and_odd_days_by_the_day(
    disbursed: str, first_due: str, anchor: int, length: int, first: int, rest: int
) -> None:
    terms = monthly(disbursed, first_due, anchor, periods=3, period_length=length, day_count=DayCount.MONTHS_360)
    assert [parts for _, parts in accruals(terms)] == [first, rest, rest]


@given(st.integers(0, 100_000), st.integers(1, 31), st.integers(0, 200))
def test_months_back_are_as_many_as_fit(start: int, anchor: int, later: int) -> None:
    due = due_days(replace(monthly("2026-01-01", "2026-01-01", anchor), first_due_day=start + 31 + later))[0]
    months, begin = months_back(due, anchor, start)
    assert start <= begin < start + 31
    assert month_index(due) - month_index(begin) == months


def test_months_are_refused_where_periods_are_days() -> None:
    terms = daily("2026-01-01", "2026-01-08", 7, day_count=DayCount.MONTHS_360)
    with pytest.raises(UnsupportedDayCount):
        accruals(terms)
