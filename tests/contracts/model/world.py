"""The contracts on a fast EVM with their people, and every event since the deployment."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.clients import AddressBook, Event, decode_log
from contracts.clients.abi import snake_case
from contracts.deployment import Accounts, Terms, deploy
from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Method
from contracts.typed_data import sign
from contracts.typed_data.struct import Struct
from scripts.workbench.evm import BLOCKHASH_BLOCKS, Receipt, Snapshot
from scripts.workbench.header import encode_header
from scripts.workbench.system import FIRST_DAY, Person, System, WorkbenchExecutor, noon
from tests.contracts.differential.fast_evm import FastEvm
from tests.contracts.model.model import Facility, Model, Party

BORROWERS = 4
CAPITAL_MINOR = 30_000_000
EVERY_SHAPE = keccak(text="every shape")
BROAD_CAPS: dict[str, Any] = {
    "max_rate_ppm": 2**24 - 1,
    "max_upfront_fee_ppm": 100_000,
    "max_penalty_rate_ppm": 2**24 - 1,
    "max_penalty_days": 2**16 - 1,
    "max_late_fee_minor": 2**32 - 1,
    "max_total_cost_ppm": 1_500_000,
    "max_periods": 480,
    "max_principal_minor": 3_000_000,
    "min_kyc_level": 1,
    "active": True,
    "methods": 2 ** len(Method) - 1,
    "max_term_days": 4_000,
}
FACILITY = Facility(4_000_000, 50)
STRANGER = to_checksum_address("0x" + "57" * 20)
INSTITUTIONS = tuple(to_checksum_address("0x" + pair * 20) for pair in ("a1", "a2"))
"""Third parties in standing that pay for others."""


@dataclass(frozen=True)
class Recorded:
    """A transaction with its place."""

    number: int
    timestamp: int
    receipt: Receipt


class RecordingEvm(FastEvm):
    """Keeps what was done, so that all of it can be recounted."""

    def __init__(self, timestamp: int) -> None:
        super().__init__(timestamp)
        self.record: list[Recorded] = []

    def transact(self, to: str | None, data: bytes, sender: str = "0x" + "00" * 20) -> Receipt:
        """As FastEvm; remembers the receipt."""
        number, timestamp = self.number, self.timestamp
        receipt = super().transact(to, data, sender)
        self.record.append(Recorded(number, timestamp, receipt))
        return receipt


@dataclass
class World:
    """A deployed system that can begin again."""

    evm: RecordingEvm
    system: System
    start: Snapshot
    kept: int
    people: list[Person] = field(default_factory=list)

    @classmethod
    @cache
    def shared(cls) -> "World":
        """One system for the whole process."""
        evm = RecordingEvm(noon(FIRST_DAY))
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        system = System(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR)))
        people = [system.person(number) for number in range(1, BORROWERS + 1)]
        for institution in INSTITUTIONS:
            system.send("IdentityRegistry", "registerInstitution", institution, sender=system.role("registrar"))
        system.offer(EVERY_SHAPE, BROAD_CAPS)
        _limit_facility(system)
        return cls(evm, system, evm.snapshot(), len(evm.record), people)

    def begin(self) -> Model:
        """Back to the state after deployment; the model of it."""
        self.evm.restore(self.start)
        del self.evm.record[self.kept :]
        return self._model()

    @property
    def pool(self) -> str:
        """The lender."""
        return self.system.contracts["LendingPool"]

    @property
    def people_and_payers(self) -> list[str]:
        """Subjects, and institutions that pay for them."""
        return [*(person.subject for person in self.people), *INSTITUTIONS]

    @property
    def rails(self) -> str:
        """Who books what the bank says."""
        return self.system.role("rails")

    @property
    def risk(self) -> str:
        """Who decides what becomes of loans that are not paid."""
        return self.system.role("risk")

    @property
    def underwriter_until(self) -> int:
        """When the key that signs for the lender ends, UTC seconds."""
        return int(self.system.read("LendingPool", "underwriter", self.system.role("underwriter")))

    def headers_around(self, start: int, end: int) -> tuple[bytes, bytes]:
        """Headers of two blocks that follow each other, at two instants (UTC seconds); the ledger knows them."""
        number = self.evm.number - BLOCKHASH_BLOCKS - 1
        before = encode_header({"number": number - 1, "timestamp": start})
        after = encode_header({"number": number, "timestamp": end, "parentHash": keccak(before)})
        self.evm.make_known(after, number)
        return before, after

    def lender_signs(self, message: Struct, contract: str = "LoanBook") -> bytes:
        """The lender's signature for a contract."""
        return sign(load_key("underwriter", None, DEVNET_CHAIN_ID), message, self.system.domain(contract))

    @property
    def book(self) -> AddressBook:
        """All addresses."""
        return AddressBook(DEVNET_CHAIN_ID, 0, self.system.contracts)

    def send(self, contract: str, name: str, values: tuple[Any, ...], sender: str) -> list[Event]:
        """Carry out a transaction; its events. Raises its ContractError."""
        self.system.send(contract, name, *values, sender=sender)
        return self.events(self.evm.record[-1])

    def events(self, recorded: Recorded) -> list[Event]:
        """The decoded events of a transaction."""
        return [
            event for index, log in enumerate(recorded.receipt.logs) if (event := self._event(recorded, index, log))
        ]

    def all_events(self) -> list[Event]:
        """Everything that happened since the deployment began."""
        return [event for recorded in self.evm.record for event in self.events(recorded)]

    def _event(self, recorded: Recorded, index: int, log: Any) -> Event | None:
        raw = {
            "address": log.address,
            "topics": ["0x" + topic.hex() for topic in log.topics],
            "data": "0x" + log.data.hex(),
            "blockNumber": hex(recorded.number),
            "blockHash": "0x" + recorded.number.to_bytes(32, "big").hex(),
            "transactionHash": "0x" + recorded.number.to_bytes(32, "big").hex(),
            "transactionIndex": "0x0",
            "logIndex": hex(index),
        }
        return decode_log(raw, self.book, recorded.timestamp)

    def _model(self) -> Model:
        model = Model(self.evm.timestamp, self.pool, self.system.contracts["GuaranteeFund"])
        for person in self.people:
            standing = self.system.read("IdentityRegistry", "standing", person.subject)
            model.parties[person.subject] = Party(False, False, standing["kyc_level"], standing["kyc_expiry_day"])
        for institution in (*INSTITUTIONS, self.system.role("rails"), self.system.role("treasurer"), self.pool):
            model.parties[institution] = Party(institution=True)
        model.cash[self.pool] = model.money_in_minor = CAPITAL_MINOR
        consumer = {snake_case(name): value for name, value in CONSUMER_INSTALMENT_CAPS.items()}
        model.products = {CONSUMER_INSTALMENT: consumer, EVERY_SHAPE: BROAD_CAPS}
        model.facilities = {CONSUMER_INSTALMENT: Facility(2**44 - 1, 100), EVERY_SHAPE: FACILITY}
        return model


def _limit_facility(system: System) -> None:
    """The broad product has a facility that fills up."""
    pool, risk = system.contracts["LendingPool"], system.role("risk")
    limits = pool, EVERY_SHAPE, FACILITY.max_outstanding_minor, FACILITY.max_borrower_percent
    system.restricted("LoanBook", "openFacility", *limits, sender=risk)
