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
from contracts.loan import LoanStatus
from contracts.schedule import Row
from contracts.typed_data import Agreement, Amendment, Domain, typed_data

NOT_BEGUN: tuple[Status, ...] = ("pending", "failed")
STATUS: dict[LoanStatus, Status] = {
    LoanStatus.ACTIVE: "active",
    LoanStatus.CLOSED: "closed",
    LoanStatus.CANCELLED: "cancelled",
    LoanStatus.DEFAULTED: "defaulted",
    LoanStatus.WRITTEN_OFF: "written_off",
    LoanStatus.UNWOUND: "unwound",
}
MONEY = ("LoanSettled", "LoanCancelled", "PaymentReturned")
"""Acts besides payments in which the borrower's debt is paid, or no longer."""


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
    acts: Sequence[Record[Any]] = ()


def loan_view(agreement: Agreement, facts: Facts, today: int) -> LoanOut:
    """The whole loan on a day of its time zone."""
    account = account_on(agreement, facts.payments, today, facts.table, facts.acts)
    state, terms = account.state, account.agreement
    booked = _booked(facts)
    domain = Domain(facts.ledger.chain_id, facts.ledger.loan_book)
    return LoanOut(
        **shape_of(terms),
        loan=facts.loan,
        status=facts.status if facts.status in NOT_BEGUN else STATUS[state.status],
        currency=CURRENCY,
        decimals=DECIMALS,
        disbursed_minor=terms.principal_minor - terms.upfront_fee_minor,
        upfront_fee_minor=terms.upfront_fee_minor,
        apr_ppm=terms.apr_ppm,
        all_in_ppm=all_in_ppm(terms, state.rows),
        today_day=today,
        grace_days=terms.grace_days,
        late_fee_minor=terms.late_fee_minor,
        penalty_rate_ppm=terms.penalty_rate_ppm,
        outstanding_principal_minor=state.outstanding_principal_minor,
        paid_minor=sum(payment.amount_minor for payment in booked),
        overdue_minor=account.overdue_minor,
        carried_interest_minor=state.carried_interest_minor,
        charges_due_minor=account.charges_minor,
        next_due_day=None if state.rows_done else state.next_due_day,
        next_due_minor=0 if state.rows_done else state.unpaid_minor(state.row),
        arrears=ArrearsOut(bucket=account.arrears.bucket, days_past_due=account.arrears.days_past_due),
        rows=_rows(account),
        payments=booked,
        ledger=facts.ledger,
        typed_data=typed_data(agreement, domain),
        amendments=state.amendments,
        amendment=account.amendment and typed_data(Amendment.from_message(account.amendment), domain),
        error=facts.error,
    )


def _booked(facts: Facts) -> list[LoanPaymentOut]:
    """All money that moved for the loan after its payout, in the ledger's order."""
    moved = [_payment(payment, facts.payment_ids) for payment in facts.payments]
    others = [_money(act) for act in facts.acts if act.name in MONEY]
    return sorted([*moved, *others], key=lambda payment: payment.block_number) if others else moved


def _money(act: Record[Any]) -> LoanPaymentOut:
    parts = dict.fromkeys(("late_fee_minor", "penalty_minor", "interest_minor", "principal_minor"), 0)
    parts |= {name: act.details[name] for name in parts if name in act.details}
    if act.name == "LoanSettled":
        parts["principal_minor"] -= act.details["rebate_minor"]
    elif act.name == "LoanCancelled":
        amount = act.details["amount_minor"]
        parts["interest_minor"] = min(amount, act.details["interest_minor"])
        parts["principal_minor"] = amount - parts["interest_minor"]
    else:
        parts = {name: -value for name, value in parts.items()}
    return LoanPaymentOut(
        id=f"{act.tx_hash}/{act.log_index}",
        day=act.details["day"],
        amount_minor=sum(parts.values()),
        **parts,
        tx_hash=act.tx_hash,
        block_number=act.block_number,
    )


def _rows(account: Account) -> list[RowOut]:
    left = sum(row.principal_minor for row in account.state.rows)
    shown = []
    for row in account.state.rows:
        left -= row.principal_minor
        shown.append(_row(account, row, left))
    return shown


def _row(account: Account, row: Row, balance_minor: int) -> RowOut:
    paid = row.due_minor - account.shown.unpaid_minor(row.nr - 1)
    return RowOut(
        nr=row.nr,
        due_day=row.due_day,
        principal_minor=row.principal_minor,
        interest_minor=row.interest_minor,
        due_minor=row.due_minor,
        balance_minor=balance_minor,
        paid_minor=paid,
        status=_row_status(row, paid, account),
        paid_day=account.paid_days.get(row.nr),
    )


def _row_status(row: Row, paid_minor: int, account: Account) -> RowStatus:
    today = account.day
    if paid_minor == row.due_minor:
        return "paid"
    if not account.state.status.is_running:
        return "void"
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
