"""The APR solves its equation, agrees with the Commission's examples and other libraries, or says why it cannot."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy_financial as npf
import pytest
import QuantLib
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    RateUndefined,
    ScheduleRefused,
    date_of,
    derive,
    eu_apr,
    eu_apr_ppm,
    intervals,
    level_instalment,
    schedule_apr_ppm,
)
from contracts.schedule.apr import HIGHEST_RATE, LOWEST_RATE, Flow
from tests.contracts.schedule.golden import cases, years
from tests.contracts.schedule.strategies import Derived, schedules, tables
from tests.contracts.schedule.vectors import daily, monthly

AT_ONCE = Fraction(0)


def _payments(case: dict[str, Any]) -> list[Flow]:
    return [
        (years(line["first"]) + number * years(line["every"]), line["amount_minor"])
        for line in case["payments"]
        for number in range(line["count"])
    ]


def test_there_are_nineteen_examples_of_the_commission() -> None:
    assert len(list(cases("eu_apr.json"))) == 19


@pytest.mark.parametrize("case", cases("eu_apr.json"))
def test_the_commission_s_examples(case: dict[str, Any]) -> None:
    advances: list[Flow] = [(years(when), amount) for when, amount in case["advances"]]
    percent = 100 * eu_apr(advances, _payments(case))
    assert abs(percent - Decimal(case["apr_percent"])) < Decimal("0.000001")
    assert abs(percent - Decimal(case["published_percent"])) <= Decimal("0.05")


@given(st.one_of(schedules(max_periods=24), tables()), st.integers(0, 10))
def test_the_rate_satisfies_the_equation(found: Derived, fee_percent: int) -> None:
    advance = found.terms.principal_minor - found.terms.principal_minor * fee_percent // 100
    times = intervals(found.terms, found.rows)
    payments: list[Flow] = [(when, row.due_minor) for when, row in zip(times, found.rows, strict=True)]
    try:
        rate = float(eu_apr([(AT_ONCE, advance)], payments))
    except RateUndefined as undefined:
        assert "beyond" in undefined.reason
        return
    worth = sum(int(amount) / (1 + rate) ** float(when) for when, amount in payments)
    assert worth == pytest.approx(advance, rel=1e-9)


@given(st.integers(100_000, 10**8), st.integers(0, 360_000), st.integers(1, 60), st.integers(0, 5_000))
def test_whole_months_agree_with_numpy_financial(principal: int, rate: int, periods: int, fee: int) -> None:
    terms = monthly("2026-01-15", "2026-02-15", 15, principal_minor=principal, rate_ppm=rate, periods=periods)
    rows = derive(terms, level_instalment(terms))
    month = npf.irr([fee - principal, *(row.due_minor for row in rows)])
    assert schedule_apr_ppm(terms, rows, fee) == pytest.approx(1e6 * ((1 + month) ** 12 - 1), abs=0.51)


@given(st.integers(100_000, 10**8), st.integers(0, 360_000), st.integers(1, 40), st.integers(1, 400))
def test_days_agree_with_quantlib_s_yield(principal: int, rate: int, periods: int, length: int) -> None:
    assume(length % 7)
    terms = daily("2026-01-15", "2026-02-15", length, principal_minor=principal, rate_ppm=rate, periods=periods)
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleRefused:
        assume(False)
        raise
    leg = QuantLib.Leg([QuantLib.SimpleCashFlow(float(row.due_minor), _quantlib(row.due_day)) for row in rows])
    start = _quantlib(terms.disbursement_day)
    theirs = QuantLib.CashFlows.yieldRate(
        leg,
        float(principal),
        QuantLib.Actual365Fixed(),
        QuantLib.Compounded,
        QuantLib.Annual,
        False,
        start,
        start,
        1e-13,
        500,
        0.1,
    )
    assert schedule_apr_ppm(terms, rows) == pytest.approx(1e6 * theirs, abs=0.6)


def _quantlib(day: int) -> QuantLib.Date:
    when = date_of(day)
    return QuantLib.Date(when.day, when.month, when.year)


@given(st.decimals(Decimal("-0.9"), Decimal(5000), places=4), st.integers(1, 600))
def test_a_known_rate_is_found_again(rate: Decimal, months: int) -> None:
    when = Fraction(months, 12)
    repaid = 10**9 * (1 + rate) ** (Decimal(months) / 12)
    assert abs(eu_apr([(AT_ONCE, 10**9)], [(when, repaid)]) - rate) <= Decimal("1e-9") * (1 + abs(rate))


AMOUNTS = st.one_of(st.integers(1, 1_000), st.integers(1, 2**44))
TIMES = st.one_of(
    st.integers(1, 480).map(lambda months: Fraction(months, 12)), st.fractions(0, 400, max_denominator=366)
)


@settings(max_examples=300)
@given(AMOUNTS, st.lists(st.tuples(TIMES, AMOUNTS), min_size=1, max_size=20))
def test_one_advance_always_has_its_rate_or_a_reason(advance: int, payments: list[Flow]) -> None:
    try:
        growth = 1 + eu_apr([(AT_ONCE, advance)], payments)
    except RateUndefined as undefined:
        assert "beyond" in undefined.reason or "both" in undefined.reason
        return
    assert LOWEST_RATE <= growth <= HIGHEST_RATE
    worth = [
        sum(amount * (-when.numerator * (growth + side).ln() / when.denominator).exp() for when, amount in payments)
        for side in (-growth * Decimal("1e-12"), growth * Decimal("1e-12"))
    ]
    assert worth[1] <= advance <= worth[0] or worth[0] == pytest.approx(advance, rel=Decimal("1e-20"))


@settings(max_examples=300)
@given(st.lists(st.tuples(TIMES, AMOUNTS), min_size=1, max_size=6), st.lists(st.tuples(TIMES, AMOUNTS), max_size=6))
def test_any_flows_have_a_rate_or_a_reason(advances: list[Flow], payments: list[Flow]) -> None:
    try:
        growth = 1 + eu_apr(advances, payments)
    except RateUndefined as undefined:
        assert undefined.reason
    else:
        assert LOWEST_RATE <= growth <= HIGHEST_RATE


@pytest.mark.parametrize("half", [1, 25, 144_001, 799_999])
def test_a_rate_of_exactly_half_a_millionth_more_rounds_up(half: int) -> None:
    assert eu_apr_ppm([(AT_ONCE, 2_000_000)], [(Fraction(1), 2_000_000 + half)]) == (half + 1) // 2


def test_a_loan_without_cost_has_rate_zero() -> None:
    assert eu_apr_ppm([(AT_ONCE, 1200)], [(Fraction(month, 12), 100) for month in range(1, 13)]) == 0


@pytest.mark.parametrize(
    ("advances", "payments", "reason"),
    [
        ([(0, 100)], [], "both"),
        ([], [(1, 100)], "both"),
        ([], [], "both"),
        ([(0, 100)], [(0, 100)], "both"),
        ([(0, 100), (2, 132)], [(1, 230)], "several"),
        ([(0, 1)], [(Fraction(1, 365), 10**6)], "beyond"),
        ([(0, 10**9)], [(Fraction(1, 365), 1)], "beyond"),
    ],
)
def test_flows_without_one_rate_say_why(advances: list[Flow], payments: list[Flow], reason: str) -> None:
    with pytest.raises(RateUndefined, match=reason):
        eu_apr([(Fraction(when), sum_) for when, sum_ in advances], [(Fraction(when), sum_) for when, sum_ in payments])


def test_a_fee_of_the_whole_principal_leaves_no_advance() -> None:
    terms = monthly("2026-01-15", "2026-02-15", 15, day_count=DayCount.ACT_360)
    with pytest.raises(RateUndefined, match="both"):
        schedule_apr_ppm(terms, derive(terms, level_instalment(terms)), terms.principal_minor)
