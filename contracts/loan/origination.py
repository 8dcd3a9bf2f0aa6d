"""The beginning of a loan."""

from collections.abc import Sequence

from contracts.loan.errors import ScheduleRootMismatch
from contracts.loan.state import LoanState
from contracts.loan.status import LoanStatus
from contracts.loan.terms import LoanTerms, require_last_due_day
from contracts.schedule import Row, agreed_rows, schedule_root
from contracts.typed_data import Agreement


def originate(agreement: Agreement, table: Sequence[Row] = ()) -> LoanState:
    """The state of a loan that has just begun; an agreement over a table brings the table.

    Raises a LoanRefused for terms that cannot be carried out, a ScheduleRefused for a schedule that does not hold.
    """
    terms, rows = agreed_schedule(agreement, table)
    return LoanState(
        terms=terms,
        rows=tuple(rows),
        status=LoanStatus.ACTIVE,
        row=0,
        balance_minor=agreement.principal_minor,
        paid_row_minor=0,
        accrued_day=agreement.disbursement_day,
        late_fee_due_minor=0,
        penalty_due_minor=0,
        bucket=0,
        nonce_base=0,
        nonce_window=0,
    )


def agreed_schedule(agreement: Agreement, table: Sequence[Row]) -> tuple[LoanTerms, list[Row]]:
    """Terms and rows of an agreement that can be carried out. Raises a LoanRefused or a ScheduleRefused."""
    terms = LoanTerms.of(agreement)
    rows = agreed_rows(agreement, table)
    require_last_due_day(rows[-1].due_day)
    root = schedule_root(terms.schedule.method, rows)
    if root != agreement.schedule_root:
        raise ScheduleRootMismatch(agreement.schedule_root, root)
    return terms, rows
