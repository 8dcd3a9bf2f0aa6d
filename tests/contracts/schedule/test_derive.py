"""The rows of every formula add up, follow from one another, and agree with other people's libraries."""

from dataclasses import replace
from typing import Any

import numpy_financial as npf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import (
    MAX_ROW_MINOR,
    DayCount,
    Method,
    Residue,
    Rounding,
    RoundingMode,
    RowTooLarge,
    ScheduleDegenerate,
    ScheduleRefused,
    ScheduleTerms,
    UnsupportedMethod,
    derive,
    level_instalment,
    totals,
    verify_table,
)
from contracts.schedule.row import Row
from tests.contracts.schedule.golden import cases, rows_of, terms_of
from tests.contracts.schedule.strategies import RATES, Derived, schedules
from tests.contracts.schedule.vectors import monthly

YEAR = monthly("2026-01-15", "2026-02-15", 15, rate_ppm=120_000, periods=12)
MONTHS = replace(YEAR, day_count=DayCount.MONTHS_360)
LOOKING_AHEAD = [Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY]
"""A flat rate looks back on the first principal."""


@given(schedules())
def test_principal_adds_up_to_the_loan(found: Derived) -> None:
    assert sum(row.principal_minor for row in found.rows) == found.terms.principal_minor


@given(schedules())
def test_every_row_is_due_later_and_pays_something(found: Derived) -> None:
    days = [found.terms.disbursement_day, *(row.due_day for row in found.rows)]
    assert days == sorted(set(days))
    assert days[1] == found.terms.first_due_day
    assert all(row.due_minor > 0 and row.principal_minor >= 0 and row.interest_minor >= 0 for row in found.rows)
    assert [row.nr for row in found.rows] == list(range(1, found.terms.periods + 1))


@given(schedules())
def test_the_balance_is_never_negative_and_ends_at_zero(found: Derived) -> None:
    *balances, left = found.balances()
    assert left == 0
    assert all(balance > 0 for balance in balances)


@given(schedules())
def test_rows_are_what_their_method_says(found: Derived) -> None:
    terms, instalment = found.terms, found.instalment_minor
    open_rows = found.rows[: terms.interest_only_periods]
    level_rows = found.rows[terms.interest_only_periods : -1]
    assert all(row.principal_minor == 0 for row in open_rows)
    if terms.method in {Method.ANNUITY, Method.FLAT}:
        assert {row.due_minor for row in level_rows} <= {instalment}
        assert found.rows[-1].due_minor <= 2 * instalment
    elif terms.method == Method.EQUAL_PRINCIPAL:
        skipped = terms.rounding.residue == Residue.FIRST
        assert {row.principal_minor for row in level_rows[skipped:]} <= {instalment}
    else:
        assert all(row.principal_minor == 0 for row in level_rows)


@given(schedules(methods=LOOKING_AHEAD), st.data())
def test_deriving_again_from_any_row_on_gives_the_same_rest(found: Derived, data: st.DataObject) -> None:
    terms = found.terms
    assume(terms.periods > 1)
    done = data.draw(st.integers(1, terms.periods - 1))
    first_is_paid = done > terms.interest_only_periods
    rest = replace(
        terms,
        principal_minor=found.balances()[done],
        periods=terms.periods - done,
        disbursement_day=found.rows[done - 1].due_day,
        first_due_day=found.rows[done].due_day,
        interest_only_periods=max(terms.interest_only_periods - done, 0),
        rounding=replace(terms.rounding, residue=Residue.LAST) if first_is_paid else terms.rounding,
    )
    expected = [replace(row, nr=row.nr - done) for row in found.rows[done:]]
    assert derive(rest, found.instalment_minor) == expected


@given(schedules(), RATES)
def test_interest_grows_with_the_rate(found: Derived, other_rate: int) -> None:
    try:
        other = derive(replace(found.terms, rate_ppm=other_rate), found.instalment_minor)
    except ScheduleRefused:
        assume(False)
        raise
    low, high = (found.rows, other) if found.terms.rate_ppm <= other_rate else (other, found.rows)
    assert all(one.interest_minor <= two.interest_minor for one, two in zip(low, high, strict=True))


