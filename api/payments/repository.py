"""Rows of payments with the state of their acts and what the ledger made of them."""

import time
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, insert, or_, select

from api.indexer.tables import ledger_payments
from api.payments.tables import payments
from contracts.sender.tables import sender_transactions


def add_payment(connection: Connection, **values: Any) -> None:
    """Store an accepted payment; its act is enqueued in the same transaction."""
    connection.execute(insert(payments).values(created_at=int(time.time()), **values))


def payment_with_nonce(connection: Connection, loan: str, nonce: int) -> str | None:
    """The payment that was accepted here for this nonce and has not failed."""
    found: str | None = connection.scalar(_living(loan).where(payments.c.nonce == nonce))
    return found


def nonces_from(connection: Connection, loan: str, base: int) -> set[int]:
    """Nonces at or above `base` that living payments of the loan take."""
    query = _living(loan).with_only_columns(payments.c.nonce).where(payments.c.nonce >= base)
    return set(connection.scalars(query))


def payment_under_way(connection: Connection, loan: str) -> str | None:
    """A payment of the loan that was accepted here, has not failed, and is not in its account yet."""
    booked = select(ledger_payments.c.tx_hash).where(ledger_payments.c.loan == loan)
    unsent = sender_transactions.c.tx_hash.is_(None)
    found: str | None = connection.scalar(
        _living(loan).where(or_(unsent, sender_transactions.c.tx_hash.not_in(booked))).limit(1)
    )
    return found


def _living(loan: str) -> Select[Any]:
    return (
        select(payments.c.id)
        .join_from(payments, sender_transactions, payments.c.id == sender_transactions.c.act_id)
        .where(payments.c.loan == loan, sender_transactions.c.status != "failed")
    )


def payment_of(connection: Connection, payment_id: str, subject: str) -> Row[*tuple[Any, ...]] | None:
    """The subject's payment with its act (`status`, `error`) and its split, null until indexed."""
    applied = and_(
        ledger_payments.c.tx_hash == sender_transactions.c.tx_hash, ledger_payments.c.loan == payments.c.loan
    )
    return connection.execute(
        select(
            payments.c.id,
            payments.c.loan,
            payments.c.amount_minor,
            sender_transactions.c.status,
            sender_transactions.c.error,
            sender_transactions.c.tx_hash,
            ledger_payments.c.block_number,
            ledger_payments.c.late_fee_minor,
            ledger_payments.c.penalty_minor,
            ledger_payments.c.interest_minor,
            ledger_payments.c.principal_minor,
        )
        .join_from(payments, sender_transactions, payments.c.id == sender_transactions.c.act_id)
        .outerjoin(ledger_payments, applied)
        .where(payments.c.id == payment_id, payments.c.subject == subject)
    ).one_or_none()
