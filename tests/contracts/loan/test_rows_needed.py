"""A payment of a loan by a table brings the rows that it reads, and no others matter."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import LoanState, LoanStatus, apply_payment, originate, owed, rows_needed
from contracts.loan.accrual import with_bucket
from contracts.schedule import Row
from tests.contracts.loan.strategies import HARVESTS, TABLE_AGREEMENT, share_of_owed, shares, states, waits

LOAN = originate(TABLE_AGREEMENT, HARVESTS)
FIRST, SECOND, THIRD = HARVESTS


def _with_other_rows(loan: LoanState, needed: range, amount: int) -> LoanState:
    """The loan with whatever else its rows after the needed ones might be, due as soon as can be."""
    kept, hidden = loan.rows[: needed.stop], loan.rows[needed.stop :]
    soonest = kept[-1].due_day + 1
    other = [Row(row.nr, soonest + index, amount, amount) for index, row in enumerate(hidden)]
    return replace(loan, rows=(*kept, *other))


def _without_rows(loan: LoanState) -> LoanState:
    return replace(loan, rows=())


@given(states, st.lists(st.tuples(waits, shares), max_size=4), waits, shares, st.integers(1, 10**6))
def test_rows_that_are_not_needed_change_nothing(
    loan: LoanState, life: list[tuple[int, int]], wait: int, percent: int, other: int
) -> None:
    day = loan.accrued_day
    for pause, share in life:
        day += pause
        loan, _ = apply_payment(loan, share_of_owed(loan, day, share), day)
        if loan.status is LoanStatus.CLOSED:
            return
    day += wait
    amount = share_of_owed(loan, day, percent)
    needed = rows_needed(loan, amount, day)
    assert needed.start == loan.row
    if needed:
        hidden = _with_other_rows(loan, needed, other)
        expected, split = apply_payment(loan, amount, day)
        found, found_split = apply_payment(hidden, amount, day)
        assert (_without_rows(found), found_split) == (_without_rows(expected), split)
        touched = _with_other_rows(loan, rows_needed(loan, 0, day), other)
        assert _without_rows(with_bucket(touched, day)) == _without_rows(with_bucket(loan, day))


def test_a_part_of_a_row_in_time_needs_that_row() -> None:
    assert rows_needed(LOAN, 1, FIRST.due_day) == range(1)
    assert rows_needed(LOAN, FIRST.due_minor, FIRST.due_day) == range(1)


def test_what_goes_beyond_a_row_needs_the_next() -> None:
    assert rows_needed(LOAN, FIRST.due_minor + 1, FIRST.due_day) == range(2)
    assert rows_needed(LOAN, FIRST.due_minor + SECOND.due_minor, FIRST.due_day) == range(2)


def test_a_row_paid_after_its_due_day_needs_the_next_to_tell_the_arrears() -> None:
    assert rows_needed(LOAN, FIRST.due_minor, FIRST.due_day + 1) == range(2)


def test_a_late_loan_needs_every_row_past_its_grace_and_one_more() -> None:
    grace_end = SECOND.due_day + TABLE_AGREEMENT.grace_days
    assert rows_needed(LOAN, 1, grace_end) == range(2)
    assert rows_needed(LOAN, 1, grace_end + 1) == range(3)


def test_recording_arrears_needs_the_open_row() -> None:
    assert rows_needed(LOAN, 0, THIRD.due_day + 100) == range(1)


def test_more_than_everything_owed_reads_every_row() -> None:
    assert rows_needed(LOAN, owed(LOAN, FIRST.due_day).total_minor + 1, FIRST.due_day) == range(3)


def test_a_loan_with_no_row_left_needs_none() -> None:
    loan, _ = apply_payment(LOAN, owed(LOAN, FIRST.due_day).total_minor, FIRST.due_day)
    assert rows_needed(loan, 0, FIRST.due_day) == range(3, 3)
