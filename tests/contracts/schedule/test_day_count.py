"""Day counts against QuantLib on thousands of pairs, and on the days where conventions part."""

from datetime import date
from fractions import Fraction

import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.schedule import DayCount, RoundingMode, UnsupportedDayCount, date_of, day_of, interest, parts_between
from tests.contracts.schedule.strategies import PLAIN_DAY_COUNTS

QUANTLIB = {
    DayCount.ACT_365F: QuantLib.Actual365Fixed(),
    DayCount.ACT_360: QuantLib.Actual360(),
    DayCount.THIRTY_E_360: QuantLib.Thirty360(QuantLib.Thirty360.EurobondBasis),
    DayCount.THIRTY_360_US: QuantLib.Thirty360(QuantLib.Thirty360.USA),
    DayCount.ACT_ACT_ISDA: QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
}
LAST_QUANTLIB_DAY = day_of(date(2199, 12, 31))
EDGES = [
    day_of(date(year, month, day)) + shift
    for year in (1972, 1999, 2000, 2004, 2026, 2027, 2028, 2099, 2100, 2101, 2196)
    for month, day in ((1, 1), (1, 31), (2, 28), (3, 1), (4, 30), (12, 31))
    for shift in (-1, 0, 1)
    if year > 1970
]
DAYS = st.one_of(st.integers(0, LAST_QUANTLIB_DAY), st.sampled_from(EDGES))
PAIRS = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))


def _quantlib(day: int) -> QuantLib.Date:
    when = date_of(day)
    return QuantLib.Date(when.day, when.month, when.year)


def _require_equal(day_count: DayCount, start: int, end: int) -> None:
    parts, theirs = parts_between(day_count, start, end), QUANTLIB[day_count]
    first, last = _quantlib(start), _quantlib(end)
    if day_count == DayCount.ACT_ACT_ISDA:
        assert parts / day_count.year_parts == pytest.approx(theirs.yearFraction(first, last), abs=1e-9)
    else:
        assert parts == theirs.dayCount(first, last)
        assert parts / day_count.year_parts == pytest.approx(theirs.yearFraction(first, last), abs=1e-12)


@pytest.mark.parametrize("day_count", PLAIN_DAY_COUNTS)
def test_quantlib_counts_the_same_between_all_edges(day_count: DayCount) -> None:
    for start in EDGES:
        for end in EDGES:
            if start <= end:
                _require_equal(day_count, start, end)


@settings(max_examples=1_000)
@given(st.sampled_from(PLAIN_DAY_COUNTS), PAIRS)
def test_quantlib_counts_the_same_between_any_days(day_count: DayCount, pair: tuple[int, int]) -> None:
    _require_equal(day_count, *pair)


@given(st.sampled_from(PLAIN_DAY_COUNTS), PAIRS, st.integers(1, 2**44), st.integers(0, 360_000))
def test_quantlib_s_simple_interest_is_ours_before_it_is_rounded(
    day_count: DayCount, pair: tuple[int, int], base: int, rate: int
) -> None:
    theirs = QuantLib.InterestRate(rate / 1e6, QUANTLIB[day_count], QuantLib.Simple, QuantLib.Annual)
    grown = theirs.compoundFactor(_quantlib(pair[0]), _quantlib(pair[1]))
    ours = interest(base, rate, parts_between(day_count, *pair), day_count)
    assert abs(ours - base * (grown - 1)) <= 0.5 + base * grown * 1e-9


@given(st.sampled_from([DayCount.ACT_365F, DayCount.ACT_360, DayCount.ACT_ACT_ISDA]), st.tuples(DAYS, DAYS, DAYS))
def test_actual_days_add_up(day_count: DayCount, days: tuple[int, int, int]) -> None:
    start, middle, end = sorted(days)
    whole = parts_between(day_count, start, end)
    assert whole == parts_between(day_count, start, middle) + parts_between(day_count, middle, end)


@given(st.sampled_from(PLAIN_DAY_COUNTS), PAIRS)
def test_no_time_is_negative_and_later_is_never_less(day_count: DayCount, pair: tuple[int, int]) -> None:
    start, end = pair
    assert parts_between(day_count, start, end) >= 0
    if day_count != DayCount.THIRTY_360_US:  # there the 31st after the 30th's begin is the 30th again
        assert parts_between(day_count, start, end) <= parts_between(day_count, start, end + 1)


@given(st.integers(1970, 2300), st.sampled_from(PLAIN_DAY_COUNTS))
def test_a_calendar_year_is_one_year(year: int, day_count: DayCount) -> None:
    days = 366 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 365
    parts = parts_between(day_count, day_of(date(year, 1, 1)), day_of(date(year + 1, 1, 1)))
    expected = {DayCount.ACT_365F: Fraction(days, 365), DayCount.ACT_360: Fraction(days, 360)}
    assert Fraction(parts, day_count.year_parts) == expected.get(day_count, 1)


@pytest.mark.parametrize(
    ("start", "end", "actual", "eurobond", "us"),
    [
        ("2026-01-15", "2026-02-15", 31, 30, 30),
        ("2026-02-28", "2026-03-30", 30, 32, 30),  # only the US convention has a rule for February
        ("2026-02-28", "2026-03-31", 31, 32, 30),
        ("2026-01-31", "2026-02-28", 28, 28, 28),
        ("2026-01-30", "2026-01-31", 1, 0, 0),
        ("2026-01-29", "2026-01-31", 2, 1, 2),  # the US 31st stays unless the begin is the 30th or 31st
        ("2024-02-29", "2025-02-28", 365, 359, 360),
        ("2024-02-28", "2024-02-29", 1, 1, 1),
        ("2027-12-31", "2028-12-31", 366, 360, 360),
    ],
)
def test_days_where_conventions_part(start: str, end: str, actual: int, eurobond: int, us: int) -> None:
    first, last = (day_of(date.fromisoformat(text)) for text in (start, end))
    assert parts_between(DayCount.ACT_365F, first, last) == actual
    assert parts_between(DayCount.ACT_360, first, last) == actual
    assert parts_between(DayCount.THIRTY_E_360, first, last) == eurobond
    assert parts_between(DayCount.THIRTY_360_US, first, last) == us


def test_actual_actual_splits_where_the_year_changes() -> None:
    """ISDA's own example: 2003-11-01 to 2004-05-01 is 61/365 + 121/366."""
    parts = parts_between(DayCount.ACT_ACT_ISDA, day_of(date(2003, 11, 1)), day_of(date(2004, 5, 1)))
    assert Fraction(parts, 365 * 366) == Fraction(61, 365) + Fraction(121, 366)


def test_months_are_not_counted_between_two_days() -> None:
    with pytest.raises(UnsupportedDayCount) as refused:
        parts_between(DayCount.MONTHS_360, 0, 31)
    assert refused.value.day_count == DayCount.MONTHS_360


def test_interest_is_rounded_once() -> None:
    exact_half = (1_000, 6_000, 30, DayCount.THIRTY_E_360)  # 0.5
    rounded = [interest(*exact_half, mode) for mode in RoundingMode]
    assert rounded == [1, 0, 1, 0]
