"""The instalment levels the last row, is a multiple, and is what the formula says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import (
    Levelling,
    Method,
    Rounding,
    RoundingMode,
    ScheduleRefused,
    ScheduleTerms,
    derive,
    level_instalment,
)
from tests.contracts.schedule import reference
from tests.contracts.schedule.make_golden import terms_words
from tests.contracts.schedule.strategies import Derived, schedules, terms_of_any_shape
from tests.contracts.schedule.vectors import monthly

YEAR = monthly("2026-01-15", "2026-02-15", 15, rate_ppm=120_000, periods=12)


@given(terms_of_any_shape(max_periods=12))
def test_a_second_reading_of_the_rules_finds_the_same(terms: ScheduleTerms) -> None:
    assert level_instalment(terms) == reference.instalment_of(terms_words(terms))


@given(schedules())
def test_it_is_a_multiple_and_there_is_none_where_nothing_is_equal(found: Derived) -> None:
    if found.terms.method.has_instalment:
        assert found.instalment_minor >= found.terms.multiple_minor
        assert found.instalment_minor % found.terms.multiple_minor == 0
    else:
        assert found.instalment_minor == 0


@given(st.integers(50_000, 10**8), st.integers(0, 360_000), st.integers(2, 36), st.sampled_from(RoundingMode))
def test_no_neighbour_levels_the_last_row_much_better(
    principal: int, rate: int, periods: int, mode: RoundingMode
) -> None:
    terms = replace(YEAR, principal_minor=principal, rate_ppm=rate, periods=periods, rounding=Rounding(mode))
    instalment = level_instalment(terms)
    best = min(_spread(terms, instalment + step) for step in (-1, 0, 1))
    assert _spread(terms, instalment) <= max(best, periods // 2 + periods)


def _spread(terms: ScheduleTerms, instalment: int) -> int:
    try:
        return abs(derive(terms, instalment)[-1].due_minor - instalment)
    except ScheduleRefused:
        return 2**64


@given(schedules(methods=[Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.FLAT]))
def test_levelling_never_makes_the_last_row_differ_more(found: Derived) -> None:
    exact = level_instalment(replace(found.terms, rounding=replace(found.terms.rounding, levelling=Levelling.EXACT)))
    assert _spread(found.terms, found.instalment_minor) <= _spread(found.terms, exact)


@pytest.mark.parametrize(
    ("mode", "parts"),
    [
        (RoundingMode.HALF_UP, (334, 335)),
        (RoundingMode.HALF_EVEN, (334, 334)),
        (RoundingMode.UP, (334, 335)),
        (RoundingMode.DOWN, (333, 334)),
    ],
)
def test_equal_parts_are_rounded_by_the_mode(mode: RoundingMode, parts: tuple[int, int]) -> None:
    halves = replace(YEAR, method=Method.EQUAL_PRINCIPAL, periods=2, rounding=Rounding(mode))
    found = tuple(level_instalment(replace(halves, principal_minor=principal)) for principal in (667, 669))
    assert found == parts


@pytest.mark.parametrize(
    ("principal", "exact", "levelled", "differences"),
    [(163_352, 7_688, 7_687, (-14, 12)), (361_327, 17_004, 17_005, (15, -14))],
)
def test_a_pass_moves_an_instalment_whose_last_row_differs_by_more_than_half_a_cent_a_row(
    principal: int, exact: int, levelled: int, differences: tuple[int, int]
) -> None:
    terms = replace(YEAR, principal_minor=principal, periods=24)
    assert level_instalment(terms) == levelled
    assert level_instalment(replace(terms, rounding=Rounding(levelling=Levelling.EXACT))) == exact
    found = [derive(terms, instalment)[-1].due_minor - instalment for instalment in (exact, levelled)]
    assert tuple(found) == differences


def test_a_small_loan_still_pays_one_multiple() -> None:
    assert level_instalment(replace(YEAR, principal_minor=10, multiple_minor=100)) == 100
