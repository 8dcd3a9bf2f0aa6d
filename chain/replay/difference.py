"""The first point at which an export and its replay part ways."""

from dataclasses import dataclass
from typing import Any

from chain.core.blocks import Receipt
from chain.errors import LedgerError


@dataclass(frozen=True)
class Progress:
    """How far a replay has come."""

    block: int
    head: int
    transactions: int


class Difference(LedgerError):
    """A replay came to something else than the export says.

    `expected` is what the export says, `found` what the replay came to; `transaction` is the index in the block
    (None where the difference cannot be laid to one transaction).
    """

    def __init__(
        self,
        engine: str,
        block: int,
        field: str,
        expected: str,
        found: str,
        transaction: int | None = None,
        transaction_hash: str | None = None,
    ) -> None:
        self.engine, self.block, self.field = engine, block, field
        self.expected, self.found = expected, found
        self.transaction, self.transaction_hash = transaction, transaction_hash
        where = f"block {block}"
        if transaction is not None:
            where += f", transaction {transaction} ({transaction_hash})"
        super().__init__(f"{engine}: {where}, {field}: the export says {expected}, the replay finds {found}")


def shown(value: Any) -> str:
    """A value as it stands in a report."""
    return f"0x{bytes(value).hex()}" if isinstance(value, bytes | bytearray) else str(value)


def receipt_difference(said: Receipt, found: Receipt) -> tuple[str, str, str] | None:
    """The first field in which two receipts differ: its name, what is said, what is found."""
    for name in ("succeeded", "cumulative_gas"):
        if getattr(said, name) != getattr(found, name):
            return name, str(getattr(said, name)), str(getattr(found, name))
    if len(said.logs) != len(found.logs):
        return "logs", f"{len(said.logs)} logs", f"{len(found.logs)} logs"
    for index, (left, right) in enumerate(zip(said.logs, found.logs, strict=True)):
        for name in ("address", "topics", "data"):
            if getattr(left, name) != getattr(right, name):
                return f"log {index} {name}", _log_part(left, name), _log_part(right, name)
    if said.bloom != found.bloom:
        return "bloom", hex(said.bloom), hex(found.bloom)
    return None


def _log_part(log: Any, name: str) -> str:
    value = getattr(log, name)
    return ", ".join(shown(topic) for topic in value) if name == "topics" else shown(value)
