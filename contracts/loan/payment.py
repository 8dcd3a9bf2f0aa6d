"""Payments: accrue, split by the waterfall, and what follows from them for lender, guarantees and status."""

from dataclasses import replace

from contracts.loan.accrual import accrue, with_bucket
from contracts.loan.errors import Overpayment, ZeroPayment
from contracts.loan.lateness import Stop
from contracts.loan.state import Allocation, LoanState
from contracts.loan.status import Act, LoanStatus, require_act
from contracts.loan.terms import INTEREST, LATE_FEE, PENALTY, PRINCIPAL

MAX_VALUE_DAYS = 5
"""A bank's value day lies at most so far back."""
CARRIED = 0
"""Interest owed since before an amendment: paid in the interest's place, before that of the row."""


def apply_payment(
    state: LoanState, amount_minor: int, day: int, stops: tuple[Stop, ...] = ()
) -> tuple[LoanState, Allocation]:
    """Apply a payment of a day in the loan's time zone: row by row, in a row by the waterfall.

    `day` is today, or the bank's value day. Raises LoanNotActive, ZeroPayment, Overpayment.
    """
    require_act(state.status, Act.REPAY)
    if amount_minor <= 0:
        raise ZeroPayment
    late = not state.rows_done and state.is_past_grace(state.row, day, stops)
    accrued = replace(accrue(state, day, stops), was_late=state.was_late or late)
    after, paid, left = _walk(accrued, amount_minor)
    if left:
        raise Overpayment(amount_minor, amount_minor - left)
    after = recovered(after, accrued.uncovered_minor, paid.principal_minor)
    if after.is_paid:
        return after.ended(LoanStatus.CLOSED), paid
    return _cured(with_bucket(after, day, stops), day), paid


def _walk(state: LoanState, amount_minor: int) -> tuple[LoanState, Allocation, int]:
    """The state and split after paying what can be paid of an amount, and what is left of it."""
    left, order = amount_minor, _order(state)
    paid = dict.fromkeys(order, 0)
    while left and not state.is_paid:
        for part in order:
            taken = min(left, _due(state, part))
            state, left = _take(state, part, taken), left - taken
            paid[part] += taken
        state = _next_row(state)
    interest = paid[CARRIED] + paid[INTEREST]
    split = Allocation(paid[LATE_FEE], paid[PENALTY], interest, paid[PRINCIPAL], paid[CARRIED])
    return state, split, left


def _order(state: LoanState) -> tuple[int, ...]:
    waterfall = state.terms.waterfall
    place = waterfall.index(INTEREST)
    return (*waterfall[:place], CARRIED, *waterfall[place:])


def _due(state: LoanState, part: int) -> int:
    """What can be paid of one part of the waterfall now."""
    if part == LATE_FEE:
        return state.late_fee_due_minor
    if part == PENALTY:
        return state.penalty_due_minor
    if part == CARRIED:
        return state.carried_interest_minor
    if state.rows_done:
        return 0
    end = state.open_row.interest_minor if part == INTEREST else state.open_row.due_minor
    return max(0, end - state.paid_row_minor)


def _take(state: LoanState, part: int, amount_minor: int) -> LoanState:
    if part == LATE_FEE:
        return replace(state, late_fee_due_minor=state.late_fee_due_minor - amount_minor)
    if part == PENALTY:
        return replace(state, penalty_due_minor=state.penalty_due_minor - amount_minor)
    if part == CARRIED:
        return replace(state, carried_interest_minor=state.carried_interest_minor - amount_minor)
    return replace(state, paid_row_minor=state.paid_row_minor + amount_minor)


def _next_row(state: LoanState) -> LoanState:
    """Go on to the next row when the open one is paid."""
    if state.rows_done or state.paid_row_minor < state.open_row.due_minor:
        return state
    balance = state.balance_minor - state.open_row.principal_minor
    return replace(state, row=state.row + 1, balance_minor=balance, paid_row_minor=0)


def recovered(state: LoanState, lenders_minor: int, principal_minor: int) -> LoanState:
    """Principal paid goes to the lender first, up to `lenders_minor`, then to the guarantees that covered the loan.

    `state` is the loan with the principal paid. What is impaired is never more than the lender still has in it.
    """
    if state.status is LoanStatus.WRITTEN_OFF:
        to_lender = min(principal_minor, state.written_off_minor)
        state = replace(state, written_off_minor=state.written_off_minor - to_lender)
    else:
        to_lender = min(principal_minor, lenders_minor)
    covered = state.covered_minor - (principal_minor - to_lender)
    state = replace(state, covered_minor=covered)
    return replace(state, impaired_minor=min(state.impaired_minor, state.uncovered_minor))


def _cured(state: LoanState, day: int) -> LoanState:
    """A default ends once nothing is overdue."""
    overdue = not state.rows_done and state.open_row.due_day < day
    if state.status is not LoanStatus.DEFAULTED or overdue or state.charges_minor or state.carried_interest_minor:
        return state
    return replace(state, status=LoanStatus.ACTIVE)
