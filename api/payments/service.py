"""Accepting a borrower's signed payment: every refusal the contract would give is given before it is stored."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from api.indexer.repository import acts_on_ledger, is_signer, payments_on_ledger, table_of
from api.kit.contract_errors import NonceTooFar, NonceUsed, Overpayment, failure
from api.kit.facade import Facade
from api.kit.idempotency import IdempotencyKey
from api.kit.ids import new_id
from api.kit.limits import PAYMENT_DEADLINE_SECONDS
from api.kit.problems import NotFound, SignerUnknown
from api.kit.signatures import check_deadline, check_signature
from api.kit.types import bytes_of
from api.ledger.clock import ledger_time
from api.loans.account import Account, account_on, rows_to_bring
from api.loans.own import own_active_loan
from api.payments import repository
from api.payments.problems import PaymentUnderWay
from api.payments.schemas import AllocationOut, DueOut, PaymentIn, PaymentOut, PaymentRequestOut, Status
from contracts import schedule
from contracts.clients import Call, LoanView, TableRow
from contracts.loan import NONCE_WINDOW
from contracts.schedule import day_at
from contracts.sender import enqueue
from contracts.typed_data import Agreement, Payment, typed_data

STATUS: dict[str, Status] = {
    "queued": "accepted",
    "allocated": "accepted",
    "signed": "accepted",
    "sent": "sent",
    "confirmed": "sent",
    "failed": "failed",
}
"""By the state of the act; `confirmed` is said only once the split is in the read model too."""


async def request(facade: Facade, subject: str, loan: str, amount_minor: int | None) -> PaymentRequestOut:
    """What to sign to pay `amount_minor`, or what is due.

    Raises NotFound, LoanClosed, LoanNotActive, LoanMovedOn, Overpayment, NonceTooFar, LedgerUnavailable.
    """
    now = await ledger_time(facade)
    account = await facade.database.read(_own_account, subject, loan, now)
    agreement, table = account.agreement, account.table
    view = await facade.ledger.ask(facade.ledger.clients.loan_book.loan, bytes_of(loan), table)
    due = await _due(facade, loan, day_at(now, agreement.time_zone_minutes), view, table)
    amount_minor = _asked(due) if amount_minor is None else amount_minor
    if amount_minor > due.total_minor:
        raise Overpayment(amount_minor, due.total_minor)
    payment = Payment(
        loan=bytes_of(loan),
        amount_minor=amount_minor,
        nonce=await facade.database.read(_free_nonce, loan, view),
        deadline=now + PAYMENT_DEADLINE_SECONDS,
    )
    return PaymentRequestOut(
        amount_minor=payment.amount_minor,
        nonce=payment.nonce,
        deadline=payment.deadline,
        due=due,
        typed_data=typed_data(payment, facade.domains.loans),
    )


def _own_account(connection: Connection, subject: str, loan: str, now: int) -> Account:
    """The account of an active loan of the subject. Raises NotFound, LoanClosed, LoanNotActive."""
    return _account(connection, own_active_loan(connection, loan, subject), now)


def _account(connection: Connection, row: Row[Any], now: int) -> Account:
    agreement = Agreement.from_message(row.agreement)
    payments, acts = payments_on_ledger(connection, [row.loan]), acts_on_ledger(connection, [row.loan])
    return account_on(agreement, payments, day_at(now, agreement.time_zone_minutes), table_of(row), acts)


async def _due(facade: Facade, loan: str, today: int, view: LoanView, table: Sequence[schedule.Row]) -> DueOut:
    owed = await facade.ledger.ask(facade.ledger.clients.loan_book.owed, bytes_of(loan), today, table)
    return DueOut(
        today_day=today,
        total_minor=owed.total_minor,
        overdue_minor=owed.overdue_minor,
        current_due_minor=owed.current_due_minor,
        next_due_day=view.next_due_day,
    )


def _asked(due: DueOut) -> int:
    """What is overdue, with charges; or else the next instalment."""
    if due.overdue_minor == 0:
        return due.current_due_minor
    return due.overdue_minor


def _free_nonce(connection: Connection, loan: str, view: LoanView) -> int:
    taken = repository.nonces_from(connection, loan, view.nonce_base)
    for offset in range(NONCE_WINDOW):
        if not view.nonce_window >> offset & 1 and view.nonce_base + offset not in taken:
            return view.nonce_base + offset
    raise NonceTooFar(view.nonce_base + NONCE_WINDOW, view.nonce_base)


async def pay(facade: Facade, subject: str, loan: str, signed: PaymentIn, key: IdempotencyKey) -> PaymentOut:
    """Accept a signed payment into the outbox, once.

    Raises NotFound, LoanClosed, LoanNotActive, SignatureInvalid, SignerUnsupported, SignerUnknown, DeadlinePassed,
    DeadlineTooFar, NonceUsed, NonceTooFar, Overpayment, InsufficientCash, PaymentUnderWay, LoanMovedOn, LedgerRefused,
    LedgerUnavailable.
    """
    return await facade.once(key, subject).run(
        PaymentOut, partial(_check, facade, subject, loan, signed), partial(_store, facade, subject, loan, signed)
    )


async def _check(facade: Facade, subject: str, loan: str, signed: PaymentIn) -> Call:
    payment = Payment(bytes_of(loan), signed.amount_minor, signed.nonce, signed.deadline)
    await facade.database.read(_check_rows, subject, loan, signed)
    check_signature(payment, facade.domains.loans, signed.signer, signed.signature)
    now = await ledger_time(facade)
    check_deadline(signed.deadline, now)
    account = await facade.database.read(_own_account, subject, loan, now)
    call = facade.ledger.clients.loan_book.repay_by_signature_call(
        payment, bytes_of(signed.signer), bytes_of(signed.signature), _rows_until_deadline(account, signed)
    )
    return await facade.ledger.preflight(call)


def _rows_until_deadline(account: Account, signed: PaymentIn) -> list[TableRow]:
    """The rows that a payment by a table needs whenever it reaches the ledger, until the day after its deadline."""
    last = day_at(signed.deadline, account.agreement.time_zone_minutes)
    return rows_to_bring(account, last + 1, signed.amount_minor)


def _check_rows(connection: Connection, subject: str, loan: str, signed: PaymentIn) -> None:
    """What can be refused without the ledger."""
    row = own_active_loan(connection, loan, subject)
    if not is_signer(connection, subject, signed.signer):
        raise SignerUnknown(subject, signed.signer)
    _check_nonce(connection, loan, signed.nonce)
    _check_turn(connection, row)


def _check_turn(connection: Connection, row: Row[Any]) -> None:
    """Payments of a loan by a table are made one after another: each brings the rows that the one before left."""
    under_way = repository.payment_under_way(connection, row.loan) if row.words else None
    if under_way is not None:
        raise PaymentUnderWay(under_way)


def _check_nonce(connection: Connection, loan: str, nonce: int) -> None:
    earlier = repository.payment_with_nonce(connection, loan, nonce)
    if earlier is not None:
        raise NonceUsed(nonce, earlier)


def _store(
    facade: Facade, subject: str, loan: str, signed: PaymentIn, connection: Connection, call: Call
) -> PaymentOut:
    _check_nonce(connection, loan, signed.nonce)
    _check_turn(connection, own_active_loan(connection, loan, subject))
    payment_id = new_id("pay")
    repository.add_payment(
        connection,
        id=payment_id,
        subject=subject,
        loan=loan,
        amount_minor=signed.amount_minor,
        nonce=signed.nonce,
        deadline=signed.deadline,
        signer=signed.signer,
        signature=bytes_of(signed.signature),
    )
    enqueue(
        connection,
        payment_id,
        call.to,
        call.data,
        key_address=facade.relays.relayer,
        estimated_gas=call.estimated_gas,
    )
    return PaymentOut(id=payment_id, loan=loan, amount_minor=signed.amount_minor, status="accepted")


async def get(facade: Facade, subject: str, payment_id: str) -> PaymentOut:
    """Where the subject's payment stands; raises NotFound."""
    row = await facade.database.read(repository.payment_of, payment_id, subject)
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: Row[*tuple[Any, ...]]) -> PaymentOut:
    confirmed = row.block_number is not None
    return PaymentOut(
        id=row.id,
        loan=row.loan,
        amount_minor=row.amount_minor,
        status="confirmed" if confirmed else STATUS[row.status],
        tx_hash=row.tx_hash,
        block_number=row.block_number,
        allocation=_allocation(row) if confirmed else None,
        error=failure(row.error) if row.status == "failed" else None,
    )


def _allocation(row: Row[*tuple[Any, ...]]) -> AllocationOut:
    return AllocationOut(
        late_fee_minor=row.late_fee_minor,
        penalty_minor=row.penalty_minor,
        interest_minor=row.interest_minor,
        principal_minor=row.principal_minor,
    )
