"""Money in is money applied; never more than owed; a closed loan has nothing left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    Allocation,
    LoanNotActive,
    LoanState,
    LoanStatus,
    Overpayment,
    ZeroPayment,
    accrue,
    apply_payment,
    originate,
    owed,
)
from tests.contracts.loan.strategies import AGREEMENT, YEAR, agreement, share_of_owed, shares, states, waits

LIVES = st.lists(st.tuples(waits, shares), max_size=12)
LOAN = originate(AGREEMENT)
DUE = YEAR.first_due_day
GRACE_END = DUE + AGREEMENT.grace_days
INSTALMENT = AGREEMENT.instalment_minor


@given(states, LIVES)
def test_money_is_conserved(loan: LoanState, life: list[tuple[int, int]]) -> None:
    day, principal, total = loan.accrued_day, 0, loan.balance_minor
    for wait, percent in life:
        day += wait
        before = owed(loan, day).total_minor
        amount = share_of_owed(loan, day, percent)
        loan, paid = apply_payment(loan, amount, day)
        assert paid.total_minor == amount
        principal += paid.principal_minor
        assert loan.outstanding_principal_minor == total - principal >= 0
        if loan.status is LoanStatus.CLOSED:
            assert (before, principal) == (amount, total)
            break
        assert owed(loan, day).total_minor == before - amount


@given(states, LIVES, waits, st.integers(1, 10**9))
def test_more_than_owed_is_refused_whole(loan: LoanState, life: list[tuple[int, int]], wait: int, extra: int) -> None:
    loan, day = _live(loan, life)
    if loan.status is LoanStatus.CLOSED:
        return
    due = owed(loan, day + wait).total_minor
    with pytest.raises(Overpayment) as refused:
        apply_payment(loan, due + extra, day + wait)
    assert (refused.value.amount_minor, refused.value.owed_minor) == (due + extra, due)


@given(states, LIVES, waits)
def test_everything_owed_closes_the_loan_with_nothing_left(
    loan: LoanState, life: list[tuple[int, int]], wait: int
) -> None:
    loan, day = _live(loan, life)
    if loan.status is LoanStatus.ACTIVE:
        loan, _ = apply_payment(loan, owed(loan, day + wait).total_minor, day + wait)
    assert loan.status is LoanStatus.CLOSED
    assert loan.outstanding_principal_minor == loan.balance_minor == loan.paid_row_minor == 0
    assert loan.late_fee_due_minor == loan.penalty_due_minor == loan.bucket == loan.next_due_day == 0
    with pytest.raises(LoanNotActive):
        apply_payment(loan, 1, day + wait)


@given(states, st.lists(shares, max_size=6))
def test_splitting_a_payment_of_one_day_changes_nothing_but_the_split_of_charges(
    loan: LoanState, parts: list[int]
) -> None:
    day = loan.rows[0].due_day
    pieces, split = [], loan
    for percent in parts:
        if split.status is LoanStatus.CLOSED:
            break
        pieces.append(share_of_owed(split, day, percent))
        split, _ = apply_payment(split, pieces[-1], day)
    if pieces:
        whole, _ = apply_payment(loan, sum(pieces), day)
        assert whole == split


@given(states, st.integers(0, 40))
def test_paying_by_the_end_of_the_grace_never_charges(loan: LoanState, wait: int) -> None:
    for row in loan.rows:
        day = row.due_day + min(wait, loan.terms.grace_days)
        loan, paid = apply_payment(loan, row.due_minor, day)
        assert (paid.interest_minor, paid.principal_minor) == (row.interest_minor, row.principal_minor)
    assert loan.status is LoanStatus.CLOSED


@given(states, LIVES, st.lists(waits, max_size=5))
def test_touching_a_loan_more_often_never_changes_what_it_owes(
    loan: LoanState, life: list[tuple[int, int]], touches: list[int]
) -> None:
    loan, day = _live(loan, life)
    end = day + sum(touches)
    touched = loan
    for wait in touches:
        day += wait
        touched = accrue(touched, day)
    assert touched == accrue(loan, end)


def _live(loan: LoanState, life: list[tuple[int, int]]) -> tuple[LoanState, int]:
    day = loan.accrued_day
    for wait, percent in life:
        if loan.status is LoanStatus.CLOSED:
            break
        day += wait
        loan, _ = apply_payment(loan, share_of_owed(loan, day, percent), day)
    return loan, day


def test_an_early_payment_pays_interest_first_then_principal() -> None:
    loan, paid = apply_payment(LOAN, 20_000, YEAR.disbursement_day)
    assert paid == Allocation(interest_minor=LOAN.rows[0].interest_minor, principal_minor=20_000 - 10_192)
    assert loan.outstanding_principal_minor == 1_000_000 - paid.principal_minor


def test_a_day_after_the_grace_the_fee_and_the_penalty_from_the_due_day_are_charged() -> None:
    in_time, _ = apply_payment(LOAN, INSTALMENT, GRACE_END)
    assert in_time.row == 1
    late, paid = apply_payment(LOAN, INSTALMENT, GRACE_END + 1)
    penalty = round(INSTALMENT * 0.18 * 4 / 365)
    assert paid == Allocation(2_000, penalty, 10_192, INSTALMENT - 2_000 - penalty - 10_192)
    assert late.row == 0
    assert late.paid_row_minor == INSTALMENT - 2_000 - penalty


def test_the_late_fee_is_charged_once_a_row() -> None:
    loan = accrue(accrue(LOAN, GRACE_END + 1), GRACE_END + 20)
    assert loan.late_fee_due_minor == 2_000
    assert accrue(LOAN, LOAN.rows[1].due_day + 4).late_fee_due_minor == 4_000


def test_the_penalty_stops_growing_at_its_cap() -> None:
    at_cap = accrue(LOAN, DUE + 90)
    beyond = accrue(LOAN, DUE + 91)
    later_rows = owed(LOAN, DUE + 91)
    assert later_rows.overdue_minor > 0
    first_row_cap = (INSTALMENT * 180_000 * 90 + 182_500_000) // 365_000_000
    assert accrue(originate(agreement(YEAR, grace_days=90)), DUE + 91).penalty_due_minor == first_row_cap
    assert beyond.penalty_due_minor > at_cap.penalty_due_minor  # only through later rows


def test_charges_stop_at_what_the_contract_s_field_holds() -> None:
    loan = originate(agreement(YEAR, late_fee_minor=2**32 - 1))
    assert accrue(loan, loan.rows[2].due_day).late_fee_due_minor == 2**28 - 1


def test_charges_may_come_last_in_the_waterfall() -> None:
    loan = originate(agreement(YEAR, waterfall=0x3412))
    loan, paid = apply_payment(loan, INSTALMENT, GRACE_END + 1)
    assert (loan.row, paid.late_fee_minor, paid.penalty_minor) == (1, 0, 0)
    assert loan.late_fee_due_minor == 2_000


def test_a_loan_whose_rows_are_paid_stays_open_until_its_charges_are() -> None:
    loan = originate(agreement(YEAR, waterfall=0x3412))
    *earlier, last = loan.rows
    for row in earlier:
        loan, _ = apply_payment(loan, row.due_minor, row.due_day)
    day = last.due_day + loan.terms.grace_days + 1
    charges = owed(loan, day).total_minor - last.due_minor
    loan, _ = apply_payment(loan, last.due_minor, day)
    assert (loan.status, loan.row, owed(loan, day).total_minor) == (LoanStatus.ACTIVE, 12, charges)
    loan, paid = apply_payment(loan, charges, day + 400)
    assert (loan.status, paid.total_minor) == (LoanStatus.CLOSED, charges)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_payment_must_move_something(amount: int) -> None:
    with pytest.raises(ZeroPayment):
        apply_payment(LOAN, amount, DUE)
