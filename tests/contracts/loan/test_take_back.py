"""A borrower withdraws, a bank rejects a payout, a bank takes a payment back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    Allocation,
    CoolingOffOver,
    LoanAlreadyAmended,
    LoanAlreadyPaid,
    LoanNotActive,
    LoanState,
    LoanStatus,
    PaidOutMore,
    PayoffTooHigh,
    ReturnAfterAmendment,
    ReturnTooLate,
    UnwindTooLate,
    apply_payment,
    cancel,
    earned_interest,
    originate,
    owed,
    require_returnable,
    return_payment,
    settle,
    unwind,
)
from tests.contracts.loan.strategies import YEAR, agreement, share_of_owed, shares, states, waits

SIGNED = agreement(YEAR, cooling_off_days=14, upfront_fee_minor=10_000)
LOAN = originate(SIGNED)
LAST = SIGNED.latest_origination_day + 14
PAID_OUT = 990_000


def test_withdrawing_costs_what_was_paid_out_and_the_interest_of_the_days() -> None:
    day = YEAR.disbursement_day + 7
    after, found = cancel(LOAN, SIGNED, PAID_OUT + 2_301, day)
    assert (found.amount_minor, found.interest_minor) == (PAID_OUT + 2_301, 2_301)
    assert (after.status, after.outstanding_principal_minor) == (LoanStatus.CANCELLED, 0)
    with pytest.raises(PayoffTooHigh):
        cancel(LOAN, SIGNED, PAID_OUT + 2_300, day)


def test_what_was_paid_already_is_taken_off_and_never_paid_back() -> None:
    day = YEAR.disbursement_day + 7
    paid, _ = apply_payment(LOAN, 100_000, day)
    assert cancel(paid, SIGNED, PAID_OUT, day)[1].amount_minor == PAID_OUT + 2_301 - 100_000
    most, _ = apply_payment(LOAN, 999_000, day)
    assert cancel(most, SIGNED, 0, day)[1].amount_minor == 0


@pytest.mark.parametrize(("days", "last"), [(14, LAST), (1, SIGNED.latest_origination_day + 1)])
def test_the_right_to_withdraw_ends(days: int, last: int) -> None:
    signed = replace(SIGNED, cooling_off_days=days)
    cancel(LOAN, signed, 2**40, last)
    with pytest.raises(CoolingOffOver) as refused:
        cancel(LOAN, signed, 2**40, last + 1)
    assert (refused.value.today, refused.value.last_day) == (last + 1, last)


def test_without_cooling_off_days_there_is_no_right_to_withdraw() -> None:
    with pytest.raises(CoolingOffOver):
        cancel(LOAN, replace(SIGNED, cooling_off_days=0), 2**40, YEAR.disbursement_day)


def test_an_amended_loan_is_neither_cancelled_nor_unwound() -> None:
    amended = replace(LOAN, amendments=1)
    with pytest.raises(LoanAlreadyAmended):
        cancel(amended, SIGNED, 2**40, YEAR.disbursement_day)
    with pytest.raises(LoanAlreadyAmended):
        unwind(amended, SIGNED, PAID_OUT, YEAR.disbursement_day)


def test_a_rejected_payout_takes_the_loan_back_without_cost() -> None:
    after, moved = unwind(LOAN, SIGNED, PAID_OUT, SIGNED.latest_origination_day + 30)
    assert (after.status, moved, after.lent_minor) == (LoanStatus.UNWOUND, PAID_OUT, 0)
    with pytest.raises(LoanNotActive):
        unwind(after, SIGNED, PAID_OUT, YEAR.disbursement_day)


def test_only_a_payout_that_was_rejected_in_time_and_in_full_is_unwound() -> None:
    with pytest.raises(UnwindTooLate):
        unwind(LOAN, SIGNED, PAID_OUT, SIGNED.latest_origination_day + 31)
    with pytest.raises(PaidOutMore):
        unwind(LOAN, SIGNED, PAID_OUT - 1, YEAR.disbursement_day)
    paid, _ = apply_payment(LOAN, 1, YEAR.disbursement_day)
    with pytest.raises(LoanAlreadyPaid):
        unwind(paid, SIGNED, PAID_OUT, YEAR.disbursement_day)


@given(states, st.lists(st.tuples(waits, shares), min_size=1, max_size=4), st.integers(0, 3), waits)
def test_a_returned_payment_is_owed_again_and_nothing_else(
    loan: LoanState, life: list[tuple[int, int]], which: int, wait: int
) -> None:
    day, splits = loan.accrued_day, []
    for pause, percent in life:
        day += pause
        loan, split = apply_payment(loan, share_of_owed(loan, day, percent), day)
        splits.append(split)
        if loan.status is LoanStatus.CLOSED:
            break
    before = owed(loan, day).total_minor if loan.status is LoanStatus.ACTIVE else 0
    paid, lent = splits[which % len(splits)], loan.lent_minor
    back, due = return_payment(loan, paid, day)
    assert due.total_minor == paid.total_minor
    assert owed(back, day).total_minor == before + paid.total_minor
    assert back.lent_minor == lent + due.principal_minor
    assert back.status is LoanStatus.ACTIVE


def test_the_days_before_a_return_bear_no_charge_and_those_after_count_from_the_true_due_day() -> None:
    due = LOAN.rows[0]
    paid, split = apply_payment(LOAN, due.due_minor, due.due_day)
    back, again = return_payment(paid, split, due.due_day + 10)
    assert again == Allocation(0, 0, due.interest_minor, due.principal_minor)
    assert owed(back, due.due_day + 10).overdue_minor == due.due_minor
    assert (back.bucket, back.was_late) == (1, True)
    day_later = owed(back, due.due_day + 11).overdue_minor - due.due_minor
    assert 0 < day_later < 2 * due.due_minor * 180_000 / 365 / 10**6


def test_a_settled_loan_runs_again_from_its_end() -> None:
    paid, split = apply_payment(LOAN, 88_000, YEAR.first_due_day)
    settled, _ = settle(paid, 2**40, YEAR.first_due_day + 5)
    back, due = return_payment(settled, split, YEAR.first_due_day + 9)
    assert (back.status, owed(back, YEAR.first_due_day + 9).total_minor) == (LoanStatus.ACTIVE, 88_000)
    assert back.lent_minor == due.principal_minor


def test_a_return_comes_in_time_and_on_the_terms_of_the_payment() -> None:
    require_returnable(LOAN, 20_500, 0, 20_900)
    with pytest.raises(ReturnTooLate):
        require_returnable(LOAN, 20_500, 0, 20_901)
    with pytest.raises(ReturnAfterAmendment):
        require_returnable(replace(LOAN, amendments=1), 20_500, 0, 20_501)
    with pytest.raises(LoanNotActive):
        require_returnable(replace(LOAN, status=LoanStatus.UNWOUND), 20_500, 0, 20_501)


def test_the_cost_of_the_days_is_that_of_the_schedule() -> None:
    day = YEAR.disbursement_day + 9
    assert cancel(LOAN, SIGNED, 2**40, day)[1].interest_minor == earned_interest(LOAN, day)
