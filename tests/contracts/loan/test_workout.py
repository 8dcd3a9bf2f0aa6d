"""Impairment, default, cover and write-off move no due date; what is paid later goes to whom it belongs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    CoverTooHigh,
    ImpairmentTooHigh,
    ImpairmentUnchanged,
    LoanNotActive,
    LoanStatus,
    MandateExceeded,
    MandateMissing,
    NothingDue,
    NotLateEnough,
    accrue,
    apply_cover,
    apply_payment,
    collect,
    declare_default,
    fund_minor,
    originate,
    owed,
    set_impairment,
    set_mandate,
    settle,
    write_off,
)
from tests.contracts.loan.strategies import AGREEMENT, YEAR, agreement, share_of_owed, shares

LOAN = originate(AGREEMENT)
DUE = YEAR.first_due_day
LATE = DUE + 91
DEFAULTED, _ = declare_default(LOAN, LATE)
amounts = st.integers(0, YEAR.principal_minor)


@pytest.mark.parametrize(("grace", "last"), [(3, 90), (90, 90), (120, 120)])
def test_a_default_needs_more_than_ninety_days_and_more_than_the_grace(grace: int, last: int) -> None:
    loan = originate(agreement(YEAR, grace_days=grace))
    with pytest.raises(NotLateEnough):
        declare_default(loan, DUE + last)
    after, late = declare_default(loan, DUE + last + 1)
    assert (after.status, after.bucket, late) == (LoanStatus.DEFAULTED, 4, last + 1)
    with pytest.raises(NotLateEnough):
        declare_default(loan, DUE + last + 1, ((DUE, DUE + 1),))


def test_paying_what_is_overdue_and_the_charges_cures_a_default() -> None:
    overdue = owed(DEFAULTED, LATE).overdue_minor
    cured, _ = apply_payment(DEFAULTED, overdue, LATE)
    assert (cured.status, cured.bucket, cured.was_late) == (LoanStatus.ACTIVE, 0, True)
    still, _ = apply_payment(DEFAULTED, overdue - 1, LATE)
    assert still.status is LoanStatus.DEFAULTED


@given(amounts, st.lists(shares, max_size=5))
def test_a_recovery_goes_to_the_lender_first_then_to_the_guarantees(cover: int, life: list[int]) -> None:
    written_off = write_off(apply_cover(DEFAULTED, cover), LATE)
    lost = YEAR.principal_minor - cover
    assert (written_off.written_off_minor, written_off.lent_minor) == (lost, 0)
    loan, principal = written_off, 0
    for percent in life:
        if loan.status is not LoanStatus.WRITTEN_OFF:
            break
        loan, split = apply_payment(loan, share_of_owed(loan, LATE, percent), LATE)
        principal += split.principal_minor
        assert written_off.written_off_minor - loan.written_off_minor == min(principal, lost)
        assert cover - loan.covered_minor == max(0, principal - lost)
        assert loan.outstanding_principal_minor == loan.covered_minor + loan.written_off_minor


@given(amounts)
def test_whether_it_is_covered_before_or_after_its_write_off_a_loan_is_the_same(cover: int) -> None:
    before, after = write_off(apply_cover(DEFAULTED, cover), LATE), apply_cover(write_off(DEFAULTED, LATE), cover)
    assert after == before


@given(amounts, amounts, shares)
def test_impairment_is_never_more_than_the_lender_still_has_in_the_loan(
    impaired: int, cover: int, percent: int
) -> None:
    loan = set_impairment(DEFAULTED, impaired) if impaired else DEFAULTED
    loan = apply_cover(loan, cover)
    assert loan.impaired_minor == min(impaired, YEAR.principal_minor - cover)
    loan, _ = apply_payment(loan, share_of_owed(loan, LATE, percent), LATE)
    assert 0 <= loan.impaired_minor <= max(0, loan.uncovered_minor)
    assert loan.lent_minor + loan.covered_minor == loan.outstanding_principal_minor


def test_impairment_has_its_bounds() -> None:
    impaired = set_impairment(LOAN, YEAR.principal_minor)
    with pytest.raises(ImpairmentUnchanged):
        set_impairment(impaired, YEAR.principal_minor)
    assert set_impairment(impaired, 0) == LOAN
    with pytest.raises(ImpairmentTooHigh):
        set_impairment(LOAN, YEAR.principal_minor + 1)


def test_cover_is_for_a_default_and_at_most_what_the_lender_has_in_it() -> None:
    with pytest.raises(LoanNotActive):
        apply_cover(LOAN, 1)
    covered = apply_cover(DEFAULTED, YEAR.principal_minor)
    assert (covered.lent_minor, covered.outstanding_principal_minor) == (0, YEAR.principal_minor)
    with pytest.raises(CoverTooHigh):
        apply_cover(covered, 1)


def test_after_a_write_off_the_claim_stands_and_no_charge_is_added() -> None:
    loan = write_off(DEFAULTED, LATE)
    assert loan.charges_minor == accrue(LOAN, LATE).charges_minor
    assert owed(loan, LATE + 500).total_minor == owed(DEFAULTED, LATE).total_minor
    closed, _ = apply_payment(loan, owed(loan, LATE + 500).total_minor, LATE + 500)
    assert (closed.status, closed.written_off_minor) == (LoanStatus.CLOSED, 0)
    with pytest.raises(LoanNotActive):
        write_off(LOAN, LATE)


def test_a_settled_loan_gives_the_guarantees_back_what_they_paid() -> None:
    covered = apply_cover(DEFAULTED, 400_000)
    _, paid = settle(covered, 2**40, LATE)
    assert fund_minor(covered, paid) == 400_000


def test_a_mandate_collects_exactly_what_is_due_until_its_last_day() -> None:
    loan = set_mandate(LOAN, LOAN.rows[0].due_minor, DUE + 3)
    with pytest.raises(NothingDue):
        collect(loan, DUE - 1)
    for day in (DUE, DUE + 3):
        after, split = collect(loan, day)
        assert (after.row, split.total_minor) == (1, LOAN.rows[0].due_minor)
    with pytest.raises(MandateMissing):
        collect(loan, DUE + 4)
    with pytest.raises(MandateMissing):
        collect(set_mandate(loan, 0, DUE + 3), DUE)
    with pytest.raises(MandateExceeded):
        collect(set_mandate(loan, LOAN.rows[0].due_minor - 1, DUE + 3), DUE)


def test_a_mandate_collects_charges_too() -> None:
    loan = set_mandate(LOAN, 2**40, DUE + 40)
    after, split = collect(loan, DUE + 40)
    assert (after.row, after.charges_minor) == (2, 0)
    assert split.late_fee_minor == 2 * AGREEMENT.late_fee_minor
