"""The table is the golden one, and always adds up."""

from dataclasses import replace
from typing import Any

import numpy_financial as npf
import pytest
from eth_utils.crypto import keccak
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    Method,
    Row,
    ScheduleDegenerate,
    ScheduleTerms,
    derive,
    level_instalment,
    schedule_root,
    totals,
)
from tests.contracts.schedule.golden import cases, fineract_rows, fineract_terms
from tests.contracts.schedule.strategies import schedule_terms

YEAR = ScheduleTerms(
    principal_minor=1_000_000,
    rate_ppm=120_000,
    periods=12,
    disbursement_day=20_468,  # 2026-01-15
    first_due_day=20_499,
    anchor_day=15,
    day_count=DayCount.ACT_365F,
)


def _rows(terms: ScheduleTerms) -> list[Row]:
    try:
        return derive(terms, level_instalment(terms))
    except ScheduleDegenerate:
        assume(False)
        raise


@given(schedule_terms())
def test_principal_adds_up_to_the_loan(terms: ScheduleTerms) -> None:
    assert sum(row.principal_minor for row in _rows(terms)) == terms.principal_minor


@given(schedule_terms())
def test_every_row_pays_something_on_a_later_day(terms: ScheduleTerms) -> None:
    days = [terms.disbursement_day, *(row.due_day for row in _rows(terms))]
    assert days == sorted(set(days))
    assert all(row.principal_minor > 0 and row.interest_minor >= 0 for row in _rows(terms))


@given(schedule_terms())
def test_all_rows_but_the_last_are_the_instalment(terms: ScheduleTerms) -> None:
    instalment = level_instalment(terms)
    rows = _rows(terms)
    assert {row.due_minor for row in rows[:-1]} <= {instalment}
    assert instalment % terms.multiple_minor == 0
    assert rows[-1].due_minor <= 2 * instalment


@given(schedule_terms(max_periods=36))
def test_no_neighbouring_instalment_levels_the_last_row_much_better(terms: ScheduleTerms) -> None:
    terms = replace(terms, multiple_minor=1)
    instalment = level_instalment(terms)
    best = min(_spread(terms, instalment + step) for step in (-1, 0, 1))
    assert _spread(terms, instalment) <= max(best, terms.periods // 2 + terms.periods)


def _spread(terms: ScheduleTerms, instalment: int) -> int:
    try:
        return abs(derive(terms, instalment)[-1].due_minor - instalment)
    except ScheduleDegenerate:
        return 2**64


@given(st.integers(10_000, 10**8), st.integers(1_000, 360_000), st.integers(2, 60))
def test_whole_months_of_thirty_days_agree_with_numpy_financial(principal: int, rate: int, periods: int) -> None:
    terms = replace(YEAR, principal_minor=principal, rate_ppm=rate, periods=periods, day_count=DayCount.THIRTY_E_360)
    exact = -npf.pmt(rate / 12e6, periods, principal)
    instalment = level_instalment(terms)
    assert abs(instalment - exact) <= 1
    interests = -npf.ipmt(rate / 12e6, range(1, periods + 1), periods, principal)
    for row, expected in zip(derive(terms, instalment), interests, strict=True):
        assert abs(row.interest_minor - expected) <= 1 + row.nr * (rate / 12e6) * 2


@pytest.mark.parametrize("case", cases("fineract.json"))
def test_the_table_of_another_lending_system_to_the_cent(case: dict[str, Any]) -> None:
    terms = fineract_terms(case)
    assert derive(terms, level_instalment(terms)) == fineract_rows(case)


def test_the_root_is_the_hash_of_the_rows_words() -> None:
    row = Row(nr=1, due_day=3, principal_minor=2, interest_minor=1)
    assert schedule_root(Method.ANNUITY, [row]) == keccak((3 << 224 | 2 << 112 | 1).to_bytes(32, "big"))


def test_totals_count_the_fee() -> None:
    rows = derive(YEAR, level_instalment(YEAR))
    sums = totals(rows, upfront_fee_minor=5_000)
    assert sums.principal_minor == YEAR.principal_minor
    assert sums.total_minor == sum(row.due_minor for row in rows) + 5_000


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
