"""Rows of subjects and how far the outbox is with them."""

import time
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from api.subjects.tables import subjects
from contracts.sender.tables import sender_transactions


def subject_row(connection: Connection, subject: str) -> Row[Any] | None:
    """The registration asked for here, with the state and error of its act."""
    return connection.execute(
        select(subjects, sender_transactions.c.status, sender_transactions.c.error)
        .join_from(subjects, sender_transactions, subjects.c.act_id == sender_transactions.c.act_id)
        .where(subjects.c.subject == subject)
    ).one_or_none()


def put_subject(connection: Connection, subject: str, signer: str, act_id: str) -> None:
    """Remember a registration; it takes the place of a failed one."""
    connection.execute(delete(subjects).where(subjects.c.subject == subject))
    connection.execute(
        insert(subjects).values(subject=subject, signer=signer, act_id=act_id, created_at=int(time.time()))
    )
