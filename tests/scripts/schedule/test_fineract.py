"""The rules of Fineract's two engines, each by the smallest case that shows it."""

from fractions import Fraction
from typing import Any

import pytest

from contracts.schedule import date_of
from scripts.schedule.fineract import Instalment, draw, read_loan
from tests.scripts.schedule.case import case

FLAT = {"interest_type": "FLAT", "interest_period": "SAME_AS_REPAYMENT_PERIOD"}
ACTUAL = {"days_in_year": "ACTUAL", "days_in_month": "ACTUAL"}
CUMULATIVE = {"schedule_type": "CUMULATIVE"}


def _rows(
    amount: str = "1000", day: str = "2024-01-01", months: int = 3, scenario: str = "", **changes: Any
) -> list[Instalment]:
    terms = {"annual_rate_percent": "12", "repayments": months, "term": months} | changes.get("terms", {})
    disbursed = {"date": day, "amount": amount}
    return draw(read_loan(case(terms, changes.get("settings"), disbursed=disbursed, scenario=scenario)))


def _interest(**changes: Any) -> list[int]:
    return [row.interest_minor for row in _rows(**changes)]


def _due(**changes: Any) -> list[int]:
    return [row.principal_minor + row.interest_minor for row in _rows(**changes)]


def test_progressive_flat_instalments_are_equal_and_not_levelled() -> None:
    assert _due(terms=FLAT) == [34_333, 34_333, 34_334]


def test_cumulative_flat_parts_are_equal_and_the_last_takes_both_residues() -> None:
    rows = _rows(terms=FLAT | {"annual_rate_percent": "7"}, settings=CUMULATIVE)
    assert [(row.principal_minor, row.interest_minor) for row in rows] == [(33_333, 583), (33_333, 583), (33_334, 584)]


def test_a_multiple_of_a_cumulative_flat_instalment_is_of_principal_and_interest_together() -> None:
    terms = FLAT | {"annual_rate_percent": "15"}
    rows = _rows("1250", months=4, terms=terms, settings=CUMULATIVE | {"instalment_multiple_of": "1"})
    assert [row.principal_minor + row.interest_minor for row in rows] == [32_800, 32_800, 32_800, 32_850]


def test_a_cumulative_year_has_365_days_even_if_it_is_a_leap_year() -> None:
    daily = ACTUAL | CUMULATIVE
    assert _interest(months=1, settings=daily) == [1_019]
    assert _interest(months=1, settings=ACTUAL) == [1_016]


def test_a_cumulative_instalment_comes_from_equal_months() -> None:
    rows = _rows("5000", "2022-11-01", 18, settings=ACTUAL | CUMULATIVE | {"instalment_multiple_of": "1"})
    assert {row.principal_minor + row.interest_minor for row in rows[:-1]} == {30_500}


def test_equal_principal_parts_leave_the_residue_to_the_last() -> None:
    rows = _rows(terms={"amortization": "EQUAL_PRINCIPAL"}, settings=CUMULATIVE)
    assert [row.principal_minor for row in rows] == [33_333, 33_333, 33_334]


def test_grace_on_principal_leaves_interest_due() -> None:
    rows = _rows(terms={"grace_principal": 1}, settings=CUMULATIVE)
    assert (rows[0].principal_minor, rows[0].interest_minor) == (0, 1_000)


def test_grace_on_interest_puts_it_off_to_the_first_row_after() -> None:
    """The test suite's request takes the grace from the column named as the interest-free period."""
    grace = {"grace_principal": 2, "interest_free_days": 2, "grace_interest": 1}
    assert _interest(months=4, terms=grace, settings=CUMULATIVE)[:3] == [0, 0, 3_000]


def test_a_loan_that_rounds_up_to_its_end_has_fewer_rows() -> None:
    rows = _rows(
        "10", months=4, terms={"annual_rate_percent": "0"}, settings=CUMULATIVE | {"instalment_multiple_of": "4"}
    )
    assert [row.principal_minor for row in rows] == [400, 400, 200]


def test_a_down_payment_is_part_of_the_payout_and_rounded_to_the_multiple() -> None:
    plain = _rows("487.58", settings={"down_payment_percent": "25"})
    assert (plain[0].nr, plain[0].principal_minor, plain[0].interest_minor) == (1, 12_190, 0)
    assert date_of(plain[0].due_day).isoformat() == "2024-01-01"
    whole = _rows("487.58", settings={"down_payment_percent": "25", "instalment_multiple_of": "1"})
    assert whole[0].principal_minor == 12_200


