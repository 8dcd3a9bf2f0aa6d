"""Rows of challenges and sessions."""

from sqlalchemy import Connection, delete, func, insert, select

from api.sessions.tables import login_challenges, sessions


def add_challenge(connection: Connection, challenge: str, subject: str, deadline: int) -> None:
    """Remember a challenge given to a subject."""
    connection.execute(insert(login_challenges).values(challenge=challenge, subject=subject, deadline=deadline))


def open_challenges(connection: Connection, subject: str, now: int) -> int:
    """How many unused challenges of the subject are still valid."""
    query = select(func.count()).where(login_challenges.c.subject == subject, login_challenges.c.deadline >= now)
    return connection.scalar(query) or 0


def take_challenge(connection: Connection, challenge: str, subject: str, deadline: int) -> bool:
    """Use a challenge up; False when it is not there (any more)."""
    taken = connection.execute(
        delete(login_challenges).where(
            login_challenges.c.challenge == challenge,
            login_challenges.c.subject == subject,
            login_challenges.c.deadline == deadline,
        )
    )
    return taken.rowcount == 1


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
    """Drop challenges and sessions whose time is over."""
    connection.execute(delete(login_challenges).where(login_challenges.c.deadline < now))
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
