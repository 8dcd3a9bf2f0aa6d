"""Whatever a plan says, its rows add up, and a LoanBook would carry them out."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.schedule import Method, ScheduleRefused, TableBalanceLeft, date_of, derive, verify_table
from contracts.schedule.plan import PlanRefused, Resolved, parse_plan, resolve
from tests.contracts.schedule.plan.strategies import plans

YEAR: dict[str, Any] = {
    "method": "annuity",
    "principal_minor": 1_000_000,
    "rate_ppm": 120_000,
    "periods": 12,
    "disbursement_date": "2026-01-15",
}


def _resolved(plan: dict[str, Any]) -> Resolved:
    try:
        return resolve(parse_plan(plan))
    except (PlanRefused, ScheduleRefused):
        assume(False)
        raise


def _of(**changes: Any) -> Resolved:
    return resolve(parse_plan(YEAR | changes))


@given(plans())
def test_principal_adds_up_to_what_is_lent(plan: dict[str, Any]) -> None:
    resolved = _resolved(plan)
    assert resolved.totals.principal_minor == plan["principal_minor"] + plan["fees"]["financed_minor"]
    assert resolved.lines[-1].balance_minor == 0
    assert all(line.balance_minor >= 0 for line in resolved.lines)


@given(plans())
def test_the_table_shown_and_the_table_signed_ask_for_the_same(plan: dict[str, Any]) -> None:
    resolved = _resolved(plan)
    shown = [(line.due_day, line.principal_minor, line.interest_minor) for line in resolved.lines[1:]]
    signed = [(row.due_day, row.principal_minor, row.interest_minor) for row in resolved.rows]
    assert [row for row in shown if row[1] or row[2]] == signed
    assert [row.nr for row in resolved.rows] == list(range(1, len(signed) + 1))


@given(plans())
def test_what_is_signed_is_what_a_loan_book_derives_or_verifies(plan: dict[str, Any]) -> None:
    resolved = _resolved(plan)
    if resolved.table:
        verify_table(resolved.terms, resolved.rows)
    else:
        assert derive(resolved.terms, resolved.instalment_minor) == list(resolved.rows)


@given(plans())
def test_due_days_are_working_days_and_increase(plan: dict[str, Any]) -> None:
    resolved = _resolved(plan)
    days = [row.due_day for row in resolved.rows]
    assert days == sorted(set(days))
    calendar = resolved.plan.business_days
    later = [day for day in days if day != resolved.plan.disbursement_day]
    assert calendar is None or all(calendar.is_open(day) for day in later)


@given(plans(["annuity", "equal_principal"]), st.integers(1, 60_000))
def test_a_higher_rate_never_asks_for_less_interest(plan: dict[str, Any], more: int) -> None:
    cheaper = _resolved(plan)
    dearer = _resolved(plan | {"rate_ppm": plan["rate_ppm"] + more})
    assert dearer.totals.interest_minor >= cheaper.totals.interest_minor - len(cheaper.rows)


@given(plans())
def test_waived_interest_costs_no_more_than_deferred_interest(plan: dict[str, Any]) -> None:
    assume("moratorium" in plan)
    deferred, waived = (
        _resolved(plan | {"moratorium": plan["moratorium"] | {"interest": word}}) for word in ("deferred", "waived")
    )
    assert waived.totals.interest_minor <= deferred.totals.interest_minor


def test_a_plan_that_a_formula_says_is_one() -> None:
    resolved = _of(moratorium={"principal_periods": 3})
    assert not resolved.table
    assert resolved.terms.interest_only_periods == 3
    assert [row.principal_minor for row in resolved.rows[:3]] == [0, 0, 0]


@pytest.mark.parametrize("idle", [{"moratorium": {"principal_periods": 3}}, {"method": "interest_only"}])
def test_rows_without_interest_or_principal_are_shown_and_not_signed(idle: dict[str, Any]) -> None:
    resolved = _of(rate_ppm=0, **idle)
    resting = sum(not line.due_minor for line in resolved.lines[1:])
    assert resolved.table
    assert len(resolved.rows) == 12 - resting < 12


def test_a_calendar_that_moves_nothing_leaves_the_formula() -> None:
    assert not _of(business_days={"weekend": []}).table


@pytest.mark.parametrize(
    "beyond",
    [
        {"down_payment": {"percent_ppm": 250_000}},
        {"moratorium": {"principal_periods": 2, "interest_periods": 1}},
        {"weights": [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1]},
        {"business_days": {}},
    ],
)
def test_what_a_formula_cannot_say_becomes_a_table(beyond: dict[str, Any]) -> None:
    assert _of(**beyond).terms.method is Method.CUSTOM


def test_a_down_payment_is_due_on_the_first_day_and_rounded_to_the_multiple() -> None:
    rows = _of(down_payment={"percent_ppm": 123_456}, rounding={"multiple_minor": 100}).rows
    assert (date_of(rows[0].due_day).isoformat(), rows[0].principal_minor, rows[0].interest_minor) == (
        "2026-01-15",
        123_500,
        0,
    )
    assert len(rows) == 13


def test_deferred_interest_is_due_with_the_first_row_that_asks_for_interest() -> None:
    resolved = _of(moratorium={"principal_periods": 3, "interest_periods": 3}, day_count="months_360")
    assert [line.due_minor for line in resolved.lines[1:4]] == [0, 0, 0]
    assert resolved.lines[4].interest_minor == 4 * 10_000
    assert len(resolved.rows) == 9


def test_steps_and_seasons_pay_in_proportion_and_rest_at_weight_nought() -> None:
    rows = _of(weights=[1, 1, 1, 0, 2, 2, 2, 0, 3, 3, 3, 3]).rows
    assert rows[3].principal_minor == rows[7].principal_minor == 0
    assert rows[4].due_minor == 2 * rows[0].due_minor
    assert rows[8].due_minor == 3 * rows[0].due_minor
    assert abs(rows[-1].due_minor - 3 * rows[0].due_minor) <= sum((1, 1, 1, 2, 2, 2, 3, 3, 3, 3))


def test_weights_too_small_for_their_interest_are_refused_with_the_row() -> None:
    with pytest.raises(ScheduleRefused, match="row 0"):
        _of(weights=[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10_000])


def test_a_financed_fee_is_lent_and_not_paid_out() -> None:
    resolved = _of(fees={"financed_minor": 30_000, "upfront_minor": 5_000})
    assert resolved.terms.principal_minor == 1_030_000
    assert resolved.plan.received_minor == 995_000
    assert resolved.plan.fees_minor == 35_000
    assert resolved.cost_minor == resolved.totals.interest_minor + 35_000


def test_a_custom_row_without_interest_asks_for_all_that_has_accrued() -> None:
    rows = [
        {"due_date": "2026-02-15", "principal_minor": 0, "interest_minor": 1_000},
        {"due_date": "2026-07-15", "principal_minor": 400_000},
        {"due_date": "2027-01-15", "principal_minor": 600_000},
    ]
    resolved = resolve(parse_plan({**YEAR, "method": "custom", "periods": 3, "rows": rows}))
    first, second, third = (row.interest_minor for row in resolved.rows)
    accrued = [10_192, 49_315, 36_296]
    assert (first, second, third) == (1_000, accrued[0] - 1_000 + accrued[1], accrued[2])


def test_a_custom_row_that_asks_for_more_than_accrues_is_refused() -> None:
    rows = [{"due_date": "2026-02-15", "principal_minor": 1_000_000, "interest_minor": 10_193}]
    with pytest.raises(ScheduleRefused, match="accrued is 10192"):
        resolve(parse_plan({**YEAR, "method": "custom", "periods": 1, "rows": rows}))


@pytest.mark.parametrize(
    ("dates", "field", "limit"),
    [
        (["2026-01-14"], "rows[0].due_date", "from 2026-01-15 on"),
        (["2026-02-15", "2026-02-15"], "rows[1].due_date", "after 2026-02-15"),
        (["2026-05-01", "2026-04-01"], "rows[1].due_date", "after 2026-05-01"),
    ],
)
def test_custom_rows_follow_one_another_even_where_nothing_is_due(dates: list[str], field: str, limit: str) -> None:
    rows = [{"due_date": date, "principal_minor": 0, "interest_minor": 0} for date in dates]
    rows[-1]["principal_minor"] = 1_000_000
    with pytest.raises(PlanRefused) as refused:
        resolve(parse_plan({**YEAR, "method": "custom", "periods": None, "rows": rows}))
    assert (refused.value.field, refused.value.value) == (field, dates[-1])
    assert limit in refused.value.limit


def test_a_table_in_which_nothing_is_due_is_refused() -> None:
    rows = [{"due_date": "2026-05-01", "principal_minor": 0}]
    with pytest.raises(TableBalanceLeft, match="leaves 1000000"):
        resolve(parse_plan({**YEAR, "method": "custom", "periods": 1, "rate_ppm": 0, "rows": rows}))


@pytest.mark.parametrize(
    ("beyond", "row"),
    [
        ({"disbursement_date": "2026-01-30", "period": {"unit": "days"}}, "row 2 must be due after 2026-02-02"),
        (
            {"disbursement_date": "2026-01-30", "period": {"unit": "days"}, "business_days": {"shift": "preceding"}},
            "row 1 must be due after 2026-01-30",
        ),
    ],
)
def test_rows_that_days_off_move_together_are_refused(beyond: dict[str, Any], row: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        _of(**{"business_days": {}} | beyond)
    assert refused.value.field == "business_days"
    assert row in refused.value.limit


def test_interest_that_has_not_accrued_by_an_earlier_due_day_waits() -> None:
    """Unadjusted interest is for the whole month; paid on the Friday before, a day of it is due a month later."""
    plain = _of(periods=3, disbursement_date="2026-02-28", first_due_date="2026-03-28")
    moved = _of(
        periods=3,
        disbursement_date="2026-02-28",
        first_due_date="2026-03-28",
        business_days={"shift": "preceding"},
    )
    assert date_of(moved.rows[0].due_day).isoformat() == "2026-03-27"
    assert moved.rows[0].interest_minor < plain.rows[0].interest_minor
    assert [row.principal_minor for row in moved.rows] == [row.principal_minor for row in plain.rows]
    one_day = 329
    assert 0 <= plain.totals.interest_minor - moved.totals.interest_minor < one_day


def test_months_of_thirty_days_go_into_a_table_by_days_of_thirty() -> None:
    resolved = _of(day_count="months_360", down_payment={"amount_minor": 100_000})
    assert resolved.terms.day_count.name == "THIRTY_E_360"
    assert resolved.rows[1].interest_minor == 9_000


def test_a_plan_too_long_for_a_loan_book_is_refused() -> None:
    with pytest.raises(PlanRefused, match="last due day of 2284"):
        _of(periods=480, period={"unit": "years"}, rate_ppm=0)


def test_the_markdown_has_a_line_for_each_row_and_none_for_the_payout() -> None:
    lines = _of(periods=1).markdown().splitlines()
    assert lines == [
        "| row | due | principal | interest | due_minor | balance after |",
        "|---|---|---|---|---|---|",
        "| 1 | 2026-02-15 | 1000000 | 10192 | 1010192 | 0 |",
    ]
