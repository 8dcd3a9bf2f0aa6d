"""What a loan owes on a day."""

from hypothesis import given

from contracts.loan import LoanState, apply_payment, originate, owed
from tests.contracts.loan.strategies import AGREEMENT, YEAR, states, waits

LOAN = originate(AGREEMENT)
TOTAL = sum(row.due_minor for row in LOAN.rows)


@given(states, waits)
def test_the_parts_never_exceed_the_total(loan: LoanState, wait: int) -> None:
    due = owed(loan, loan.rows[0].due_day + wait)
    assert 0 <= due.overdue_minor + due.current_due_minor <= due.total_minor


@given(states, waits, waits)
def test_waiting_never_makes_it_less(loan: LoanState, first: int, second: int) -> None:
    start = loan.accrued_day
    assert owed(loan, start + first).total_minor <= owed(loan, start + first + second).total_minor


def test_on_its_due_day_a_row_is_current_and_the_day_after_overdue() -> None:
    first, second = LOAN.rows[0].due_minor, LOAN.rows[1].due_minor
    on_day, after = owed(LOAN, YEAR.first_due_day), owed(LOAN, YEAR.first_due_day + 1)
    assert (on_day.overdue_minor, on_day.current_due_minor, on_day.total_minor) == (0, first, TOTAL)
    assert (after.overdue_minor, after.current_due_minor, after.total_minor) == (first, second, TOTAL)


def test_a_day_before_the_last_touch_is_answered_without_further_charges() -> None:
    late = YEAR.first_due_day + 10
    loan, _ = apply_payment(LOAN, 1, late)
    assert owed(loan, late - 5).total_minor == owed(loan, late).total_minor
