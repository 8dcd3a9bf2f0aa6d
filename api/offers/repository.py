"""Rows of offers."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.offers.tables import offers


def add_offer(connection: Connection, **values: Any) -> None:
    """Store an open offer."""
    connection.execute(insert(offers).values(created_at=int(time.time()), **values))


def offer_of(connection: Connection, offer_id: str, subject: str) -> Row[Any] | None:
    """The subject's offer of this id."""
    return connection.execute(select(offers).where(offers.c.id == offer_id, offers.c.subject == subject)).one_or_none()


def accept(connection: Connection, offer_id: str, accepted_at: int, signer: str, signature: bytes) -> bool:
    """Store the borrower's acceptance; False when there is one."""
    changed = connection.execute(
        update(offers)
        .where(offers.c.id == offer_id, offers.c.accepted_at.is_(None))
        .values(accepted_at=accepted_at, signer=signer, signature=signature)
    )
    return changed.rowcount == 1


def to_countersign(connection: Connection, most: int) -> Sequence[Row[Any]]:
    """Accepted offers that the lender has not signed."""
    return connection.execute(
        select(offers)
        .where(offers.c.accepted_at.is_not(None), offers.c.act_id.is_(None))
        .order_by(offers.c.id)
        .limit(most)
    ).all()


def countersign(connection: Connection, offer_id: str, lender_signature: bytes, act_id: str) -> None:
    """Store the lender's signature and the act that brings both to the ledger."""
    connection.execute(
        update(offers).where(offers.c.id == offer_id).values(lender_signature=lender_signature, act_id=act_id)
    )
