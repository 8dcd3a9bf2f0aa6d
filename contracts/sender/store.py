"""The sender's steps as the database sees them: each function is one committed change."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, select, update

from contracts.clients.errors import ContractError
from contracts.sender.outbox import IN_FLIGHT, SETTLED, Status
from contracts.sender.tables import sender_fillers as fillers
from contracts.sender.tables import sender_keys as keys
from contracts.sender.tables import sender_transactions as transactions

_C = transactions.c


class Store:
    """The rows of one key."""

    def __init__(self, engine: Engine, key_address: str) -> None:
        self.engine, self.key = engine, key_address

    def rows(self, *conditions: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
        """Rows of this key, oldest nonce first, then oldest act first."""
        query = select(transactions).where(_C.key_address == self.key, *conditions)
        with self.engine.begin() as connection:
            return connection.execute(query.order_by(_C.nonce, _C.position).limit(limit)).all()

    def sent(self, limit: int) -> Sequence[Row[Any]]:
        """What awaits a receipt."""
        return self.rows(_C.status == Status.SENT, limit=limit)

    def settled_from(self, nonce: int, limit: int) -> Sequence[Row[Any]]:
        """Settled acts at or above a nonce: if the ledger has not reached it, it has forgotten them."""
        return self.rows(_C.status.in_(SETTLED), _C.nonce >= nonce, limit=limit)

    def to_send(self, sent_before: float, limit: int) -> Sequence[Row[Any]]:
        """What is signed, or was sent long ago and still has no receipt."""
        again = (_C.status == Status.SENT) & (_C.sent_at < sent_before)
        return self.rows((_C.status == Status.SIGNED) | again, limit=limit)

    def in_flight(self) -> tuple[int, int | None]:
        """How many acts hold a nonce and are not settled, and the lowest position among them."""
        query = select(func.count(), func.min(_C.position)).where(_C.key_address == self.key, _C.status.in_(IN_FLIGHT))
        with self.engine.begin() as connection:
            number, position = connection.execute(query).one()
            return number, position

    def settle(self, changes: Sequence[tuple[Row[Any], dict[str, Any]]]) -> int:
        """Write outcomes; an act whose transaction was replaced meanwhile is left alone."""
        with self.engine.begin() as connection:
            return sum(
                connection.execute(
                    update(transactions)
                    .where(_C.position == row.position, _C.status == row.status, _C.tx_hash == row.tx_hash)
                    .values(values)
                ).rowcount
                for row, values in changes
            )

    def allocate(self, gas: dict[int, int], failures: dict[int, ContractError], used_nonces: int) -> int:
        """Give each queued row in `gas` (position -> gas) the next nonce; fail those in `failures`.

        One transaction under the key's lock row, so that two senders never give out one nonce.
        """
        with self.engine.begin() as connection:
            first = max(self._lock_key(connection), used_nonces)
            nonce = first
            for position, limit in gas.items():
                values = {"status": Status.ALLOCATED, "gas": limit, "nonce": nonce}
                nonce += self._change_queued(connection, position, values)
            failed = sum(
                self._change_queued(connection, position, failure(error)) for position, error in failures.items()
            )
            connection.execute(update(keys).where(keys.c.key_address == self.key).values(next_nonce=nonce))
            return nonce - first + failed

    def _lock_key(self, connection: Connection) -> int:
        query = select(keys.c.next_nonce).where(keys.c.key_address == self.key)
        found = connection.execute(query).scalar()
        if found is None:
            connection.execute(insert(keys).values(key_address=self.key, next_nonce=0))
            return 0
        return int(found)

    def _change_queued(self, connection: Connection, position: int, values: dict[str, Any]) -> int:
        change = update(transactions).where(_C.position == position, _C.status == Status.QUEUED).values(values)
        return connection.execute(change).rowcount

    def change(self, changes: Sequence[tuple[int, Status, dict[str, Any]]]) -> int:
        """Move rows (position) that still have the status on."""
        with self.engine.begin() as connection:
            return sum(
                connection.execute(
                    update(transactions).where(_C.position == position, _C.status == status).values(values)
                ).rowcount
                for position, status, values in changes
            )

    def held_nonces(self, first: int, end: int) -> set[int]:
        """Nonces in [first, end) that an act or a filler holds."""
        acts = select(_C.nonce).where(_C.key_address == self.key, _C.nonce >= first, _C.nonce < end)
        own = fillers.c
        empty = select(own.nonce).where(own.key_address == self.key, own.nonce >= first, own.nonce < end)
        with self.engine.begin() as connection:
            return set(connection.scalars(acts)) | set(connection.scalars(empty))

    def lowest_in_flight(self) -> int | None:
        """The lowest nonce that is not settled."""
        query = select(func.min(_C.nonce)).where(_C.key_address == self.key, _C.status.in_(IN_FLIGHT))
        with self.engine.begin() as connection:
            return connection.execute(query).scalar()

    def fill(self, raws: dict[int, bytes]) -> None:
        """Keep fillers (nonce -> raw transaction) until the ledger has passed them."""
        with self.engine.begin() as connection:
            self._fill(connection, raws)

    def refuse(self, row: Row[Any], error: ContractError, raw_filler: bytes) -> int:
        """Fail an act that the ledger would not take and leave its nonce to a filler."""
        with self.engine.begin() as connection:
            change = update(transactions).where(
                _C.position == row.position, _C.status == Status.SIGNED, _C.tx_hash == row.tx_hash
            )
            done = connection.execute(change.values({**failure(error), "nonce": None})).rowcount
            if done:
                self._fill(connection, {row.nonce: raw_filler})
            return done

    def _fill(self, connection: Connection, raws: dict[int, bytes]) -> None:
        for nonce, raw in raws.items():
            known = (fillers.c.key_address == self.key) & (fillers.c.nonce == nonce)
            if connection.execute(select(fillers.c.nonce).where(known)).first() is None:
                connection.execute(insert(fillers).values(key_address=self.key, nonce=nonce, raw=raw))

    def fillers_from(self, nonce: int, limit: int) -> Sequence[bytes]:
        """Fillers that the ledger has not reached."""
        query = select(fillers.c.raw).where(fillers.c.key_address == self.key, fillers.c.nonce >= nonce)
        with self.engine.begin() as connection:
            return connection.scalars(query.order_by(fillers.c.nonce).limit(limit)).all()


def failure(error: ContractError) -> dict[str, Any]:
    """The columns of an act that failed."""
    return {"status": Status.FAILED, "error": error.to_json(), "settled_at": time.time()}
