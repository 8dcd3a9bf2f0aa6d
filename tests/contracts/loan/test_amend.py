"""New terms take over all that was owed: what joins the principal, what is waived, and what stays due beside it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    LoanNotActive,
    LoanState,
    LoanStatus,
    MoreThanAccrued,
    WrongSequence,
    accrue,
    amend,
    apply_payment,
    earned_interest,
    originate,
    owed,
    payoff,
    record_arrears,
)
from contracts.schedule import ScheduleRefused, TermOutOfRange
from contracts.typed_data import Amendment
from tests.contracts.loan.strategies import AGREEMENT, YEAR, agreement, share_of_owed, shares

LOAN = originate(AGREEMENT)
DUE = YEAR.first_due_day
DAY = DUE + 40


def amendment(
    loan: LoanState, day: int, *, capitalised: int = 0, waived: int = 0, top_up: int = 0, **terms: Any
) -> Amendment:
    """New terms from a day on for whatever principal follows."""
    unpaid = earned_interest(loan, day) - loan.paid_interest_minor
    rebate = min(max(0, -unpaid), loan.uncovered_minor)
    principal = loan.outstanding_principal_minor - rebate + capitalised + top_up
    schedule = replace(YEAR, principal_minor=principal, disbursement_day=day, first_due_day=day + 31)
    schedule = replace(schedule, anchor_day=0, period_unit=schedule.period_unit.DAY, period_length=30)
    return Amendment(
        loan=bytes(32),
        sequence=loan.amendments + 1,
        reason=1,
        capitalised_minor=capitalised,
        waived_minor=waived,
        top_up_minor=top_up,
        terms=agreement(schedule, **terms),
    )


@given(shares, st.integers(0, 60), st.integers(0, 100), st.integers(0, 100), st.integers(0, 10**6))
def test_nothing_that_was_owed_disappears_unsaid(share: int, wait: int, capital: int, waiver: int, top_up: int) -> None:
    loan, _ = apply_payment(LOAN, share_of_owed(LOAN, DUE, share), DUE)
    if loan.status is LoanStatus.CLOSED:
        return
    day = DUE + wait
    before = payoff(loan, day)
    claims = before.interest_minor + before.late_fee_minor + before.penalty_minor
    capitalised = claims * capital // 100
    waived = (claims - capitalised) * waiver // 100
    try:
        new = amendment(loan, day, capitalised=capitalised, waived=waived, top_up=top_up)
    except ScheduleRefused:
        return
    after, found = amend(loan, new, day)
    assert payoff(after, day).total_minor == before.total_minor - waived + top_up
    left = after.charges_minor + after.carried_interest_minor
    assert left == claims - capitalised - waived
    assert found.late_fee_minor + found.penalty_minor + found.interest_minor == claims
    assert after.lent_minor == loan.lent_minor - found.rebate_minor + capitalised + top_up
    assert (after.amendments, after.accrued_day, after.row, after.bucket) == (1, day, 0, 0)


def test_penalty_goes_first_then_the_late_fee_then_interest() -> None:
    before = accrue(LOAN, DAY)
    penalty, fee = before.penalty_due_minor, before.late_fee_due_minor
    interest = earned_interest(LOAN, DAY)
    for taken, left in (
        (0, (penalty, fee, interest)),
        (penalty - 1, (1, fee, interest)),
        (penalty + 1, (0, fee - 1, interest)),
        (penalty + fee + 1, (0, 0, interest - 1)),
        (penalty + fee + interest, (0, 0, 0)),
    ):
        after, _ = amend(LOAN, amendment(LOAN, DAY, waived=taken), DAY)
        assert (after.penalty_due_minor, after.late_fee_due_minor, after.carried_interest_minor) == left
    with pytest.raises(MoreThanAccrued) as refused:
        amend(LOAN, amendment(LOAN, DAY, waived=penalty + fee + interest, capitalised=1), DAY)
    assert (refused.value.taken_minor, refused.value.owed_minor) == (
        refused.value.owed_minor + 1,
        penalty + fee + interest,
    )


def test_carried_interest_is_paid_before_the_row_s_and_bears_none() -> None:
    after, found = amend(LOAN, amendment(LOAN, DAY, waived=accrue(LOAN, DAY).charges_minor), DAY)
    carried = after.carried_interest_minor
    assert carried == found.interest_minor > 0
    assert owed(after, DAY).overdue_minor == carried
    assert owed(after, DAY + 20).overdue_minor == carried
    paid, split = apply_payment(after, carried + 1, DAY + 20)
    assert (split.carried_minor, split.interest_minor, paid.carried_interest_minor) == (carried, carried + 1, 0)
    assert (paid.row, paid.paid_row_minor) == (0, 1)


def test_interest_paid_ahead_lowers_the_principal() -> None:
    start = YEAR.disbursement_day
    paid, _ = apply_payment(LOAN, AGREEMENT.instalment_minor, start)
    _, found = amend(paid, amendment(paid, start), start)
    assert found.rebate_minor == LOAN.rows[0].interest_minor


def test_a_late_loan_is_current_again_and_known_to_have_been_late() -> None:
    late, _ = record_arrears(LOAN, DAY)
    after, _ = amend(late, amendment(late, DAY), DAY)
    assert (late.bucket, after.bucket, after.was_late) == (2, 0, True)


def test_lateness_that_nobody_recorded_is_not_forgotten_with_new_terms() -> None:
    grace_ends = DUE + AGREEMENT.grace_days
    for day, was_late in ((grace_ends, False), (grace_ends + 1, True)):
        after, _ = amend(LOAN, amendment(LOAN, day), day)
        assert after.was_late == was_late


def test_interest_beyond_what_a_loan_can_carry_is_capitalised_or_waived() -> None:
    owing = replace(LOAN, carried_interest_minor=2**44)
    with pytest.raises(TermOutOfRange) as refused:
        amend(owing, amendment(owing, YEAR.disbursement_day), YEAR.disbursement_day)
    assert (refused.value.term, refused.value.value) == ("carriedInterestMinor", 2**44)
    after, _ = amend(owing, amendment(owing, YEAR.disbursement_day, waived=1), YEAR.disbursement_day)
    assert after.carried_interest_minor == 2**44 - 1


def test_interest_that_joins_the_principal_takes_no_room_in_the_limit() -> None:
    interest = earned_interest(LOAN, DAY) + accrue(LOAN, DAY).charges_minor
    after, _ = amend(LOAN, amendment(LOAN, DAY, capitalised=interest), DAY)
    assert after.reserved_minor == LOAN.reserved_minor == LOAN.principal_minor
    after, _ = amend(LOAN, amendment(LOAN, DAY, capitalised=interest, top_up=50_000), DAY)
    assert after.reserved_minor == LOAN.reserved_minor + 50_000
    half, _ = apply_payment(LOAN, 500_000, DUE)
    less, found = amend(half, amendment(half, DUE), DUE)
    assert less.reserved_minor == found.principal_minor - found.rebate_minor < LOAN.reserved_minor


def test_a_default_ends_with_new_terms_and_a_write_off_does_not() -> None:
    defaulted = replace(LOAN, status=LoanStatus.DEFAULTED)
    after, _ = amend(defaulted, amendment(defaulted, DAY), DAY)
    assert after.status is LoanStatus.ACTIVE
    with pytest.raises(LoanNotActive):
        amend(replace(LOAN, status=LoanStatus.WRITTEN_OFF), amendment(LOAN, DAY), DAY)


@pytest.mark.parametrize("sequence", [0, 2])
def test_amendments_follow_one_another(sequence: int) -> None:
    with pytest.raises(WrongSequence):
        amend(LOAN, replace(amendment(LOAN, DAY), sequence=sequence), DAY)


def test_new_terms_begin_between_the_last_payment_and_today() -> None:
    paid, _ = apply_payment(LOAN, 1, DAY)
    for start, today in ((DAY - 1, DAY), (DAY + 1, DAY)):
        with pytest.raises(TermOutOfRange):
            amend(paid, amendment(paid, start), today)


def test_an_upfront_fee_comes_out_of_new_money_only() -> None:
    amend(LOAN, amendment(LOAN, DAY, top_up=1_000, upfront_fee_minor=1_000), DAY)
    with pytest.raises(TermOutOfRange):
        amend(LOAN, amendment(LOAN, DAY, top_up=1_000, upfront_fee_minor=1_001), DAY)


def test_the_new_principal_is_exactly_what_follows() -> None:
    new = amendment(LOAN, DAY)
    with pytest.raises(TermOutOfRange) as refused:
        amend(LOAN, replace(new, top_up_minor=1), DAY)
    assert (refused.value.term, refused.value.least) == ("principalMinor", LOAN.principal_minor + 1)
