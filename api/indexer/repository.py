"""Rows of the read model."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from api.indexer.tables import index_cursor, ledger_acts, ledger_loans, ledger_payments, ledger_signers, ledger_tables
from contracts import schedule

ONLY = 1
READ_MODEL = (ledger_acts, ledger_payments, ledger_loans, ledger_tables, ledger_signers, index_cursor)


def last_seen(connection: Connection) -> Row[Any] | None:
    """Where the indexer stands: block number and hash, ledger time then, wall clock then."""
    return connection.execute(select(index_cursor)).one_or_none()


def set_cursor(connection: Connection, **values: Any) -> None:
    """Note the last indexed block."""
    changed = connection.execute(update(index_cursor).where(index_cursor.c.id == ONLY).values(**values))
    if changed.rowcount == 0:
        connection.execute(insert(index_cursor).values(id=ONLY, **values))


def forget_everything(connection: Connection) -> None:
    """Empty the read model, to be rebuilt from block 0."""
    for table in READ_MODEL:
        connection.execute(delete(table))


def add_signer(connection: Connection, subject: str, signer: str, block_number: int) -> None:
    """A signer may speak for a subject."""
    connection.execute(insert(ledger_signers).values(subject=subject, signer=signer, block_number=block_number))


def remove_signer(connection: Connection, subject: str, signer: str) -> None:
    """A signer speaks for a subject no more."""
    connection.execute(
        delete(ledger_signers).where(ledger_signers.c.subject == subject, ledger_signers.c.signer == signer)
    )


def remove_signers(connection: Connection, subject: str) -> None:
    """None of a subject's signers speaks for it any more; its new one follows in the same transaction."""
    connection.execute(delete(ledger_signers).where(ledger_signers.c.subject == subject))


def add_loan(connection: Connection, **values: Any) -> None:
    """A loan was originated."""
    connection.execute(insert(ledger_loans).values(bucket=0, **values))


def add_table(connection: Connection, loan: str, words: Sequence[str], block_number: int) -> None:
    """The rows of a loan that is about to be originated, by a table."""
    connection.execute(insert(ledger_tables).values(loan=loan, words=list(words), block_number=block_number))


def add_payment(connection: Connection, **values: Any) -> None:
    """A payment was applied."""
    connection.execute(insert(ledger_payments).values(**values))


def add_act(connection: Connection, **values: Any) -> None:
    """Something happened to a loan beside its payments, or without a loan to the clocks of all."""
    connection.execute(insert(ledger_acts).values(**values))


def set_bucket(connection: Connection, loan: str, bucket: int) -> None:
    """A loan moved to another arrears bucket."""
    connection.execute(update(ledger_loans).where(ledger_loans.c.loan == loan).values(bucket=bucket))


def close_loan(connection: Connection, loan: str, day: int | None) -> None:
    """A loan ended; None: it runs again."""
    connection.execute(update(ledger_loans).where(ledger_loans.c.loan == loan).values(closed_day=day))


def is_registered(connection: Connection, subject: str) -> bool:
    """Whether the ledger knows the subject."""
    query = select(ledger_signers.c.subject).where(ledger_signers.c.subject == subject).limit(1)
    return connection.scalar(query) is not None


def is_signer(connection: Connection, subject: str, signer: str) -> bool:
    """Whether the signer speaks for the subject."""
    query = select(ledger_signers.c.signer).where(
        ledger_signers.c.subject == subject, ledger_signers.c.signer == signer
    )
    return connection.scalar(query) is not None


def loans_with_tables() -> Select[Any]:
    """Every loan with the `words` of its table, null where a formula gives the rows."""
    return select(ledger_loans, ledger_tables.c.words).outerjoin(
        ledger_tables, ledger_tables.c.loan == ledger_loans.c.loan
    )


def table_of(loan: Row[Any]) -> tuple[schedule.Row, ...]:
    """The agreed rows of a loan by a table; none of one by a formula."""
    return schedule.rows_of(int(word, 16) for word in loan.words or ())


def loan_on_ledger(connection: Connection, loan: str) -> Row[Any] | None:
    """The loan as originated."""
    return connection.execute(loans_with_tables().where(ledger_loans.c.loan == loan)).one_or_none()


def open_loans(connection: Connection) -> Sequence[Row[Any]]:
    """Every loan that is not closed."""
    return connection.execute(loans_with_tables().where(ledger_loans.c.closed_day.is_(None))).all()


def acts_on_ledger(connection: Connection, loans: Iterable[str]) -> Sequence[Row[Any]]:
    """What happened beside payments to some loans, and to the clocks of all, in order."""
    return connection.execute(
        select(ledger_acts)
        .where(or_(ledger_acts.c.loan.in_(list(loans)), ledger_acts.c.loan.is_(None)))
        .order_by(ledger_acts.c.block_number, ledger_acts.c.log_index)
    ).all()


def payments_on_ledger(connection: Connection, loans: Iterable[str]) -> Sequence[Row[Any]]:
    """The payments of some loans in the order in which they were applied."""
    return connection.execute(
        select(ledger_payments)
        .where(ledger_payments.c.loan.in_(list(loans)))
        .order_by(ledger_payments.c.block_number, ledger_payments.c.log_index)
    ).all()
