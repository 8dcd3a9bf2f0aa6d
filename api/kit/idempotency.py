"""A write with the same Idempotency-Key happens once and is answered the same for ever after.

The answer is committed with the rows it speaks of, sealed in the vault's envelope: answers may hold salts.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, Connection, LargeBinary, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from api.kit.database import Database, metadata
from api.kit.limits import IDEMPOTENCY_RETENTION_SECONDS, MAX_IDEMPOTENCY_KEY_LENGTH
from api.kit.problems import (
    BodyTooLarge,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InvalidRequest,
    JsonTooDeep,
    Problem,
)
from api.vault import Vault

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("subject", String(42), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)


@dataclass(frozen=True)
class IdempotencyKey:
    """One client's name for one write at one address, with the content it came with."""

    address: str
    key: str
    content: bytes

    def name(self, subject: str) -> str:
        """What the record is stored under; another subject's equal key is another record."""
        return sha256("\n".join((subject, self.address, self.key)).encode()).hexdigest()


async def read_key(
    request: Request, idempotency_key: Annotated[str | None, Header(max_length=1_000)] = None
) -> IdempotencyKey:
    """The Idempotency-Key header with the request's address and body; raises IdempotencyKeyMissing."""
    if idempotency_key is None or not _usable(idempotency_key):
        raise IdempotencyKeyMissing
    return IdempotencyKey(f"{request.method} {request.url.path}", idempotency_key, await request.body())


def _usable(key: str) -> bool:
    return 0 < len(key) <= MAX_IDEMPOTENCY_KEY_LENGTH and key.isascii() and key.isprintable()


class Once:
    """Writes of one request: check, then store, then answer; or answer as the first time."""

    def __init__(self, database: Database, vault: Vault, key: IdempotencyKey, subject: str) -> None:
        self._database, self._vault, self._key, self._subject = database, vault, key, subject
        self._name = key.name(subject)
        self._fingerprint = vault.fingerprint(key.content)

    async def run(
        self,
        answer: type[M],
        check: Callable[[], Awaitable[T]],
        store: Callable[[Connection, T], M],
    ) -> M:
        """Answer of the first request with this key, or `check` and then `store` in one transaction with it.

        Raises IdempotencyKeyReused for other content; a refusal of `check` or `store` leaves nothing behind.
        """
        earlier = await self._database.read(self._recall)
        if earlier is not None:
            return answer.model_validate(earlier)
        try:
            return answer.model_validate(await self._database.write(self._store, store, await check()))
        except (IntegrityError, Problem):  # perhaps the same key was stored between our look and our refusal
            earlier = await self._database.read(self._recall)
            if earlier is None:
                raise
            return answer.model_validate(earlier)

    def _store(self, connection: Connection, store: Callable[[Connection, T], M], checked: T) -> Any:
        earlier = self._recall(connection)
        if earlier is not None:
            return earlier
        answer = store(connection, checked).model_dump(mode="json")
        sealed = self._vault.seal(connection, self._subject, self._place, answer)
        connection.execute(
            insert(idempotency_keys).values(
                name=self._name,
                subject=self._subject,
                fingerprint=self._fingerprint,
                answer=sealed,
                created_at=int(time.time()),
            )
        )
        return answer

    def _recall(self, connection: Connection) -> Any:
        row = connection.execute(
            select(idempotency_keys.c.fingerprint, idempotency_keys.c.answer).where(
                idempotency_keys.c.name == self._name
            )
        ).one_or_none()
        if row is None:
            return None
        if row.fingerprint != self._fingerprint:
            raise IdempotencyKeyReused
        return self._vault.open(connection, self._subject, self._place, row.answer)

    @property
    def _place(self) -> str:
        return f"answer/{self._name}"


def forget_old_keys(connection: Connection, now: int) -> None:
    """Drop records older than the retention; their keys then count as new."""
    connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.created_at < now - IDEMPOTENCY_RETENTION_SECONDS)
    )


RequestKey = Annotated[IdempotencyKey, Depends(read_key)]
WRITE_PROBLEMS: tuple[type[Problem], ...] = (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InvalidRequest,
    BodyTooLarge,
    JsonTooDeep,
)
