"""Empty the outbox of one key into the ledger."""

import time

from sqlalchemy import Engine, exists, select

from contracts.clients import Ledger
from contracts.sender import Sender
from contracts.sender.outbox import SETTLED
from contracts.sender.tables import sender_transactions

LOOK_AROUND_SECONDS = 2.0
"""How often settled acts are compared with the ledger even when nothing is open: it may have lost blocks."""


class Relay:
    """The durable sender, stepped only when an act is open."""

    def __init__(self, engine: Engine, sender: Sender, ledger: Ledger) -> None:
        self._engine, self._sender, self._ledger = engine, sender, ledger
        self._looked_at = 0.0
        self._open = select(
            exists().where(
                sender_transactions.c.key_address == sender.address,
                sender_transactions.c.status.not_in(SETTLED),
            )
        )

    @property
    def address(self) -> str:
        """The account that sends."""
        return self._sender.address

    def step(self) -> int:
        """Move every open act as far as it will go; returns the moves. Raises LedgerUnavailable, WrongChain."""
        _ = self._ledger.chain_id  # asked once: acts are never signed for another chain than the address book's
        now = time.monotonic()
        if not self._any_open() and now < self._looked_at + LOOK_AROUND_SECONDS:
            return 0
        moves = self._sender.step()
        self._looked_at = now
        return moves

    def _any_open(self) -> bool:
        with self._engine.connect() as connection:
            return bool(connection.scalar(self._open))
