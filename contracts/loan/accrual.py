"""Late fees and penalties, what is owed on a day, and the arrears bucket."""

from dataclasses import replace

from contracts.loan.errors import ArrearsUnchanged
from contracts.loan.lateness import Stop, bucket_of, days_late, last_late
from contracts.loan.state import LoanState, Owed
from contracts.loan.status import RUNNING, Act, LoanStatus, require_act
from contracts.loan.terms import LoanTerms
from contracts.schedule import divide
from contracts.schedule.day_count import PPM

PENALTY_YEAR_DAYS = 365
MAX_CHARGE_MINOR = 2**28 - 1
"""Accrued late fees, and accrued penalties, stop growing here."""
LAST_ACCRUAL_DAY = 2**17 - 1
"""In the year 2328: no loan accrues beyond it."""


def accrue(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> LoanState:
    """Add late fees and penalties up to a day. Doing it more often never changes the sum.

    A row past its grace bears its late fee, once, and the penalty since its due day; a row that has borne it goes on to
    bear penalty, also where a halt that has become known brings it back within the grace. A loan that is written off
    is charged no more.
    """
    day = min(day, LAST_ACCRUAL_DAY)
    if day <= state.accrued_day:
        return state
    if state.status is LoanStatus.WRITTEN_OFF:
        return replace(state, accrued_day=day)
    fees, penalties = state.late_fee_due_minor, state.penalty_due_minor
    last = borne_until(state, day, stops)
    for index in range(state.row, len(state.rows)):
        if state.rows[index].due_day > last:
            break
        fee, penalty = _charges(state, index, day, stops)
        fees, penalties = fees + fee, penalties + penalty
    return replace(
        state,
        accrued_day=day,
        borne_day=last,
        late_fee_due_minor=min(fees, MAX_CHARGE_MINOR),
        penalty_due_minor=min(penalties, MAX_CHARGE_MINOR),
    )


def borne_until(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> int:
    """The last due day whose row has borne its late fee once the loan is accrued to a day."""
    return max(state.borne_day, last_late(day, state.terms.grace_days, stops))


def _charges(state: LoanState, index: int, day: int, stops: tuple[Stop, ...]) -> tuple[int, int]:
    """Late fee and penalty that a row past its grace adds between the accrued day and a day."""
    terms, due, unpaid = state.terms, state.rows[index].due_day, state.unpaid_minor(index)
    until_now = _penalty(terms, unpaid, due, day, stops)
    if due <= state.borne_day:
        return 0, until_now - _penalty(terms, unpaid, due, state.accrued_day, stops)
    return terms.late_fee_minor, until_now


def _penalty(terms: LoanTerms, unpaid_minor: int, due: int, day: int, stops: tuple[Stop, ...]) -> int:
    """Of a late row: for the days from its due day that count, none of them after the cap."""
    counted = days_late(due, min(day, due + terms.penalty_max_days), stops)
    return divide(unpaid_minor * terms.penalty_rate_ppm * counted, PPM * PENALTY_YEAR_DAYS)


def owed(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> Owed:
    """What the loan owes on a day if nothing happens until then. Raises LoanNotActive."""
    require_act(state.status, Act.REPAY)
    state = accrue(state, day, stops)
    at_once = state.charges_minor + state.carried_interest_minor
    overdue, ahead = 0, []
    for index in range(state.row, len(state.rows)):
        if state.rows[index].due_day < day:
            overdue += state.unpaid_minor(index)
        else:
            ahead.append(state.unpaid_minor(index))
    return Owed(at_once + overdue + sum(ahead), at_once + overdue, ahead[0] if ahead else 0)


def record_arrears(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> tuple[LoanState, int]:
    """Move the loan to the bucket of a day, and nothing else; also gives the days late.

    Raises LoanNotActive, ArrearsUnchanged.
    """
    require_act(state.status, Act.RECORD_ARREARS)
    after = with_bucket(state, day, stops)
    if after.bucket == state.bucket:
        raise ArrearsUnchanged(state.bucket)
    return after, state.days_late(day, stops)


def with_bucket(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> LoanState:
    """The loan in the bucket of a day; once it was in one above 0, it has been late for good."""
    if state.status not in RUNNING or state.rows_done:
        bucket = 0
    else:
        bucket = bucket_of(state.days_late(day, stops), state.terms.grace_days)
    return replace(state, bucket=bucket, was_late=state.was_late or bucket > 0)
