"""A database in which a step, once committed, survives loss of power."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

BUSY_TIMEOUT_SECONDS = 30


class DamagedDatabase(Exception):
    """The file is no SQLite database any more, or not a whole one; it is left as it was found."""

    def __init__(self, database: str, reason: str) -> None:
        super().__init__(f"{database}: {reason}")
        self.database, self.reason = database, reason


@contextmanager
def refusing_damage(engine: Engine) -> Iterator[None]:
    """Turn SQLite's complaint about a damaged file into DamagedDatabase; other errors pass."""
    try:
        yield
    except DatabaseError as error:
        if type(error.orig) is sqlite3.DatabaseError:  # its subclasses mean other things, a lock or a full disk
            raise DamagedDatabase(str(engine.url.database), str(error.orig)) from error
        raise


def durable_engine(url: str) -> Engine:
    """An engine for the sender: SQLite in WAL mode with synchronous=FULL and BEGIN IMMEDIATE.

    Errors never quote the values of a statement, and SQLite overwrites what is deleted: rows beside the sender's may
    hold personal data.
    """
    engine = create_engine(url, hide_parameters=True)
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
