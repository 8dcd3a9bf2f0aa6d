"""The APR solves its equation, agrees with the Commission's examples, or says why it cannot."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    RateUndefined,
    ScheduleDegenerate,
    ScheduleTerms,
    day_of,
    derive,
    eu_apr,
    eu_apr_ppm,
    first_interval,
    level_instalment,
)
from contracts.schedule.apr import Flow
from tests.contracts.schedule.golden import cases, years
from tests.contracts.schedule.strategies import schedule_terms

AT_ONCE = Fraction(0)


def _payments(case: dict[str, Any]) -> list[Flow]:
    return [
        (years(line["first"]) + number * years(line["every"]), line["amount_minor"])
        for line in case["payments"]
        for number in range(line["count"])
    ]


@pytest.mark.parametrize("case", cases("eu_apr.json"))
def test_the_commission_s_examples(case: dict[str, Any]) -> None:
    advances: list[Flow] = [(years(when), amount) for when, amount in case["advances"]]
    percent = 100 * eu_apr(advances, _payments(case))
    assert abs(percent - Decimal(case["apr_percent"])) < Decimal("0.000001")
    assert abs(percent - Decimal(case["published_percent"])) <= Decimal("0.05")


@given(schedule_terms(max_periods=24), st.integers(0, 10))
def test_the_rate_satisfies_the_equation(terms: ScheduleTerms, fee_percent: int) -> None:
    advance = terms.principal_minor - terms.principal_minor * fee_percent // 100
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleDegenerate:
        return
    first = first_interval(terms)
    payments: list[Flow] = [(first + Fraction(row.nr - 1, 12), row.due_minor) for row in rows]
    rate = float(eu_apr([(AT_ONCE, advance)], payments))
    worth = sum(int(amount) / (1 + rate) ** float(when) for when, amount in payments)
    assert worth == pytest.approx(advance, rel=1e-9)


@given(st.decimals(Decimal("-0.9"), Decimal(5000), places=4), st.integers(1, 600))
def test_a_known_rate_is_found_again(rate: Decimal, months: int) -> None:
    when = Fraction(months, 12)
    repaid = 10**9 * (1 + rate) ** (Decimal(months) / 12)
    assert abs(eu_apr([(AT_ONCE, 10**9)], [(when, repaid)]) - rate) <= Decimal("1e-9") * (1 + abs(rate))


def test_a_loan_without_cost_has_rate_zero() -> None:
    assert eu_apr_ppm([(AT_ONCE, 1200)], [(Fraction(month, 12), 100) for month in range(1, 13)]) == 0


@pytest.mark.parametrize(
    ("advances", "payments", "reason"),
    [
        ([(0, 100)], [], "both"),
        ([], [(1, 100)], "both"),
        ([(0, 100)], [(0, 100)], "both"),
        ([(0, 100), (2, 132)], [(1, 230)], "several"),
        ([(0, 1)], [(Fraction(1, 365), 10**6)], "beyond"),
        ([(0, 10**9)], [(Fraction(1, 365), 1)], "beyond"),
    ],
)
def test_flows_without_one_rate_say_why(advances: list[Flow], payments: list[Flow], reason: str) -> None:
    with pytest.raises(RateUndefined, match=reason):
        eu_apr([(Fraction(when), sum_) for when, sum_ in advances], [(Fraction(when), sum_) for when, sum_ in payments])


@pytest.mark.parametrize(
    ("disbursed", "due", "anchor", "interval"),
    [
        ("2012-01-12", "2012-02-15", 15, Fraction(1, 12) + Fraction(3, 365)),
        ("2013-01-12", "2013-02-15", 15, Fraction(1, 12) + Fraction(3, 366)),
        ("2028-02-25", "2028-04-01", 1, Fraction(1, 12) + Fraction(5, 366)),
        ("2026-01-31", "2026-02-28", 31, Fraction(1, 12)),
        ("2026-01-20", "2026-02-05", 5, Fraction(16, 365)),
    ],
)
def test_the_first_interval_counts_months_back_from_the_due_day(
    disbursed: str, due: str, anchor: int, interval: Fraction
) -> None:
    days = [day_of(date.fromisoformat(text)) for text in (disbursed, due)]
    terms = ScheduleTerms(100_000, 100_000, 3, days[0], days[1], anchor, DayCount.ACT_365F)
    assert first_interval(terms) == interval
