"""Rows of used challenges and of sessions."""

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_once

from api.sessions.tables import login_challenges, sessions


def use_challenge(connection: Connection, challenge: str, subject: str, deadline: int) -> bool:
    """Remember that a challenge has opened its session; False when it has done so before."""
    used = insert_once(login_challenges).values(challenge=challenge, subject=subject, deadline=deadline)
    return connection.execute(used.on_conflict_do_nothing(index_elements=["challenge"])).rowcount == 1


def add_session(connection: Connection, token_hash: str, subject: str, expires_at: int) -> None:
    """Open a session."""
    connection.execute(insert(sessions).values(token_hash=token_hash, subject=subject, expires_at=expires_at))


def session_subject(connection: Connection, token_hash: str, now: int) -> str | None:
    """Whose valid session this is."""
    return connection.scalar(
        select(sessions.c.subject).where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
    )


def end_session(connection: Connection, token_hash: str) -> None:
    """Close a session for good."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def forget_expired(connection: Connection, now: int) -> None:
    """Drop sessions, and used challenges, whose time is over."""
    connection.execute(delete(login_challenges).where(login_challenges.c.deadline < now))
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
