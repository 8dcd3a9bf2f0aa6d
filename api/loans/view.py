"""A loan as its borrower sees it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record

from api.kit.types import JsonObject
from api.loans.account import Account, account_on
from api.loans.schemas import ArrearsOut, LoanLedgerOut, LoanOut, LoanPaymentOut, RowOut, RowStatus, Status
from api.offers.shape import all_in_ppm, shape_of
from api.offers.view import CURRENCY, DECIMALS
from contracts.schedule import Row
from contracts.typed_data import Agreement, Domain, typed_data


@dataclass(frozen=True)
class Facts:
    """What is known of a loan beside its terms; `payment_ids` by transaction hash, `table` if it is by one."""

    loan: str
    status: Status
    payments: Sequence[Record[Any]]
    payment_ids: Mapping[str, str]
    ledger: LoanLedgerOut
    error: JsonObject | None
    table: Sequence[Row] = ()


def loan_view(agreement: Agreement, facts: Facts, today: int) -> LoanOut:
    """The whole loan on a day of its time zone."""
    account = account_on(agreement, facts.payments, today, facts.table)
    state = account.state
    return LoanOut(
        **shape_of(agreement),
        loan=facts.loan,
        status=facts.status,
        currency=CURRENCY,
        decimals=DECIMALS,
        disbursed_minor=agreement.principal_minor - agreement.upfront_fee_minor,
        upfront_fee_minor=agreement.upfront_fee_minor,
        apr_ppm=agreement.apr_ppm,
        all_in_ppm=all_in_ppm(agreement, state.rows),
        today_day=today,
        grace_days=agreement.grace_days,
        late_fee_minor=agreement.late_fee_minor,
        penalty_rate_ppm=agreement.penalty_rate_ppm,
        outstanding_principal_minor=state.outstanding_principal_minor,
        paid_minor=sum(payment.amount_minor for payment in facts.payments),
        overdue_minor=account.overdue_minor,
        charges_due_minor=account.charges_minor,
        next_due_day=None if state.rows_done else state.next_due_day,
        next_due_minor=0 if state.rows_done else state.unpaid_minor(state.row),
        arrears=ArrearsOut(bucket=account.arrears.bucket, days_past_due=account.arrears.days_past_due),
        rows=_rows(account),
        payments=[_payment(payment, facts.payment_ids) for payment in facts.payments],
        ledger=facts.ledger,
        typed_data=typed_data(agreement, Domain(facts.ledger.chain_id, facts.ledger.loan_book)),
        error=facts.error,
    )


def _rows(account: Account) -> list[RowOut]:
    left = sum(row.principal_minor for row in account.state.rows)
    shown = []
    for row in account.state.rows:
        left -= row.principal_minor
        shown.append(_row(account, row, left))
    return shown


def _row(account: Account, row: Row, balance_minor: int) -> RowOut:
    paid = row.due_minor - account.state.unpaid_minor(row.nr - 1)
    return RowOut(
        nr=row.nr,
        due_day=row.due_day,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        due_minor=row.due_minor,
        balance_minor=balance_minor,
        paid_minor=paid,
        status=_row_status(row, paid, account.day),
        paid_day=account.paid_days.get(row.nr),
    )


def _row_status(row: Row, paid_minor: int, today: int) -> RowStatus:
    if paid_minor == row.due_minor:
        return "paid"
    if row.due_day < today:
        return "overdue"
    if paid_minor:
        return "partial"
    return "due" if row.due_day == today else "upcoming"


def _payment(payment: Record[Any], ids: Mapping[str, str]) -> LoanPaymentOut:
    return LoanPaymentOut(
        id=ids.get(payment.tx_hash, f"{payment.tx_hash}/{payment.log_index}"),
        day=payment.day,
        amount_minor=payment.amount_minor,
        late_fee_minor=payment.late_fee_minor,
        penalty_minor=payment.penalty_minor,
        interest_minor=payment.interest_minor,
        principal_minor=payment.principal_minor,
        tx_hash=payment.tx_hash,
        block_number=payment.block_number,
    )
