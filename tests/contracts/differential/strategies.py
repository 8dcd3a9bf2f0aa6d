"""Agreements over the whole space of the rules; the simplest ones first, so that failures shrink to them."""

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from contracts.schedule import DayCount, Method, PeriodUnit, due_day, level_instalment, month_index
from contracts.schedule.limits import (
    LAST_DAY,
    MAX_DAY,
    MAX_FIRST_PERIOD_DAYS,
    MAX_INSTALMENT_MINOR,
    MAX_PERIOD_DAYS,
    MAX_PERIOD_MONTHS,
    MAX_PERIODS,
    MAX_PRINCIPAL_MINOR,
    MAX_RATE_PPM,
)
from tests.contracts.differential.case import Case

LAST_DATE = 31
"""Of the longest months."""

ORDINARY_DAYS = st.integers(20_454, 22_000)
YEAR_ENDS_AND_FEBRUARIES = st.builds(
    lambda year, month, shift: due_day(12 * year, LAST_DATE, month - 1) + shift,
    st.sampled_from([2026, 2027, 2028, 2099, 2100, 2101, 1972, 2000, 2240]),
    st.sampled_from([1, 2, 12, 4, 3]),
    st.integers(-2, 2),
)
DISBURSEMENT_DAYS = st.one_of(ORDINARY_DAYS, YEAR_ENDS_AND_FEBRUARIES, st.integers(0, MAX_DAY))
RATES = st.one_of(
    st.integers(0, 360_000),
    st.sampled_from([120_000, 60_000, 240_000, 180_000, 36_000, 90_000]),  # with months of 30 days: exact halves
    st.integers(1, 36_000),
)
RARE_RATES = st.one_of(st.just(0), st.integers(1, 100), st.integers(0, MAX_RATE_PPM), st.just(MAX_RATE_PPM))
PERIODS = st.one_of(st.integers(1, 12), st.integers(1, 12), st.integers(1, 40))
LONG_PERIODS = st.one_of(st.sampled_from([MAX_PERIODS, MAX_PERIODS - 1, 360, 120]), st.integers(41, MAX_PERIODS))
MONTH_LENGTHS = st.one_of(st.just(1), st.sampled_from([12, 3, 6, 2, 24]), st.integers(1, MAX_PERIOD_MONTHS))
DAY_LENGTHS = st.one_of(st.sampled_from([7, 1, 14, 28, 30]), st.integers(1, 400), st.integers(1, MAX_PERIOD_DAYS))
ANCHORS = st.one_of(st.integers(1, 31), st.sampled_from([31, 30, 29, 28]))
MODES = st.integers(0, 3)
FEES = st.one_of(st.just(0), st.integers(0, 50_000))
HUGE = st.one_of(st.integers(1, MAX_PRINCIPAL_MINOR), st.just(MAX_PRINCIPAL_MINOR))
FEW_MINOR = st.integers(1, 1_000)
A_ROW_S_PRINCIPAL = st.one_of(
    st.integers(1_000, 10_000_000), st.integers(100, 1_000_000), st.integers(1, 100_000).map(lambda part: 50 * part)
)
MULTIPLES = st.one_of(st.just(1), st.sampled_from([10, 100, 500, 1_000]), st.integers(1, 1_000_000))
MONTHS_AHEAD = st.one_of(st.none(), st.integers(0, 3), st.integers(0, MAX_PERIOD_MONTHS))
DAYS_AHEAD = st.one_of(st.none(), st.integers(1, 60), st.integers(1, MAX_FIRST_PERIOD_DAYS))
"""None is one whole period."""
FORMULAS = st.sampled_from([method for method in Method if not method.is_table])
UNITS = st.sampled_from(PeriodUnit)
MOST_PRICED_ROWS = 40
ONE_IN_PRICED = 8
ONE_IN_LONG = 60
ONE_IN_RARE = 6

between = cache(st.integers)
"""Numbers from the first to the second, both included."""


def examples(number: int) -> settings:
    """So many examples; machines are shared, so that how long one takes says nothing."""
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def once_in(draw: st.DrawFn, number: int) -> bool:
    """Once in so many draws; simplest is not to."""
    return draw(between(0, number - 1)) == number - 1


def draw_periods(draw: st.DrawFn) -> int:
    """1 to 480, mostly few."""
    return draw(LONG_PERIODS if once_in(draw, ONE_IN_LONG) else PERIODS)


def draw_principal(draw: st.DrawFn, number: int) -> int:
    """Mostly enough for so many rows; at times a few minor units, or as much as there may be."""
    if once_in(draw, ONE_IN_RARE):
        return draw(HUGE if draw(st.booleans()) else FEW_MINOR)
    return draw(A_ROW_S_PRINCIPAL) * number


def draw_rate(draw: st.DrawFn) -> int:
    """Mostly up to 36 % a year; at times nothing, next to nothing, or up to 1,677 %."""
    return draw(RARE_RATES if once_in(draw, ONE_IN_RARE) else RATES)


