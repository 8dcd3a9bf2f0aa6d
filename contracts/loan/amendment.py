"""New terms for what is left of a loan, by both sides: nothing of what was owed disappears unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.loan.accrual import accrue
from contracts.loan.earned import earned_interest
from contracts.loan.errors import MoreThanAccrued, WrongSequence
from contracts.loan.lateness import Stop
from contracts.loan.origination import agreed_schedule
from contracts.loan.state import LoanState
from contracts.loan.status import Act, LoanStatus, require_act
from contracts.loan.terms import within
from contracts.schedule import Row
from contracts.typed_data import Amendment

MAX_AMENDMENTS = 2**8 - 1
MAX_CARRIED_MINOR = 2**44 - 1


@dataclass(frozen=True, slots=True)
class Amended:
    """What an amendment found and what it made of it; minor units.

    Owed before: `principal_minor`, `interest_minor`, `late_fee_minor`, `penalty_minor`. `rebate_minor` is interest paid
    ahead that is not earned and lowers the principal. `carried_interest_minor` stays owed beside the new schedule.
    """

    principal_minor: int
    interest_minor: int
    late_fee_minor: int
    penalty_minor: int
    rebate_minor: int
    capitalised_minor: int
    waived_minor: int
    top_up_minor: int
    carried_interest_minor: int


def amend(
    state: LoanState, amendment: Amendment, day: int, stops: tuple[Stop, ...] = (), table: Sequence[Row] = ()
) -> tuple[LoanState, Amended]:
    """The loan under the terms of an amendment, and its figures; parties, currency and caps are not looked at.

    Raises LoanNotActive, WrongSequence, MoreThanAccrued; a LoanRefused or ScheduleRefused of the new terms.
    """
    require_act(state.status, Act.AMEND)
    if amendment.sequence != state.amendments + 1:
        raise WrongSequence(amendment.sequence, state.amendments + 1)
    within("amendments", amendment.sequence, 1, MAX_AMENDMENTS)
    terms, rows = agreed_schedule(amendment.terms, table)
    start = amendment.terms.disbursement_day
    within("disbursementDay", start, state.accrued_day, day)
    late = not state.rows_done and state.is_past_grace(state.row, start, stops)
    accrued = accrue(state, start, stops)
    found = _figures(accrued, amendment, start)
    within("carriedInterestMinor", found.carried_interest_minor, 0, MAX_CARRIED_MINOR)
    owed_after = _left_of_claims(accrued, found)
    principal = found.principal_minor - found.rebate_minor + found.capitalised_minor + found.top_up_minor
    within("principalMinor", amendment.terms.principal_minor, principal, principal)
    within("upfrontFeeMinor", amendment.terms.upfront_fee_minor, 0, found.top_up_minor)
    after = replace(
        owed_after,
        terms=terms,
        rows=tuple(rows),
        status=LoanStatus.ACTIVE,
        row=0,
        balance_minor=principal,
        paid_row_minor=0,
        accrued_day=start,
        bucket=0,
        was_late=state.was_late or late,
        amendments=amendment.sequence,
        unreserved_minor=_unreserved(state, principal, found.top_up_minor),
    )
    return replace(after, impaired_minor=min(after.impaired_minor, after.uncovered_minor)), found


def _figures(state: LoanState, amendment: Amendment, start: int) -> Amended:
    unpaid = earned_interest(state, start) - state.paid_interest_minor
    interest = max(0, unpaid) + state.carried_interest_minor
    taken = amendment.capitalised_minor + amendment.waived_minor
    if taken > interest + state.charges_minor:
        raise MoreThanAccrued(taken, interest + state.charges_minor)
    return Amended(
        principal_minor=state.outstanding_principal_minor,
        interest_minor=interest,
        late_fee_minor=state.late_fee_due_minor,
        penalty_minor=state.penalty_due_minor,
        rebate_minor=min(max(0, -unpaid), state.uncovered_minor),
        capitalised_minor=amendment.capitalised_minor,
        waived_minor=amendment.waived_minor,
        top_up_minor=amendment.top_up_minor,
        carried_interest_minor=interest - max(0, taken - state.charges_minor),
    )


def _left_of_claims(state: LoanState, found: Amended) -> LoanState:
    """What joins the principal or is waived is taken of the penalty first, then of the late fee, then of interest."""
    taken = found.capitalised_minor + found.waived_minor
    penalty = max(0, state.penalty_due_minor - taken)
    late_fee = min(state.late_fee_due_minor, max(0, state.charges_minor - taken))
    return replace(
        state,
        late_fee_due_minor=late_fee,
        penalty_due_minor=penalty,
        carried_interest_minor=found.carried_interest_minor,
    )


def _unreserved(state: LoanState, principal_minor: int, top_up_minor: int) -> int:
    """Interest that joins the principal takes no room in the borrower's limit; what is paid back makes room."""
    kept = min(state.reserved_minor, principal_minor - top_up_minor)
    return principal_minor - kept - top_up_minor
