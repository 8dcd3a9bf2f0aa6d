"""What the ledger knows about a subject, read at one block."""

from collections.abc import Iterator
from typing import Any

from contracts.artifacts import artifact
from contracts.clients import Block, Event, Ledger, LoanStatus, LoanView, decode_log
from contracts.clients.abi import EventSignature
from contracts.clients.events import LOG_RANGE_BLOCKS
from contracts.loan import bucket_of, days_late
from contracts.schedule import Method, Row, day_at, rows_of
from contracts.typed_data import Agreement
from oracle.features import LedgerFeatures


def read_history(ledger: Ledger, subject: str, block: Block) -> LedgerFeatures:
    """The subject's loans at `block`; arrears are counted on that day, whether or not anybody recorded them."""
    exposure = ledger.credit_registry.read("exposure", subject, block=block.hash)
    borrowed = _events(ledger, "LoanOriginated", block, [None, _topic(bytes.fromhex(subject[2:]))])
    loans = {event.args["loan"]: event.args["agreement"] for event in borrowed}
    tables = _tables(ledger, [loan for loan, agreed in loans.items() if Method(agreed.method).is_table], block)
    views = {loan: ledger.loan_book.loan(loan, tables.get(loan, ()), block.hash) for loan in loans}
    open_now = {loan: view for loan, view in views.items() if view.status == LoanStatus.ACTIVE}
    now = [_bucket_on(view, loans[loan], block) for loan, view in open_now.items()]
    recorded = [event.args["bucket"] for event in _arrears(ledger, list(loans), block)]
    return LedgerFeatures(
        open_loans=exposure["open_loans"],
        reserved_minor=exposure["reserved_minor"],
        worst_bucket=max(now, default=0),
        worst_bucket_ever=max([*now, *recorded], default=0),
        closed_loans=sum(view.status == LoanStatus.CLOSED for view in views.values()),
    )


def _bucket_on(view: LoanView, agreement: Agreement, block: Block) -> int:
    if view.row == view.periods:
        return 0
    day = day_at(block.timestamp, agreement.time_zone_minutes)
    return bucket_of(days_late(view.next_due_day, day), agreement.grace_days)


def _tables(ledger: Ledger, loans: list[bytes], block: Block) -> dict[bytes, tuple[Row, ...]]:
    """The rows of loans that are by a table."""
    known = _events(ledger, "ScheduleTable", block, [[_topic(loan) for loan in loans]]) if loans else ()
    return {event.args["loan"]: rows_of(event.args["rows"]) for event in known}


def _arrears(ledger: Ledger, loans: list[bytes], block: Block) -> Iterator[Event]:
    return _events(ledger, "ArrearsChanged", block, [[_topic(loan) for loan in loans]]) if loans else iter(())


def _events(ledger: Ledger, name: str, block: Block, topics: list[Any]) -> Iterator[Event]:
    known = [EventSignature(entry) for entry in artifact("LoanBook").abi if entry["type"] == "event"]
    (kind,) = [event.hash for event in known if event.name == name]
    for first in range(ledger.book.block, block.number + 1, LOG_RANGE_BLOCKS):
        query = {
            "fromBlock": hex(first),
            "toBlock": hex(min(first + LOG_RANGE_BLOCKS - 1, block.number)),
            "address": ledger.loan_book.address,
            "topics": ["0x" + kind.hex(), *topics],
        }
        decoded = (decode_log(log, ledger.book, 0) for log in ledger.rpc.request("eth_getLogs", query))
        yield from (event for event in decoded if event is not None)


def _topic(value: bytes) -> str:
    return "0x" + value.rjust(32, b"\0").hex()
