"""The all-in rate, by hand and day by day."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    Method,
    RateUndefined,
    Row,
    ScheduleRefused,
    all_in_rate_ppm,
    derive,
    level_instalment,
)
from tests.contracts.schedule import reference
from tests.contracts.schedule.make_golden import terms_words
from tests.contracts.schedule.strategies import Derived, schedules, tables
from tests.contracts.schedule.vectors import monthly

BASE = monthly("2026-01-01", "2026-01-31", 31, principal_minor=100_000, periods=2)
START = BASE.disbursement_day
ROWS = [Row(1, START + 30, 50_000, 1_000), Row(2, START + 60, 50_000, 500)]


def test_by_hand() -> None:
    """1,000.00 for 30 days and 500.00 for 30: interest 15.00 on 45,000 yuan-days is 15 * 365 / 45,000 = 12.1667 %."""
    assert all_in_rate_ppm(BASE, ROWS) == 121_667


def test_by_hand_with_a_fee() -> None:
    """20.00 withheld: 35.00 of charges on (980 + 480) * 30 = 43,800 yuan-days is 35 * 365 / 43,800 = 29.1667 %."""
    assert all_in_rate_ppm(BASE, ROWS, 2_000) == 291_667


def test_a_flat_rate_of_a_percent_a_month_costs_nearly_twice_its_name() -> None:
    """12,000.00 at 1 % a month flat: 1,440.00 a year on an average of 13/24 of the principal."""
    flat = monthly("2026-01-01", "2026-02-01", 1, principal_minor=1_200_000, rate_ppm=120_000, periods=12)
    flat = replace(flat, method=Method.FLAT, day_count=DayCount.MONTHS_360)
    rate = all_in_rate_ppm(flat, derive(flat, level_instalment(flat)))
    assert rate == pytest.approx(120_000 * 24 / 13, rel=0.01)


@given(schedules(max_periods=8), st.integers(0, 2_000))
def test_a_count_day_by_day_gives_the_same(found: Derived, fee: int) -> None:
    assume(found.rows[-1].due_day - found.terms.disbursement_day < 5_000)
    table = [(row.due_day, row.principal_minor, row.interest_minor) for row in found.rows]
    expected = reference.all_in_ppm(terms_words(found.terms), table, fee)
    assume(expected is not None)
    assert all_in_rate_ppm(found.terms, found.rows, fee) == expected


@given(schedules(methods=[Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY]))
def test_without_fees_an_act_365_loan_costs_its_rate(found: Derived) -> None:
    terms = replace(found.terms, day_count=DayCount.ACT_365F)
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleRefused:
        assume(False)
        raise
    used, balance, previous = 0, terms.principal_minor, terms.disbursement_day
    for row in rows:
        used += balance * (row.due_day - previous)
        balance, previous = balance - row.principal_minor, row.due_day
    a_cent_a_row = len(rows) * 365 * 10**6 / used
    assert abs(all_in_rate_ppm(terms, rows) - terms.rate_ppm) <= a_cent_a_row + 1


@given(tables(), st.integers(1, 5_000))
def test_a_fee_makes_it_dearer(found: Derived, fee: int) -> None:
    assume(fee < found.terms.principal_minor)
    try:
        dearer = all_in_rate_ppm(found.terms, found.rows, fee)
    except RateUndefined:
        return
    assert dearer >= all_in_rate_ppm(found.terms, found.rows)


def test_nothing_in_use_has_no_rate() -> None:
    for rows, fee in (([Row(1, START, 100_000, 0)], 0), (ROWS, 100_000), (ROWS, 200_000)):
        with pytest.raises(RateUndefined, match="no principal is in use"):
            all_in_rate_ppm(BASE, rows, fee)


def test_a_fee_of_more_than_what_is_left_counts_nothing_rather_than_less() -> None:
    """60,000 withheld: 40,000 for 30 days, then nothing."""
    assert all_in_rate_ppm(BASE, ROWS, 60_000) == round((61_500 * 365 * 10**6) / (40_000 * 30))
