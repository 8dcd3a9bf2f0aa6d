"""The end of a loan before its time: payoff, cancellation within the cooling-off days, an unwound payout."""

from dataclasses import dataclass, replace

from contracts.loan.accrual import accrue
from contracts.loan.earned import earned_interest
from contracts.loan.errors import (
    CoolingOffOver,
    LoanAlreadyAmended,
    LoanAlreadyPaid,
    PaidOutMore,
    PayoffTooHigh,
    UnwindTooLate,
)
from contracts.loan.lateness import Stop
from contracts.loan.state import LoanState
from contracts.loan.status import Act, LoanStatus, require_act
from contracts.typed_data import Agreement

MAX_UNWIND_DAYS = 30
"""After the latest origination day, a bank may say that it rejected the payout."""


@dataclass(frozen=True, slots=True)
class Payoff:
    """What settles a loan on a day; minor units. `rebate_minor` is interest paid ahead that is not earned."""

    principal_minor: int
    interest_minor: int
    rebate_minor: int
    late_fee_minor: int
    penalty_minor: int

    @property
    def total_minor(self) -> int:
        """What is paid."""
        charges = self.late_fee_minor + self.penalty_minor
        return self.principal_minor + self.interest_minor + charges - self.rebate_minor


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What a borrower pays who withdraws: the amount, and the cost of the days in it; minor units."""

    amount_minor: int
    interest_minor: int


def payoff(state: LoanState, day: int, stops: tuple[Stop, ...] = ()) -> Payoff:
    """What settles the loan on a day if nothing is paid before: interest as earned by then. Raises LoanNotActive."""
    require_act(state.status, Act.SETTLE)
    state = accrue(state, day, stops)
    principal = state.outstanding_principal_minor
    unpaid = earned_interest(state, day) - state.paid_interest_minor
    return Payoff(
        principal_minor=principal,
        interest_minor=max(0, unpaid) + state.carried_interest_minor,
        rebate_minor=min(max(0, -unpaid), principal),
        late_fee_minor=state.late_fee_due_minor,
        penalty_minor=state.penalty_due_minor,
    )


def settle(state: LoanState, max_amount_minor: int, day: int, stops: tuple[Stop, ...] = ()) -> tuple[LoanState, Payoff]:
    """Pay exactly the payoff of the day. Raises LoanNotActive, PayoffTooHigh."""
    found = payoff(state, day, stops)
    if found.total_minor > max_amount_minor:
        raise PayoffTooHigh(found.total_minor, max_amount_minor)
    late = not state.rows_done and state.is_past_grace(state.row, day, stops)
    ended = accrue(state, day, stops).ended(LoanStatus.CLOSED)
    return replace(ended, was_late=state.was_late or late), found


def fund_minor(before: LoanState, paid: Payoff) -> int:
    """How much of a payoff goes to the guarantees that covered the loan; the lender bears the rebate."""
    return min(before.covered_minor, paid.principal_minor - paid.rebate_minor)


def cancellation(state: LoanState, agreement: Agreement, day: int) -> Cancelled:
    """What withdrawing from the loan costs on a day. Raises LoanNotActive, LoanAlreadyAmended, CoolingOffOver."""
    require_act(state.status, Act.CANCEL)
    if state.amendments:
        raise LoanAlreadyAmended(state.amendments)
    last = agreement.latest_origination_day + agreement.cooling_off_days
    if not agreement.cooling_off_days or day > last:
        raise CoolingOffOver(day, last)
    cost = earned_interest(state, day)
    paid_out = agreement.principal_minor - agreement.upfront_fee_minor
    return Cancelled(max(0, paid_out + cost - state.paid_rows_minor), cost)


def cancel(state: LoanState, agreement: Agreement, max_amount_minor: int, day: int) -> tuple[LoanState, Cancelled]:
    """Withdraw within the cooling-off days: what was paid out and its cost, no fee. Raises also PayoffTooHigh.

    When more was paid already than is owed, nothing is owed; the lender pays nothing back.
    """
    found = cancellation(state, agreement, day)
    if found.amount_minor > max_amount_minor:
        raise PayoffTooHigh(found.amount_minor, max_amount_minor)
    return state.ended(LoanStatus.CANCELLED), found


def unwind(state: LoanState, agreement: Agreement, rejected_minor: int, day: int) -> tuple[LoanState, int]:
    """Take the loan back because the bank rejected its payout; also gives what moves back to the lender.

    Raises LoanNotActive, LoanAlreadyAmended, LoanAlreadyPaid, UnwindTooLate, PaidOutMore.
    """
    require_act(state.status, Act.UNWIND)
    if state.amendments:
        raise LoanAlreadyAmended(state.amendments)
    if state.paid_rows_minor:
        raise LoanAlreadyPaid(state.paid_rows_minor)
    last = agreement.latest_origination_day + MAX_UNWIND_DAYS
    if day > last:
        raise UnwindTooLate(day, last)
    paid_out = agreement.principal_minor - agreement.upfront_fee_minor
    if rejected_minor < paid_out:
        raise PaidOutMore(paid_out, rejected_minor)
    return state.ended(LoanStatus.UNWOUND), paid_out