@given(schedules(methods=[Method.BULLET]))
def test_modes_differ_by_at_most_a_cent_a_row(found: Derived) -> None:
    by_mode = [derive(replace(found.terms, rounding=Rounding(mode)), 0) for mode in RoundingMode]
    for half_up, half_even, up, down in zip(*by_mode, strict=True):
        assert down.interest_minor <= half_even.interest_minor <= half_up.interest_minor <= up.interest_minor
        assert up.interest_minor - down.interest_minor <= 1


@given(st.integers(10_000, 10**8), st.integers(1_000, 360_000), st.integers(2, 60))
def test_an_annuity_of_whole_months_agrees_with_numpy_financial(principal: int, rate: int, periods: int) -> None:
    terms = replace(MONTHS, principal_minor=principal, rate_ppm=rate, periods=periods)
    monthly_rate, numbers = rate / 12e6, range(1, periods + 1)
    instalment = level_instalment(terms)
    assert abs(instalment + npf.pmt(monthly_rate, periods, principal)) <= 1
    interests = -npf.ipmt(monthly_rate, numbers, periods, principal)
    principals = -npf.ppmt(monthly_rate, numbers, periods, principal)
    for row, interest, repaid in zip(derive(terms, instalment), interests, principals, strict=True):
        drift = (1 + monthly_rate) ** row.nr * row.nr  # a cent a row, with interest
        assert abs(row.interest_minor - interest) <= 1 + drift
        assert abs(row.principal_minor - repaid) <= 2 + drift * (periods if row.nr == periods else 1)


@given(st.integers(100_000, 10**8), st.integers(1_000, 360_000), st.integers(2, 60))
def test_the_rows_earn_the_rate_by_numpy_financial(principal: int, rate: int, periods: int) -> None:
    for method in (Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY):
        terms = replace(MONTHS, principal_minor=principal, rate_ppm=rate, periods=periods, method=method)
        try:
            rows = derive(terms, level_instalment(terms))
        except ScheduleDegenerate:
            continue
        earned = npf.irr([-principal, *(row.due_minor for row in rows)])
        assert earned == pytest.approx(rate / 12e6, abs=2 / principal)


@given(st.integers(10_000, 10**8), st.integers(0, 360_000), st.integers(1, 60))
def test_equal_principal_is_equal_and_its_interest_falls_by_a_step(principal: int, rate: int, periods: int) -> None:
    terms = replace(MONTHS, principal_minor=principal, rate_ppm=rate, periods=periods, method=Method.EQUAL_PRINCIPAL)
    part = principal / periods
    for row in derive(terms, level_instalment(terms)):
        left = principal - (row.nr - 1) * part
        assert abs(row.interest_minor - left * rate / 12e6) <= 0.5 + row.nr * rate / 12e6
        assert abs(row.principal_minor - part) <= (0.5 if row.nr < periods else periods / 2)


@given(st.integers(10_000, 10**8), st.integers(0, 360_000), st.integers(2, 60))
def test_a_flat_rate_charges_the_whole_principal_every_month(principal: int, rate: int, periods: int) -> None:
    terms = replace(MONTHS, principal_minor=principal, rate_ppm=rate, periods=periods, method=Method.FLAT)
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleDegenerate:
        assume(False)
        raise
    assert len({row.interest_minor for row in rows}) == 1
    assert abs(rows[0].interest_minor - principal * rate / 12e6) <= 0.5


@pytest.mark.parametrize("case", cases("fineract.json"))
def test_the_table_of_another_lending_system_to_the_cent(case: dict[str, Any]) -> None:
    terms, rows = terms_of(case), rows_of(case)
    assert level_instalment(terms) == case["instalment_minor"]
    if terms.method.is_table:
        verify_table(terms, rows)
    else:
        assert derive(terms, case["instalment_minor"]) == rows


@pytest.mark.parametrize(
    ("instalment", "row"),
    [
        (10_192, 0),  # just the interest of the first row
        (1_020_000, 0),  # repays everything at once
        (80_000, 11),  # leaves more than two instalments to the last row
        (100_000, 10),  # repays everything before the last row
    ],
)
def test_an_instalment_that_does_not_carry_the_schedule_is_refused(instalment: int, row: int) -> None:
    with pytest.raises(ScheduleDegenerate) as refused:
        derive(YEAR, instalment)
    assert refused.value.row == row


