"""A bank takes a payment back: what it paid becomes due again."""

from dataclasses import replace

from contracts.loan.accrual import LAST_ACCRUAL_DAY, MAX_CHARGE_MINOR, with_bucket
from contracts.loan.errors import ReturnAfterAmendment, ReturnTooLate
from contracts.loan.lateness import Stop, last_late
from contracts.loan.state import Allocation, LoanState
from contracts.loan.status import Act, LoanStatus, require_act

MAX_RETURN_DAYS = 400
"""After its value day, a bank may take a payment back."""


def require_returnable(state: LoanState, value_day: int, amendments: int, day: int) -> None:
    """Refuse the return of a payment of a value day, made when the loan had so many amendments.

    Raises LoanNotActive, ReturnAfterAmendment, ReturnTooLate.
    """
    require_act(state.status, Act.RETURN_PAYMENT)
    if state.amendments != amendments:
        raise ReturnAfterAmendment(state.amendments)
    if day > value_day + MAX_RETURN_DAYS:
        raise ReturnTooLate(day, value_day + MAX_RETURN_DAYS)


def return_payment(
    state: LoanState, paid: Allocation, day: int, stops: tuple[Stop, ...] = ()
) -> tuple[LoanState, Allocation]:
    """The loan after a payment went back, and what is due again. Raises LoanNotActive.

    The days before bear no charge: of the rows due again, those past their grace bear no late fee any more. Interest
    and principal of what is due again are those of the rows that the loan steps back over, from wherever it stands;
    their sum is what the payment had paid of rows. An ended loan runs again.
    """
    require_act(state.status, Act.RETURN_PAYMENT)
    back, interest, principal = _stepped_back(state, paid.rows_minor)
    written_off = principal if state.status is LoanStatus.WRITTEN_OFF else 0
    back = replace(
        back,
        status=state.status if state.status.is_running else LoanStatus.ACTIVE,
        accrued_day=max(state.accrued_day, min(day, LAST_ACCRUAL_DAY)),
        borne_day=max(_borne(state), last_late(day, state.terms.grace_days, stops)),
        late_fee_due_minor=min(state.late_fee_due_minor + paid.late_fee_minor, MAX_CHARGE_MINOR),
        penalty_due_minor=min(state.penalty_due_minor + paid.penalty_minor, MAX_CHARGE_MINOR),
        carried_interest_minor=state.carried_interest_minor + paid.carried_minor,
        written_off_minor=state.written_off_minor + written_off,
    )
    due = Allocation(
        paid.late_fee_minor, paid.penalty_minor, paid.carried_minor + interest, principal, paid.carried_minor
    )
    return with_bucket(back, day, stops), due


def _borne(state: LoanState) -> int:
    """Until when rows that are not paid have borne their late fee; 0 if none of them has."""
    return state.borne_day if not state.rows_done and state.open_row.due_day <= state.borne_day else 0


def _stepped_back(state: LoanState, amount_minor: int) -> tuple[LoanState, int, int]:
    """The loan with its row position moved back by an amount, and the interest and principal in between."""
    before_interest, before_principal = state.paid_interest_minor, state.outstanding_principal_minor
    position = state.paid_rows_minor - amount_minor
    row, balance = 0, state.principal_minor
    while row < len(state.rows) and position >= state.rows[row].due_minor:
        position -= state.rows[row].due_minor
        balance -= state.rows[row].principal_minor
        row += 1
    back = replace(state, row=row, balance_minor=balance, paid_row_minor=position)
    interest = before_interest - back.paid_interest_minor
    return back, interest, back.outstanding_principal_minor - before_principal
