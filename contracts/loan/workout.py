"""What officers decide of a loan that is not paid: impairment, default, cover, write-off. No due date moves."""

from dataclasses import replace

from contracts.loan.accrual import accrue, with_bucket
from contracts.loan.errors import CoverTooHigh, ImpairmentTooHigh, ImpairmentUnchanged, NotLateEnough
from contracts.loan.lateness import Stop
from contracts.loan.state import LoanState
from contracts.loan.status import Act, LoanStatus, require_act

DEFAULT_DAYS = 90
"""A loan is in default when it is later than this, and than its grace."""


def set_impairment(state: LoanState, impaired_minor: int) -> LoanState:
    """Say how much of the principal is not expected back; 0 takes it back. Raises LoanNotActive, ImpairmentTooHigh."""
    require_act(state.status, Act.SET_IMPAIRMENT)
    if impaired_minor > state.uncovered_minor:
        raise ImpairmentTooHigh(impaired_minor, state.uncovered_minor)
    if impaired_minor == state.impaired_minor:
        raise ImpairmentUnchanged(impaired_minor)
    return replace(state, impaired_minor=impaired_minor)


def declare_default(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> tuple[LoanState, int]:
    """Call the loan in default; its bucket follows. Also gives the days late. Raises LoanNotActive, NotLateEnough."""
    require_act(state.status, Act.DECLARE_DEFAULT)
    late, needed = state.days_late(day, stops), max(DEFAULT_DAYS, state.terms.grace_days)
    if late <= needed:
        raise NotLateEnough(late, needed)
    return replace(with_bucket(state, day, stops), status=LoanStatus.DEFAULTED), late


def apply_cover(state: LoanState, amount_minor: int) -> LoanState:
    """Guarantees have paid the lender so much of the principal; it stays owed. Raises LoanNotActive, CoverTooHigh."""
    require_act(state.status, Act.APPLY_COVER)
    if amount_minor > state.uncovered_minor:
        raise CoverTooHigh(amount_minor, state.uncovered_minor)
    covered = replace(state, covered_minor=state.covered_minor + amount_minor)
    if state.status is LoanStatus.WRITTEN_OFF:
        return replace(covered, written_off_minor=state.written_off_minor - amount_minor)
    return replace(covered, impaired_minor=min(covered.impaired_minor, covered.uncovered_minor))


def write_off(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> LoanState:
    """Count the lender's principal as lost and end all further charges; the claim stands. Raises LoanNotActive."""
    require_act(state.status, Act.WRITE_OFF)
    state = accrue(state, day, stops)
    return replace(state, status=LoanStatus.WRITTEN_OFF, written_off_minor=state.uncovered_minor, impaired_minor=0)
