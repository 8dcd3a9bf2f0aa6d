"""Putting acts into the outbox and reading what became of them."""

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from contracts.clients.errors import ContractError
from contracts.sender.tables import sender_transactions as transactions
from contracts.sender.transactions import with_margin


class Status(StrEnum):
    """How far an act has come; each is reached by one committed step."""

    QUEUED = "queued"
    ALLOCATED = "allocated"
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"


SETTLED = (Status.CONFIRMED, Status.FAILED)
IN_FLIGHT = (Status.ALLOCATED, Status.SIGNED, Status.SENT)


class ActConflict(Exception):
    """The act id is taken by another transaction."""

    def __init__(self, act_id: str) -> None:
        super().__init__(f"act {act_id} is already in the outbox with other content")
        self.act_id = act_id


class UnknownAct(Exception):
    """No act of this id is in the outbox."""

    def __init__(self, act_id: str) -> None:
        super().__init__(f"act {act_id} is not in the outbox")
        self.act_id = act_id


@dataclass(frozen=True)
class Outcome:
    """What became of an act so far. `error` tells why a failed one failed."""

    act_id: str
    status: Status
    tx_hash: str | None
    block_number: int | None
    contract_address: str | None
    error: ContractError | None

    @property
    def settled(self) -> bool:
        """Confirmed or failed: nothing more will happen to it."""
        return self.status in SETTLED


def enqueue(
    connection: Connection,
    act_id: str,
    to: str | None,
    data: bytes,
    *,
    key_address: str,
    estimated_gas: int | None = None,
) -> None:
    """Put a transaction into the outbox, in the caller's own database transaction.

    `to` None creates a contract; `key_address` is the account of the Sender that shall send it.
    With `estimated_gas`, from whoever has just tried it out, the sender does not estimate again.
    The same act again changes nothing. Raises ActConflict when the id stands for other content.
    """
    values = {"act_id": act_id, "key_address": key_address, "to": to, "data": data}
    gas = None if estimated_gas is None else with_margin(estimated_gas)
    row = {**values, "gas": gas, "status": Status.QUEUED, "created_at": time.time()}
    new = insert(transactions).values(row).on_conflict_do_nothing(index_elements=["act_id"])
    if connection.execute(new).rowcount == 0 and _find(connection, act_id)[:4] != tuple(values.values()):
        raise ActConflict(act_id)


def outcome(connection: Connection, act_id: str) -> Outcome:
    """What became of an act so far. Raises UnknownAct."""
    row = _find(connection, act_id)
    error = ContractError.from_json(row.error) if row.error else None
    return Outcome(act_id, Status(row.status), row.tx_hash, row.block_number, row.contract_address, error)


def _find(connection: Connection, act_id: str) -> Any:
    table = transactions.c
    columns = (
        *(table.act_id, table.key_address, table.to, table.data),
        *(table.status, table.tx_hash, table.block_number, table.contract_address, table.error),
    )
    row = connection.execute(select(*columns).where(table.act_id == act_id)).one_or_none()
    if row is None:
        raise UnknownAct(act_id)
    return row
