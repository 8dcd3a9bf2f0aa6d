"""A deployed system that remembers every event since its deployment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.clients import AddressBook, Event, decode_log
from contracts.deployment import Accounts, Terms, deploy
from contracts.keys import DEVNET_CHAIN_ID
from contracts.recount import Findings, recount
from contracts.schedule import Row, ScheduleTerms, agreed_rows, schedule_apr_ppm
from scripts.workbench.evm import Receipt, Snapshot
from scripts.workbench.pyevm import PyEvm
from scripts.workbench.system import CAPITAL_MINOR, FIRST_DAY, Draft, System, WorkbenchExecutor, noon


@dataclass
class Recorded:
    """A transaction with its place."""

    number: int
    timestamp: int
    data: bytes
    receipt: Receipt


class RecordingEvm(PyEvm):
    """Keeps what was done."""

    def __init__(self, chain_id: int, timestamp: int) -> None:
        super().__init__(chain_id, timestamp)
        self.record: list[Recorded] = []

    def transact(self, to: str | None, data: bytes, sender: str = "0x" + "00" * 20) -> Receipt:
        number, timestamp = self.number, self.timestamp
        receipt = super().transact(to, data, sender)
        self.record.append(Recorded(number, timestamp, data, receipt))
        return receipt


@dataclass
class History:
    """A system and everything that happened to it."""

    evm: RecordingEvm
    system: System
    start: Snapshot
    kept: int = field(default=0)

    @property
    def book(self) -> AddressBook:
        return AddressBook(DEVNET_CHAIN_ID, 0, self.system.contracts)

    def reset(self) -> None:
        """Back to the state after deployment."""
        self.evm.restore(self.start)
        del self.evm.record[self.kept :]
        self.system.people.clear()

    def events(self) -> list[Event]:
        """All events, decoded."""
        return [event for recorded in self.evm.record for event in self._decode(recorded)]

    def recount(self, events: list[Event] | None = None) -> Findings:
        """Recount these events, by default those that happened."""
        return recount(self.events() if events is None else events, self.evm.call, self.book)

    def lend(self, number: int = 1, draft: Draft | None = None, table: Sequence[Row] = (), **changes: Any) -> bytes:
        """A loan with a true APR; its id. `changes` are of the agreement."""
        person = self.system.person(number)
        self.system.publish(person.subject)
        draft = draft or Draft()
        today = changes | ({"latest_origination_day": draft.disbursement_day} if table else {})
        bare = self.system.agreement(person, draft, table, **today)
        rows = agreed_rows(bare, table)
        apr = schedule_apr_ppm(ScheduleTerms.of(bare), rows, bare.upfront_fee_minor)
        agreement = self.system.agreement(person, draft, table, apr_ppm=apr, **today)
        self.system.originate(person, agreement, table)
        self.system.mint(person.subject, 3 * agreement.principal_minor)
        return bytes(self.system.read("LoanBook", "agreementDigest", agreement))

    def _decode(self, recorded: Recorded) -> Iterator[Event]:
        for index, log in enumerate(recorded.receipt.logs):
            raw = {
                "address": log.address,
                "topics": ["0x" + topic.hex() for topic in log.topics],
                "data": "0x" + log.data.hex(),
                "blockNumber": hex(recorded.number),
                "blockHash": "0x" + self.evm.block_hash(recorded.number).hex(),
                "transactionHash": "0x" + recorded.number.to_bytes(32, "big").hex(),
                "transactionIndex": "0x0",
                "logIndex": hex(index),
            }
            event = decode_log(raw, self.book, recorded.timestamp)
            assert event is not None
            yield event


def new_history() -> History:
    """A fresh deployment."""
    evm = RecordingEvm(DEVNET_CHAIN_ID, noon(FIRST_DAY))
    accounts = Accounts.load(None, DEVNET_CHAIN_ID)
    contracts = deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR))
    return History(evm, System(evm, contracts), evm.snapshot(), len(evm.record))
