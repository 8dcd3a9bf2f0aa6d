"""The ledger's loans, cash and score reports, recounted by the Python twin from what the replay found."""

from collections.abc import Iterator
from typing import Any

from eth_utils.address import to_canonical_address

from contracts.clients import AddressBook
from contracts.clients.events import Event, decode_log
from contracts.clients.reverts import decode_revert
from contracts.recount import Difference, Findings, check_report_signatures, recount
from scripts.audit.report import Check

SHOWN_DIFFERENCES = 5
IN_WORDS = {
    "LoanSettled": "paid off early",
    "LoanCancelled": "withdrawn from in the cooling-off days",
    "LoanUnwound": "undone because the bank rejected the payout",
    "LoanAmended": "put under new terms by both sides",
    "LoanDefaulted": "called in default",
    "LoanCured": "no longer in default",
    "CoverApplied": "paid to the lender by a guarantee",
    "LoanWrittenOff": "written off as lost",
    "PaymentReturned": "of a payment that the bank took back",
}
"""What becomes of loans beside ordinary payments, by LoanBook's events."""


class RecountDiffers(Exception):
    """The recount came to something else than the ledger says; names block, transaction and field."""

    def __init__(self, differences: list[Difference]) -> None:
        more = len(differences) - SHOWN_DIFFERENCES
        lines = [str(difference) for difference in differences[:SHOWN_DIFFERENCES]]
        super().__init__("\n".join([*lines, *([f"and {more} more"] if more > 0 else [])]))
        self.differences = differences


def events_of(export: Any, replayed: Any, book: AddressBook) -> list[Event]:
    """All events of the book's contracts that the replay found, in ledger order."""
    hashes = {seal.number: seal.block_hash for seal in export.seals()}
    decoded = (decode_log(_as_rpc(log, hashes), book, log.block_at) for log in replayed.logs())
    return [event for event in decoded if event is not None]


def _as_rpc(log: Any, hashes: dict[int, bytes]) -> dict[str, Any]:
    return {
        "address": "0x" + log.address.hex(),
        "topics": ["0x" + topic.hex() for topic in log.topics],
        "data": "0x" + log.data.hex(),
        "blockNumber": hex(log.block),
        "blockHash": "0x" + hashes[log.block].hex(),
        "transactionHash": "0x" + log.transaction_hash.hex(),
        "transactionIndex": hex(log.transaction),
        "logIndex": hex(log.index),
    }


def check_reports(events: list[Event], inputs: dict[bytes, bytes], book: AddressBook) -> Check:
    """Every published score report carries the signatures it claims; `inputs` is calldata by transaction hash."""
    domain = book.domain("CreditRegistry")
    reports = [event for event in events if event.name == "ReportPublished"]
    differences = [d for event in reports for d in check_report_signatures(inputs[event.tx_hash], event, domain)]
    if differences:
        raise RecountDiffers(differences)
    signatures = sum(len(event.args["signers"]) for event in reports)
    detail = f"{len(reports)} reports, {signatures} signatures recovered, each of a signer of its day, none short"
    return Check("score reports", True, detail, {"reports": len(reports), "signatures": signatures})


def check_loans(events: list[Event], replayed: Any, book: AddressBook) -> Check:
    """Every loan, balance and exposure follows from the events, and the contracts say the same at the end."""
    findings = recount(events, lambda to, data: _call(replayed, to, data), book)
    if not findings.clean:
        raise RecountDiffers(findings.differences)
    return Check("loans and cash", True, "\n           ".join(_told(findings)), _figures(findings))


def _call(replayed: Any, to: str, data: bytes) -> bytes:
    """What a view returns in the final state. Raises the ContractError that it reverts with."""
    from chain.core.calls import CallReverted

    try:
        return bytes(replayed.call(to_canonical_address(to), data))
    except CallReverted as reverted:
        raise decode_revert(reverted.data) from reverted


def _told(found: Findings) -> Iterator[str]:
    yield f"{found.loans} loans ({found.loans_closed} closed), {found.payments} payments, recounted from events"
    yield f"lent {money(found.principal_lent_minor)}, principal repaid {money(found.principal_repaid_minor)}"
    yield f"interest paid {money(found.interest_paid_minor)}, late charges paid {money(found.charges_paid_minor)}"
    told = [f"{found.happened[event]} {words}" for event, words in IN_WORDS.items() if found.happened[event]]
    if told:
        yield f"beside ordinary payments, loans were: {', '.join(told)}"
    in_, out, held = (money(x) for x in (found.money_in_minor, found.money_out_minor, found.money_held_minor))
    yield f"cash in {in_} = cash out {out} + cash held {held}"
    yield f"{found.entries} entries in the loans' books, each of which balances (double entry)"
    yield f"{found.comparisons} comparisons, no difference"


def _figures(found: Findings) -> dict[str, Any]:
    return {
        "loans": found.loans,
        "loans_closed": found.loans_closed,
        "loans_cancelled": found.loans_cancelled,
        "loans_unwound": found.loans_unwound,
        "payments": found.payments,
        "payments_returned": found.payments_returned,
        "happened": {event: found.happened[event] for event in IN_WORDS},
        "entries": found.entries,
        "principal_lent_minor": found.principal_lent_minor,
        "principal_repaid_minor": found.principal_repaid_minor,
        "interest_paid_minor": found.interest_paid_minor,
        "charges_paid_minor": found.charges_paid_minor,
        "money_in_minor": found.money_in_minor,
        "money_out_minor": found.money_out_minor,
        "money_held_minor": found.money_held_minor,
        "comparisons": found.comparisons,
    }


def money(minor: int) -> str:
    """Minor units as a person writes them: 1,234.56."""
    return f"{minor // 100:,}.{minor % 100:02d}"
