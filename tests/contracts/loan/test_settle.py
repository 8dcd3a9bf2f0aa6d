"""Settling early costs what is owed, with interest as earned by the day, and ends the loan."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    LoanNotActive,
    LoanState,
    LoanStatus,
    PayoffTooHigh,
    apply_payment,
    earned_interest,
    originate,
    owed,
    payoff,
    settle,
)
from contracts.schedule import DayCount, interest
from tests.contracts.loan.strategies import (
    AGREEMENT,
    BALLOON,
    HARVESTS,
    TABLE_AGREEMENT,
    YEAR,
    agreement,
    share_of_owed,
    shares,
    states,
    waits,
)

LIVES = st.lists(st.tuples(waits, shares), max_size=4)
LOAN = originate(AGREEMENT)
DUE = YEAR.first_due_day


def lived(loan: LoanState, life: list[tuple[int, int]]) -> tuple[LoanState, int]:
    day = loan.accrued_day
    for wait, percent in life:
        if loan.status is LoanStatus.CLOSED:
            break
        day += wait
        loan, _ = apply_payment(loan, share_of_owed(loan, day, percent), day)
    return loan, day


@given(states, LIVES, waits)
def test_settling_never_costs_more_than_everything_owed(
    loan: LoanState, life: list[tuple[int, int]], wait: int
) -> None:
    loan, day = lived(loan, life)
    if loan.status is LoanStatus.CLOSED:
        return
    found, everything = payoff(loan, day + wait), owed(loan, day + wait)
    assert found.total_minor <= everything.total_minor
    assert 0 <= found.rebate_minor <= found.principal_minor
    assert found.interest_minor == 0 or found.rebate_minor == 0
    after, paid = settle(loan, found.total_minor, day + wait)
    assert (after.status, after.outstanding_principal_minor, paid) == (LoanStatus.CLOSED, 0, found)
    if found.total_minor:
        with pytest.raises(PayoffTooHigh) as refused:
            settle(loan, found.total_minor - 1, day + wait)
        assert (refused.value.payoff_minor, refused.value.max_minor) == (found.total_minor, found.total_minor - 1)


@given(states, waits, waits)
def test_interest_is_earned_day_by_day_up_to_the_schedule_s(loan: LoanState, first: int, second: int) -> None:
    start = loan.accrued_day
    assert earned_interest(loan, start) == sum(row.interest_minor for row in loan.rows if row.due_day <= start)
    assert earned_interest(loan, start + first) <= earned_interest(loan, start + first + second)
    for index, row in enumerate(loan.rows):
        due = sum(row.interest_minor for row in loan.rows[: index + 1])
        assert earned_interest(loan, row.due_day) == due
    assert earned_interest(loan, loan.rows[-1].due_day + second) == due


def test_on_the_day_of_disbursement_the_principal_alone_settles() -> None:
    assert payoff(LOAN, YEAR.disbursement_day).total_minor == YEAR.principal_minor


def test_within_a_period_interest_is_that_of_its_days() -> None:
    days = 10
    expected = interest(YEAR.principal_minor, YEAR.rate_ppm, days, DayCount.ACT_365F)
    assert payoff(LOAN, YEAR.disbursement_day + days).interest_minor == expected


def test_whole_months_and_odd_days_count_odd_days_within_a_period() -> None:
    loan = originate(agreement(BALLOON))
    month = loan.rows[0].interest_minor
    assert earned_interest(loan, YEAR.disbursement_day + 15) == month // 2
    assert earned_interest(loan, DUE - 1) == earned_interest(loan, DUE) == month


def test_interest_of_a_table_is_spread_over_its_days() -> None:
    loan = originate(TABLE_AGREEMENT, HARVESTS)
    first, second = HARVESTS[0].due_day, HARVESTS[1]
    half = (second.due_day - first) // 2
    assert earned_interest(loan, first + half) == second.interest_minor // 2


def test_interest_paid_ahead_comes_back() -> None:
    paid, _ = apply_payment(LOAN, AGREEMENT.instalment_minor, YEAR.disbursement_day)
    found = payoff(paid, YEAR.disbursement_day)
    assert found.rebate_minor == LOAN.rows[0].interest_minor
    assert found.total_minor == YEAR.principal_minor - AGREEMENT.instalment_minor


def test_late_charges_are_settled_in_full() -> None:
    day = DUE + 10
    found, everything = payoff(LOAN, day), owed(LOAN, day)
    charges = everything.overdue_minor - LOAN.rows[0].due_minor
    assert found.late_fee_minor + found.penalty_minor == charges > 0


def test_a_settled_loan_that_was_late_stays_known_as_such() -> None:
    for day, late in ((DUE + 3, False), (DUE + 4, True)):
        after, _ = settle(LOAN, 2**40, day)
        assert (after.was_late, after.bucket) == (late, 0)


def test_a_closed_loan_is_not_settled_again() -> None:
    with pytest.raises(LoanNotActive):
        payoff(replace(LOAN, status=LoanStatus.CLOSED), DUE)
