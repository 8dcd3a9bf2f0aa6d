"""Rows of applications."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from api.applications.tables import applications
from api.kit.limits import REQUEST_DEADLINE_SECONDS
from api.kit.pagination import PageQuery


def add_draft(
    connection: Connection, application_id: str, subject: str, language: str, request: dict[str, Any]
) -> None:
    """Store a draft with its ScoreRequest message."""
    connection.execute(
        insert(applications).values(
            id=application_id,
            subject=subject,
            status="draft",
            language=language,
            request=request,
            created_at=int(time.time()),
        )
    )


def unsigned_drafts(connection: Connection, subject: str) -> int:
    """How many drafts the subject has not signed while it could have."""
    query = select(func.count()).where(
        applications.c.subject == subject,
        applications.c.status == "draft",
        applications.c.created_at >= int(time.time()) - REQUEST_DEADLINE_SECONDS,
    )
    return connection.scalar(query) or 0


def application_of(connection: Connection, application_id: str, subject: str) -> Row[Any] | None:
    """The subject's application of this id."""
    return connection.execute(
        select(applications).where(applications.c.id == application_id, applications.c.subject == subject)
    ).one_or_none()


def applications_of(connection: Connection, subject: str, page: PageQuery) -> Sequence[Row[Any]]:
    """A part of the subject's applications, newest first."""
    return connection.execute(
        select(applications)
        .where(applications.c.subject == subject, applications.c.id < page.after)
        .order_by(applications.c.id.desc())
        .limit(page.limit)
    ).all()


def submit(connection: Connection, application_id: str, signer: str, signature: bytes) -> bool:
    """Turn a draft into a submission; False when it is no draft any more."""
    changed = connection.execute(
        update(applications)
        .where(applications.c.id == application_id, applications.c.status == "draft")
        .values(status="submitted", signer=signer, signature=signature)
    )
    return changed.rowcount == 1


def in_status(connection: Connection, status: str, most: int) -> Sequence[Row[Any]]:
    """The oldest applications in a status."""
    return connection.execute(
        select(applications).where(applications.c.status == status).order_by(applications.c.id).limit(most)
    ).all()


def move(connection: Connection, application_id: str, old: str, new: str, **values: Any) -> bool:
    """Move an application on; False when it is not in the old status any more."""
    changed = connection.execute(
        update(applications)
        .where(applications.c.id == application_id, applications.c.status == old)
        .values(status=new, **values)
    )
    return changed.rowcount == 1
