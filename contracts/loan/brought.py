"""Which rows an act on a loan by a table reads, and therefore must bring."""

from contracts.loan.accrual import borne_until
from contracts.loan.errors import Overpayment
from contracts.loan.lateness import Stop
from contracts.loan.payment import apply_payment
from contracts.loan.state import LoanState


def rows_needed(state: LoanState, amount_minor: int, day: int, stops: tuple[Stop, ...] = ()) -> range:
    """The rows (0 is the first) that an act on a loan by a table must bring: the open one and as many as it reads.

    An amount of 0 stands for a touch that pays nothing and reads the open row alone. More than everything owed reads
    every row.
    """
    touched = min(state.row + 1, len(state.rows))
    if not (state.status.is_running and amount_minor):
        return range(state.row, touched)
    try:
        after, _ = apply_payment(state, amount_minor, day, stops)
    except Overpayment:
        return range(state.row, len(state.rows))
    return range(state.row, max(accrued_rows(state, day, stops), _opened_rows(after, day)))


def accrued_rows(state: LoanState, day: int, stops: tuple[Stop, ...]) -> int:
    """How many rows are read to accrue: every one that bears charges, and one more to see that it does not."""
    end, last = min(state.row + 1, len(state.rows)), borne_until(state, day, stops)
    while day > state.accrued_day and end < len(state.rows) and state.rows[end - 1].due_day <= last:
        end += 1
    return end


def _opened_rows(after: LoanState, day: int) -> int:
    """How many rows are read to pay: those that are paid, and the open one if it is paid in part or may be due."""
    untouched = after.rows_done or not after.paid_row_minor
    if untouched and (after.rows_done or day <= after.rows[after.row - 1].due_day):
        return after.row
    return after.row + 1
