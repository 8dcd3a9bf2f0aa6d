"""Follow the ledger block range by block range; a range and the new position are one transaction.

The read model only ever speaks of one chain: the hash of the last indexed block is kept, and when the next block has
another parent, or the ledger has become shorter, everything is rebuilt from block 0.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Row

from api.indexer import repository
from api.kit.database import writing
from api.kit.logs import log
from api.kit.types import hex_of
from contracts.clients import Block, Event, Ledger
from contracts.schedule import day_at
from contracts.typed_data import Struct

RANGE_BLOCKS = 500

Handler = Callable[[Connection, Event], None]


class Indexer:
    """Reads events into the read model."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        self._engine, self._ledger, self._log = engine, ledger, log("indexer")

    def step(self) -> int:
        """Index the next range; returns the number of blocks. Raises LedgerUnavailable."""
        head = self._ledger.head()
        cursor = self._cursor()
        if cursor is not None and not self._continues(cursor, head):
            self._log.warning("ledger changed its past, rebuilding", block=cursor.block_number)
            self._forget()
            return 1
        first = 0 if cursor is None else cursor.block_number + 1
        if first > head.number:
            return 0
        return self._index(first, head)

    def caught_up(self) -> bool:
        """Whether the read model stands at the ledger's head. Raises LedgerUnavailable."""
        cursor = self._cursor()
        return cursor is not None and cursor.block_number == self._ledger.head().number

    def _cursor(self) -> Row[Any] | None:
        with self._engine.connect() as connection:
            return repository.last_seen(connection)

    def _continues(self, cursor: Row[Any], head: Block) -> bool:
        if head.number <= cursor.block_number:
            return (head.number, hex_of(head.hash)) == (cursor.block_number, cursor.block_hash)
        following = cursor.block_number + 1
        block = head if head.number == following else self._ledger.block(following)
        return bool(hex_of(block.parent_hash) == cursor.block_hash)

    def _forget(self) -> None:
        with writing(self._engine) as connection:
            repository.forget_everything(connection)

    def _index(self, first: int, head: Block) -> int:
        """The end's hash is read before the events, so that a past rewritten in between is noticed next time."""
        last = min(first + RANGE_BLOCKS - 1, head.number)
        end = head if last == head.number else self._ledger.block(last)
        events = self._ledger.events(first, last)
        ledger_at = self._ledger.pending_timestamp()
        with writing(self._engine) as connection:
            for event in events:
                if event.name in HANDLERS:
                    HANDLERS[event.name](connection, event)
            repository.set_cursor(
                connection,
                block_number=end.number,
                block_hash=hex_of(end.hash),
                ledger_at=ledger_at,
                seen_at=int(time.time()),
            )
        return last - first + 1


def _signer_added(connection: Connection, event: Event) -> None:
    signer = hex_of(event.args["signer"])
    repository.add_signer(connection, event.args["subject"], signer, event.block_number)


def _signer_removed(connection: Connection, event: Event) -> None:
    repository.remove_signer(connection, event.args["subject"], hex_of(event.args["signer"]))


def _subject_recovered(connection: Connection, event: Event) -> None:
    repository.remove_signers(connection, event.args["subject"])


def _schedule_table(connection: Connection, event: Event) -> None:
    """The rows of a loan before its origination, or those of new terms before its amendment."""
    loan, words = hex_of(event.args["loan"]), [f"{word:#066x}" for word in event.args["rows"]]
    if repository.loan_on_ledger(connection, loan) is None:
        repository.add_table(connection, loan, words, event.block_number)
    else:
        _keep_act(connection, event, {"words": words})


def _loan_originated(connection: Connection, event: Event) -> None:
    repository.add_loan(
        connection,
        loan=hex_of(event.args["loan"]),
        borrower=event.args["borrower"],
        agreement=event.args["agreement"].message(),
        tx_hash=hex_of(event.tx_hash),
        block_number=event.block_number,
    )


def _payment_applied(connection: Connection, event: Event) -> None:
    split = {name: value for name, value in event.args.items() if name not in ("loan", "payer")}
    repository.add_payment(
        connection,
        loan=hex_of(event.args["loan"]),
        payer=event.args["payer"],
        tx_hash=hex_of(event.tx_hash),
        log_index=event.log_index,
        block_number=event.block_number,
        **split,
    )


def _arrears_changed(connection: Connection, event: Event) -> None:
    repository.set_bucket(connection, hex_of(event.args["loan"]), event.args["bucket"])


def _loan_closed(connection: Connection, event: Event) -> None:
    repository.close_loan(connection, hex_of(event.args["loan"]), event.args["day"])


def _loan_ended(connection: Connection, event: Event) -> None:
    _act(connection, event)
    repository.close_loan(connection, hex_of(event.args["loan"]), day_at(event.timestamp, 0))


def _payment_returned(connection: Connection, event: Event) -> None:
    """A loan that the payment had ended runs again."""
    _act(connection, event)
    repository.close_loan(connection, hex_of(event.args["loan"]), None)


def _act(connection: Connection, event: Event) -> None:
    _keep_act(connection, event, {name: _plain(value) for name, value in event.args.items() if name != "loan"})


def _keep_act(connection: Connection, event: Event, details: dict[str, Any]) -> None:
    loan = event.args.get("loan")
    repository.add_act(
        connection,
        loan=None if loan is None else hex_of(loan),
        name=event.name,
        details=details,
        happened_at=event.timestamp,
        tx_hash=hex_of(event.tx_hash),
        log_index=event.log_index,
        block_number=event.block_number,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return value.message()
    return hex_of(value) if isinstance(value, bytes) else value


HANDLERS: dict[str, Handler] = {
    "SignerAdded": _signer_added,
    "SignerRemoved": _signer_removed,
    "SubjectRecovered": _subject_recovered,
    "ScheduleTable": _schedule_table,
    "LoanOriginated": _loan_originated,
    "PaymentApplied": _payment_applied,
    "ArrearsChanged": _arrears_changed,
    "LoanClosed": _loan_closed,
    "LoanCancelled": _loan_ended,
    "LoanUnwound": _loan_ended,
    "PaymentReturned": _payment_returned,
    "PaymentValued": _act,
    "LoanSettled": _act,
    "LoanAmended": _act,
    "LoanDefaulted": _act,
    "LoanWrittenOff": _act,
    "CoverApplied": _act,
    "ClockStopped": _act,
    "PausedChanged": _act,
}
