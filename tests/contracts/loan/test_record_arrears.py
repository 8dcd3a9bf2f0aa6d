"""Buckets follow the days past the due day of the oldest unpaid row."""

import pytest

from contracts.loan import ArrearsUnchanged, LoanNotActive, apply_payment, bucket_of, originate, owed, record_arrears
from tests.contracts.loan.strategies import AGREEMENT, YEAR

LOAN = originate(AGREEMENT)
DUE = YEAR.first_due_day


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, 0), (1, 1), (29, 1), (30, 2), (59, 2), (60, 3), (89, 3), (90, 4), (10_000, 4)]
)
def test_a_bucket_begins_at_its_day(days: int, bucket: int) -> None:
    assert bucket_of(days) == bucket
    if bucket:
        loan, past = record_arrears(LOAN, DUE + days)
        assert (loan.bucket, past) == (bucket, days)


def test_an_unchanged_bucket_is_refused() -> None:
    with pytest.raises(ArrearsUnchanged):
        record_arrears(LOAN, DUE)
    loan, _ = record_arrears(LOAN, DUE + 1)
    with pytest.raises(ArrearsUnchanged) as refused:
        record_arrears(loan, DUE + 29)
    assert refused.value.bucket == 1


def test_grace_plays_no_part() -> None:
    loan, _ = record_arrears(LOAN, DUE + AGREEMENT.grace_days)
    assert (loan.bucket, loan.late_fee_due_minor) == (1, 0)


def test_a_payment_of_everything_overdue_cures() -> None:
    day = DUE + 35
    loan, _ = record_arrears(LOAN, day)
    loan, _ = apply_payment(loan, owed(loan, day).overdue_minor, day)
    assert (loan.bucket, loan.next_due_day > day) == (0, True)


def test_a_closed_loan_has_no_arrears() -> None:
    loan, _ = apply_payment(LOAN, owed(LOAN, DUE).total_minor, DUE)
    with pytest.raises(LoanNotActive):
        record_arrears(loan, DUE + 100)
