"""The one durable sender of transactions: an outbox table and the steps that empty it."""

from contracts.sender.engine import DamagedDatabase, durable_engine, refusing_damage
from contracts.sender.outbox import ActConflict, Outcome, Status, UnknownAct, enqueue, outcome
from contracts.sender.sender import OutcomeTimeout, Sender
from contracts.sender.tables import metadata

__all__ = [
    "ActConflict",
    "DamagedDatabase",
    "Outcome",
    "OutcomeTimeout",
    "Sender",
    "Status",
    "UnknownAct",
    "durable_engine",
    "enqueue",
    "metadata",
    "outcome",
    "refusing_damage",
]