@pytest.mark.parametrize("method", [Method.ANNUITY, Method.FLAT])
def test_one_row_may_be_two_instalments_and_no_more(method: Method) -> None:
    one = replace(YEAR, periods=1, method=method)
    due = 1_010_192
    assert derive(one, due // 2)[0].due_minor == due
    with pytest.raises(ScheduleDegenerate):
        derive(one, due // 2 - 1)


@pytest.mark.parametrize("method", [Method.ANNUITY, Method.FLAT])
def test_the_last_row_s_interest_is_less_than_an_instalment(method: Method) -> None:
    dear = replace(YEAR, periods=1, method=method, rate_ppm=2**24 - 1)
    charged = 1_424_914
    assert derive(dear, charged + 1)[0].interest_minor == charged
    with pytest.raises(ScheduleDegenerate) as refused:
        derive(dear, charged)
    assert refused.value.interest_minor == charged


def test_the_last_part_may_be_two_parts_and_no_more() -> None:
    parts = replace(YEAR, periods=2, method=Method.EQUAL_PRINCIPAL, principal_minor=3_000)
    assert [row.principal_minor for row in derive(parts, 1_000)] == [1_000, 2_000]
    with pytest.raises(ScheduleDegenerate) as refused:
        derive(parts, 999)
    assert (refused.value.row, refused.value.balance_minor) == (1, 2_001)


def test_the_first_part_takes_the_residue_as_long_as_something_is_left() -> None:
    parts = replace(YEAR, periods=3, method=Method.EQUAL_PRINCIPAL, principal_minor=2_001)
    parts = replace(parts, rounding=Rounding(residue=Residue.FIRST))
    assert [row.principal_minor for row in derive(parts, 1_000)] == [1, 1_000, 1_000]
    with pytest.raises(ScheduleDegenerate) as refused:
        derive(parts, 1_001)
    assert (refused.value.row, refused.value.balance_minor) == (0, 2_001)


def test_a_row_before_the_last_pays_something() -> None:
    for terms in (
        replace(YEAR, rate_ppm=0, method=Method.INTEREST_ONLY),
        replace(YEAR, rate_ppm=0, interest_only_periods=1),
    ):
        with pytest.raises(ScheduleDegenerate) as refused:
            derive(terms, 100_000)
        assert (refused.value.row, refused.value.interest_minor) == (0, 0)


def test_the_largest_row_and_one_beyond() -> None:
    bullet = replace(YEAR, method=Method.BULLET, periods=1, rate_ppm=0, principal_minor=MAX_ROW_MINOR)
    assert derive(bullet, 0)[0].due_minor == MAX_ROW_MINOR == 2**39 - 1
    with pytest.raises(RowTooLarge) as refused:
        derive(replace(bullet, principal_minor=MAX_ROW_MINOR + 1), 0)
    assert vars(refused.value) == {"row": 0, "total_minor": 2**39, "most_minor": 2**39 - 1}


def test_a_table_has_no_formula() -> None:
    table = YEAR.as_table([Row(1, 20_499, 1_000_000, 0)])
    with pytest.raises(UnsupportedMethod) as refused:
        derive(table, 0)
    assert refused.value.method == Method.CUSTOM


def test_totals_count_the_fee() -> None:
    rows = derive(YEAR, level_instalment(YEAR))
    sums = totals(rows, upfront_fee_minor=5_000)
    assert sums.principal_minor == YEAR.principal_minor
    assert sums.total_minor == sum(row.due_minor for row in rows) + 5_000


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**112 - 1), st.integers(0, 2**112 - 1))
def test_a_row_and_its_word_are_one_to_one(day: int, principal: int, interest: int) -> None:
    row = Row(7, day, principal, interest)
    assert Row.of(7, row.word) == row
    assert row.word < 2**256


def test_an_annuity_of_480_rows_at_the_largest_principal() -> None:
    terms = ScheduleTerms(2**44 - 1, 30_000, 480, 20_468, 20_499, 15, DayCount.ACT_ACT_ISDA)
    rows = derive(terms, level_instalment(terms))
    assert sum(row.principal_minor for row in rows) == 2**44 - 1
