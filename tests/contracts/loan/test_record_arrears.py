"""Buckets follow the days that the oldest unpaid row is late, once its grace has passed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import (
    ArrearsUnchanged,
    LoanNotActive,
    LoanState,
    apply_payment,
    bucket_of,
    days_late,
    originate,
    owed,
    record_arrears,
)
from tests.contracts.loan.strategies import AGREEMENT, YEAR, agreement, states, waits

LOAN = originate(agreement(YEAR, grace_days=0))
DUE = YEAR.first_due_day
STOPS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=4).map(
    lambda drawn: tuple((DUE - 50 + first, DUE - 50 + first + length) for first, length in drawn)
)


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, 0), (1, 1), (29, 1), (30, 2), (59, 2), (60, 3), (89, 3), (90, 4), (10_000, 4)]
)
def test_a_bucket_begins_at_its_day(days: int, bucket: int) -> None:
    assert bucket_of(days, 0) == bucket
    if bucket:
        loan, past = record_arrears(LOAN, DUE + days)
        assert (loan.bucket, past, loan.was_late) == (bucket, days, True)


def test_an_unchanged_bucket_is_refused() -> None:
    with pytest.raises(ArrearsUnchanged):
        record_arrears(LOAN, DUE)
    loan, _ = record_arrears(LOAN, DUE + 1)
    with pytest.raises(ArrearsUnchanged) as refused:
        record_arrears(loan, DUE + 29)
    assert refused.value.bucket == 1


@pytest.mark.parametrize(("grace", "first_bucket"), [(3, 1), (29, 2), (40, 2), (100, 4)])
def test_within_the_grace_there_is_no_bucket(grace: int, first_bucket: int) -> None:
    loan = originate(agreement(YEAR, grace_days=grace))
    with pytest.raises(ArrearsUnchanged):
        record_arrears(loan, DUE + grace)
    loan, past = record_arrears(loan, DUE + grace + 1)
    assert (loan.bucket, past) == (first_bucket, grace + 1)


@given(states, waits)
def test_recording_changes_nothing_that_is_owed(loan: LoanState, wait: int) -> None:
    day = loan.rows[0].due_day + loan.terms.grace_days + 1 + wait
    after, _ = record_arrears(loan, day)
    assert replace(after, bucket=0, was_late=False) == loan
    assert owed(after, day + wait) == owed(loan, day + wait)


@given(STOPS, st.integers(0, 400))
def test_stopped_days_do_not_count(stops: tuple[tuple[int, int], ...], wait: int) -> None:
    stopped = {day for first, until in stops for day in range(max(first, DUE), min(until, DUE + wait))}
    assert days_late(DUE, DUE + wait, stops) == wait - len(stopped)


def test_a_clock_that_stood_still_charges_nothing_for_the_time() -> None:
    loan, stop = originate(AGREEMENT), ((DUE - 5, DUE + 30),)
    assert owed(loan, DUE + 33, stop).overdue_minor == AGREEMENT.instalment_minor + loan.rows[1].due_minor
    late = owed(loan, DUE + 34, stop).overdue_minor - owed(loan, DUE + 33, stop).overdue_minor
    assert late == 2 * (AGREEMENT.late_fee_minor + round(AGREEMENT.instalment_minor * 0.18 * 4 / 365))
    loan, past = record_arrears(loan, DUE + 34, stop)
    assert (loan.bucket, past) == (1, 4)


def test_a_payment_of_everything_overdue_cures() -> None:
    day = DUE + 35
    loan, _ = record_arrears(LOAN, day)
    loan, _ = apply_payment(loan, owed(loan, day).overdue_minor, day)
    assert (loan.bucket, loan.was_late, loan.next_due_day > day) == (0, True, True)


def test_whoever_pays_late_was_late_even_if_nobody_recorded_it() -> None:
    grace_end = DUE + AGREEMENT.grace_days
    for day, late in ((grace_end, False), (grace_end + 1, True)):
        loan = originate(AGREEMENT)
        loan, _ = apply_payment(loan, owed(loan, day).overdue_minor, day)
        assert (loan.bucket, loan.was_late) == (0, late)


def test_a_closed_loan_has_no_arrears() -> None:
    loan, _ = apply_payment(LOAN, owed(LOAN, DUE).total_minor, DUE)
    with pytest.raises(LoanNotActive):
        record_arrears(loan, DUE + 100)
