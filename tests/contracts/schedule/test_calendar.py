"""Days, months and the month-end rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import (
    date_of,
    day_at,
    day_of,
    due_day,
    first_due_day,
    month_index,
)

DATES = st.dates(date(1970, 1, 1), date(4000, 12, 31))


@given(DATES)
def test_days_and_dates_are_one_to_one(when: date) -> None:
    assert date_of(day_of(when)) == when
    assert day_of(when + timedelta(days=1)) == day_of(when) + 1


def test_the_epoch_is_day_zero_and_months_count_from_year_zero() -> None:
    assert day_of(date(1970, 1, 1)) == 0
    assert month_index(day_of(date(2026, 1, 31))) == 24312


@given(DATES, st.integers(1, 31), st.integers(0, 480))
def test_a_due_day_is_the_anchor_or_the_month_s_end(start: date, anchor: int, row: int) -> None:
    due = date_of(due_day(month_index(day_of(start)), anchor, row))
    assert due.day == anchor or (due.day < anchor and (due + timedelta(days=1)).day == 1)
    assert due.year * 12 + due.month == start.year * 12 + start.month + row


@pytest.mark.parametrize(
    ("disbursed", "anchor", "due"),
    [
        ("2026-01-31", 31, "2026-02-28"),
        ("2028-01-31", 30, "2028-02-29"),
        ("2026-01-15", 15, "2026-02-15"),
        ("2026-01-15", 14, "2026-03-14"),
        ("2026-12-20", 25, "2027-01-25"),
    ],
)
def test_the_first_due_day_is_the_first_anchor_a_month_later(disbursed: str, anchor: int, due: str) -> None:
    assert date_of(first_due_day(day_of(date.fromisoformat(disbursed)), anchor)) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [(0, 0, 0), (86_399, 0, 0), (86_400, 0, 1), (57_600, 480, 1), (57_599, 480, 0), (3_600, -120, -1)],
)
def test_a_day_begins_at_midnight_of_its_time_zone(instant: int, zone: int, day: int) -> None:
    assert day_at(instant, zone) == day
