"""One database for rows and outbox: SQLite (WAL, synchronous=FULL).

Repositories are plain functions of a synchronous `Connection`; the API runs them through the async engine, the
worker through the synchronous one, so that both use the same statements.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

P = ParamSpec("P")
R = TypeVar("R")

BUSY_TIMEOUT_SECONDS = 15
ASYNC_DRIVER = "sqlite+aiosqlite"
OPTIONS: dict[str, Any] = {"hide_parameters": True, "connect_args": {"timeout": BUSY_TIMEOUT_SECONDS}}
WRITE = "tally_write"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Database:
    """Transactions for async callers: `read` sees one snapshot, `write` commits durably or not at all."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(make_url(url).set(drivername=ASYNC_DRIVER), **OPTIONS)
        _prepare(self.engine.sync_engine)
        self._turn = asyncio.Lock()  # waiting here is fair and free, waiting for SQLite's lock is neither

    async def read(self, query: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `query(connection, ...)` in a read transaction."""
        async with self.engine.connect() as connection:
            return await connection.run_sync(query, *args, **kwargs)

    async def write(self, act: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `act(connection, ...)` in one write transaction; it is on disk when this returns."""
        async with self._turn, self.engine.connect() as connection:
            await connection.execution_options(**{WRITE: True})
            async with connection.begin():
                return await connection.run_sync(act, *args, **kwargs)

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


def sync_engine(url: str) -> Engine:
    """The same database for synchronous callers: migrations, the worker and the transaction sender."""
    engine = create_engine(url, **OPTIONS)
    _prepare(engine)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One synchronous write transaction, committed at the end and rolled back on any error."""
    with engine.connect() as connection:
        connection.execution_options(**{WRITE: True})
        with connection.begin():
            yield connection


def _prepare(engine: Engine) -> None:
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, so that a writer takes its lock at once
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
