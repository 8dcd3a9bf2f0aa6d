"""Years as the annual percentage rate counts them: months, weeks or days, counted back."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import Row, day_of, first_interval, intervals
from tests.contracts.schedule import reference
from tests.contracts.schedule.make_golden import terms_words
from tests.contracts.schedule.strategies import Derived, schedules, tables
from tests.contracts.schedule.vectors import daily, monthly


@given(st.one_of(schedules(max_periods=12), tables()))
def test_a_second_reading_of_the_rules_counts_the_same(found: Derived) -> None:
    table = [(row.due_day, row.principal_minor, row.interest_minor) for row in found.rows]
    assert intervals(found.terms, found.rows) == list(reference.times(terms_words(found.terms), table))


@given(st.one_of(schedules(max_periods=12), tables()))
def test_later_rows_lie_later(found: Derived) -> None:
    times = intervals(found.terms, found.rows)
    if found.terms.method.is_table:  # the 30th and the 31st are each whole months from the 30th
        assert all(when >= 0 for when in times)
    else:
        assert times == sorted(set(times))
        assert times[0] > 0


@pytest.mark.parametrize(
    ("disbursed", "due", "anchor", "interval"),
    [
        ("2012-01-12", "2012-02-15", 15, Fraction(1, 12) + Fraction(3, 365)),
        ("2013-01-12", "2013-02-15", 15, Fraction(1, 12) + Fraction(3, 366)),
        ("2028-02-25", "2028-04-01", 1, Fraction(1, 12) + Fraction(5, 366)),
        ("2028-02-20", "2028-03-29", 29, Fraction(1, 12) + Fraction(9, 366)),
        ("2026-01-31", "2026-02-28", 31, Fraction(1, 12)),
        ("2026-01-20", "2026-02-05", 5, Fraction(16, 365)),
    ],
)
def test_the_first_interval_counts_months_back_from_the_due_day(
    disbursed: str, due: str, anchor: int, interval: Fraction
) -> None:
    terms = monthly(disbursed, due, anchor, periods=3, period_length=5)
    assert first_interval(terms) == interval
    assert intervals(terms, [Row(nr, 0, 0, 0) for nr in (1, 2)]) == [interval, interval + Fraction(5, 12)]


def test_weeks_are_counted_back_and_others_are_days() -> None:
    rows = [Row(nr, day_of(date(2026, 1, 11)) + 14 * (nr - 1), 1, 0) for nr in (1, 2, 3)]
    fortnights = daily("2026-01-01", "2026-01-11", 14, periods=3)
    first = Fraction(1, 52) + Fraction(3, 365)
    assert intervals(fortnights, rows) == [first, first + Fraction(2, 52), first + Fraction(4, 52)]
    assert intervals(replace(fortnights, period_length=10), rows[:1]) == [Fraction(10, 365)]


def test_each_row_of_a_table_is_counted_on_its_own() -> None:
    days = ["2026-01-15", "2026-02-15", "2026-03-20", "2027-01-14", "2028-02-29"]
    rows = [Row(nr, day_of(date.fromisoformat(text)), 1, 0) for nr, text in enumerate(days, 1)]
    terms = monthly("2026-01-15", "2026-01-15", 15).as_table(rows)
    assert intervals(terms, rows) == [
        Fraction(0),
        Fraction(1, 12),
        Fraction(2, 12) + Fraction(5, 365),
        Fraction(11, 12) + Fraction(30, 365),
        Fraction(25, 12) + Fraction(14, 365),
    ]