def draw_priced(draw: st.DrawFn, number: int) -> bool:
    """Whether the rates of so many rows are compared too."""
    return number <= MOST_PRICED_ROWS and once_in(draw, ONE_IN_PRICED)


def _draw_multiple(draw: st.DrawFn, part: int) -> int:
    """1, or what an instalment of about this size may be a multiple of; at times anything."""
    multiple = draw(MULTIPLES)
    return multiple if multiple < part // 20 or once_in(draw, 20) else 1


def _draw_months(draw: st.DrawFn, start: int) -> dict[str, int]:
    """A first due day some months after the start (a long or short first period) on its anchor, and the length."""
    length, anchor, ahead = draw(MONTH_LENGTHS), draw(ANCHORS), draw(MONTHS_AHEAD)
    if once_in(draw, ONE_IN_RARE):  # a February
        ahead = (1 - month_index(start)) % 12 + draw(between(0, 1)) * 12
    month, ahead = month_index(start), length if ahead is None else ahead
    if due_day(month, anchor, ahead) <= start:
        ahead += 1
    if due_day(month, anchor, ahead) > start + MAX_FIRST_PERIOD_DAYS:
        ahead -= 1
    return {"period_length": length, "anchor_day": anchor, "first_due_day": due_day(month, anchor, ahead)}


def _draw_days(draw: st.DrawFn, start: int) -> dict[str, int]:
    """A first due day some days after the start, and the length in days."""
    length, ahead = draw(DAY_LENGTHS), draw(DAYS_AHEAD)
    return {"period_length": length, "anchor_day": 0, "first_due_day": start + (length if ahead is None else ahead)}


def _draw_rounding(draw: st.DrawFn, method: Method) -> int:
    """A word that the method allows."""
    residue = draw(between(0, 1)) if method == Method.EQUAL_PRINCIPAL else 0
    return draw(MODES) | residue << 4 | draw(between(0, 1)) << 8


def _draw_moratorium(draw: st.DrawFn, number: int) -> int:
    return draw(between(0, min(3, number - 1))) if draw(st.booleans()) else draw(between(0, number - 1))


@st.composite
def formulas(draw: st.DrawFn, days: st.SearchStrategy[int] = DISBURSEMENT_DAYS) -> Case:
    """Formula terms with the levelled instalment."""
    method, unit, start = draw(FORMULAS), draw(UNITS), draw(days)
    by_months = unit == PeriodUnit.MONTH
    calendar: dict[str, Any] = (_draw_months if by_months else _draw_days)(draw, start)
    number = 1 if method == Method.BULLET else draw_periods(draw)
    if not once_in(draw, 10):
        number = _fitting(number, calendar["first_due_day"], calendar["period_length"] * (31 if by_months else 1))
    principal = draw_principal(draw, number)
    return Case(
        principal_minor=principal,
        rate_ppm=draw_rate(draw),
        periods=number,
        disbursement_day=start,
        day_count=draw(between(0, DayCount.MONTHS_360 if by_months else DayCount.ACT_ACT_ISDA)),
        multiple_minor=_draw_multiple(draw, principal // number) if method.has_instalment else 1,
        rounding=_draw_rounding(draw, method),
        method=int(method),
        period_unit=int(unit),
        interest_only_periods=_draw_moratorium(draw, number) if method.has_instalment else 0,
        instalment_minor=None if method.has_instalment else 0,
        upfront_fee_minor=draw(FEES),
        priced=draw_priced(draw, number),
        **calendar,
    )


def _fitting(number: int, first: int, length: int) -> int:
    """So many periods of about so many days, or as many as end before the last day that is allowed."""
    return max(1, min(number, 1 + (LAST_DAY - first) // length))


NEAR_STEPS = st.integers(-3, 3)
NEAR_PERMILLES = st.integers(500, 2_000)
ANY_INSTALMENT = st.integers(1, MAX_INSTALMENT_MINOR)


@st.composite
def perturbed(draw: st.DrawFn) -> Case:
    """Formula terms with an instalment that is near the levelled one, or anything."""
    case = draw(formulas())
    if case.instalment_minor is not None:
        return case
    exact = max(0, _draw_near(draw, case, level_instalment(case.terms)))
    multiple = 1 if once_in(draw, 10) else case.multiple_minor
    return replace(case, instalment_minor=exact // multiple * multiple)


def _draw_near(draw: st.DrawFn, case: Case, level: int) -> int:
    """A few multiples or some permilles beside the levelled instalment, an edge, or anything."""
    how = draw(between(0, 5))
    if how < 2:
        return level + draw(NEAR_STEPS) * case.multiple_minor
    if how < 4:
        return level * draw(NEAR_PERMILLES) // 1_000
    edges = st.sampled_from([case.principal_minor, case.principal_minor // case.periods, 1])
    return draw(edges if how == 4 else ANY_INSTALMENT)
