"""A borrower's standing permission to collect what is due."""

from dataclasses import replace

from contracts.loan.accrual import accrue
from contracts.loan.errors import MandateExceeded, MandateMissing, NothingDue
from contracts.loan.lateness import Stop
from contracts.loan.payment import apply_payment
from contracts.loan.state import Allocation, LoanState
from contracts.loan.status import Act, require_act


def set_mandate(state: LoanState, max_amount_minor: int, last_day: int) -> LoanState:
    """Allow collecting so much at once until a day; 0 withdraws the permission. Raises LoanNotActive."""
    require_act(state.status, Act.SET_MANDATE)
    return replace(state, mandate_max_minor=max_amount_minor, mandate_last_day=last_day)


def collect(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> tuple[LoanState, Allocation]:
    """Pay by the mandate what is due by a day, all of it.

    Raises LoanNotActive, MandateMissing, NothingDue, MandateExceeded.
    """
    require_act(state.status, Act.COLLECT)
    if not state.mandate_max_minor or day > state.mandate_last_day:
        raise MandateMissing(day, state.mandate_last_day)
    due = due_by(state, day, stops)
    if not due:
        raise NothingDue(day)
    if due > state.mandate_max_minor:
        raise MandateExceeded(due, state.mandate_max_minor)
    return apply_payment(state, due, day, stops)


def due_by(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> int:
    """Charges, interest owed since before an amendment, and every row due by a day as far as it is unpaid."""
    state = accrue(state, day, stops)
    rows = (state.unpaid_minor(index) for index, row in enumerate(state.rows) if row.due_day <= day)
    return state.charges_minor + state.carried_interest_minor + sum(rows)