def test_a_loan_s_own_down_payment_overrides_the_product_s() -> None:
    rows = _rows(settings={"down_payment_percent": "25"}, terms={"down_payment_percent_override": "0"})
    assert len(rows) == 3


def test_the_last_day_of_the_month_stays_it() -> None:
    days = [date_of(row.due_day).isoformat() for row in _rows(day="2024-01-31")]
    assert days == ["2024-02-29", "2024-03-31", "2024-04-30"]


def test_a_fixed_length_ends_the_last_period_early() -> None:
    terms = {"repay_unit": "DAYS", "repay_every": 15, "fixed_length_days": 40}
    days = [date_of(row.due_day).isoformat() for row in _rows(day="2024-02-01", terms=terms)]
    assert days == ["2024-02-16", "2024-03-02", "2024-03-12"]


def test_a_fixed_length_counts_the_units_of_the_periods() -> None:
    weekly = {"repay_unit": "WEEKS", "repay_every": 2, "fixed_length_days": 5}
    days = [date_of(row.due_day).isoformat() for row in _rows(day="2024-02-01", terms=weekly)]
    assert days == ["2024-02-15", "2024-02-29", "2024-03-07"]


def test_cumulative_flat_interest_is_on_the_whole_payout_even_after_a_down_payment() -> None:
    rows = _rows(terms=FLAT, settings=CUMULATIVE | {"down_payment_percent": "25"})
    assert [row.interest_minor for row in rows] == [0, 1_000, 1_000, 1_000]
    assert [row.interest_minor for row in _rows(terms=FLAT, settings={"down_payment_percent": "25"})] == [
        0,
        750,
        750,
        750,
    ]


def test_flat_interest_put_off_is_spread_or_with_equal_principal_due_at_once() -> None:
    put_off = FLAT | {"interest_free_days": 1}
    assert _interest(terms=put_off, settings=CUMULATIVE) == [0, 1_500, 1_500]
    equal = put_off | {"amortization": "EQUAL_PRINCIPAL"}
    assert _interest(terms=equal, settings=CUMULATIVE) == [0, 2_000, 1_000]


def test_due_dates_count_from_the_application_when_the_scenario_says_so() -> None:
    rows = _rows(day="2024-01-05", scenario="installment start date calculated by loan submitted on date")
    assert date_of(rows[0].due_day).isoformat() == "2024-02-01"


@pytest.mark.parametrize(
    ("settings", "share"),
    [
        ({}, Fraction(30, 365) + Fraction(1, 366)),  # the last day of a year counts to the next
        ({"interest_on_disbursement_day": True}, Fraction(31, 365)),  # split where the year changes
        ({"days_in_year_custom": "FEB_29_PERIOD_ONLY"}, Fraction(31, 365)),  # no leap day in the period
    ],
)
def test_a_period_over_new_year_is_split(settings: dict[str, Any], share: Fraction) -> None:
    rows = _rows("10000000", "2023-12-01", 1, settings=ACTUAL | settings)
    assert rows[0].interest_minor == round(10**9 * Fraction(12, 100) * share)


def test_a_leap_year_only_with_its_day() -> None:
    custom = ACTUAL | {"days_in_year_custom": "FEB_29_PERIOD_ONLY"}
    assert _interest(months=1, day="2024-01-29", settings=custom) == [1_016]
    assert _interest(months=1, day="2024-03-01", settings=custom) == [1_019]


def test_half_a_cent_in_nineteen_digits_is_less() -> None:
    """750 x 7 % x 30 / 360 is 4.375; with a factor of nineteen decimals it is below."""
    assert _interest(amount="750", months=1, terms={"annual_rate_percent": "7"}) == [437]


def test_weeks_are_a_fifty_second_of_a_year_when_interest_follows_the_period() -> None:
    weekly = {"repay_unit": "WEEKS", "repay_every": 2, "interest_period": "SAME_AS_REPAYMENT_PERIOD"}
    assert _interest(months=1, terms=weekly) == [round(100_000 * 0.12 * 2 / 52)]
    assert _interest(months=1, terms=weekly, settings=CUMULATIVE | {"partial_period_interest": True}) == [462]
