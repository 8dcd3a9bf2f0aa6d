"""A database in which a step, once committed, survives loss of power."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_TIMEOUT_SECONDS = 30


def durable_engine(url: str) -> Engine:
    """An engine for the sender: on SQLite WAL, synchronous=FULL and BEGIN IMMEDIATE; other engines as they are.

    Errors never quote the values of a statement, and SQLite overwrites what is deleted: rows beside the sender's may
    hold personal data.
    """
    engine = create_engine(url, hide_parameters=True)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    dbapi_connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    dbapi_connection.execute("PRAGMA journal_mode = WAL")
    dbapi_connection.execute("PRAGMA synchronous = FULL")
    dbapi_connection.execute("PRAGMA secure_delete = ON")


def _on_begin(connection: Connection) -> None:
    """Take the write lock at once: a later upgrade could fail, and reads before it could be stale."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
