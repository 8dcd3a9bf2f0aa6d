"""Rows of loans: accepted offers joined with their acts and with what the ledger has of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from api.indexer.repository import loans_with_tables
from api.indexer.tables import ledger_loans
from api.offers.tables import offers
from api.payments.tables import payments
from contracts.sender.tables import sender_transactions


def accepted_offers(connection: Connection, subject: str, loan: str | None = None) -> Sequence[Row[Any]]:
    """Accepted offers of the subject, newest first, each with `act_status`, `error` and `tx_hash` of its act."""
    query = (
        select(
            offers.c.loan,
            offers.c.agreement,
            sender_transactions.c.status.label("act_status"),
            sender_transactions.c.error,
        )
        .outerjoin_from(offers, sender_transactions, offers.c.act_id == sender_transactions.c.act_id)
        .where(offers.c.subject == subject, offers.c.accepted_at.is_not(None))
        .order_by(offers.c.id.desc())
    )
    return connection.execute(_only(query, offers.c.loan, loan)).all()


def ledger_loans_of(connection: Connection, subject: str, loan: str | None = None) -> Sequence[Row[Any]]:
    """The subject's loans on the ledger with the `words` of their tables, newest first."""
    query = (
        loans_with_tables()
        .where(ledger_loans.c.borrower == subject)
        .order_by(ledger_loans.c.block_number.desc(), ledger_loans.c.loan)
    )
    return connection.execute(_only(query, ledger_loans.c.loan, loan)).all()


def _only(query: Select[Any], column: Any, loan: str | None) -> Select[Any]:
    return query if loan is None else query.where(column == loan)


def payment_ids(connection: Connection, loans: Iterable[str]) -> dict[str, str]:
    """Transaction hash -> id of the payments that were accepted here."""
    rows = connection.execute(
        select(sender_transactions.c.tx_hash, payments.c.id)
        .join_from(payments, sender_transactions, payments.c.id == sender_transactions.c.act_id)
        .where(payments.c.loan.in_(list(loans)), sender_transactions.c.tx_hash.is_not(None))
    )
    return {row.tx_hash: row.id for row in rows}
