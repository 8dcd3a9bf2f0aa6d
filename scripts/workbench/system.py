"""A deployed Tallystick on a workbench EVM, and the acts of its people in one line each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.artifacts import artifact
from contracts.clients import TableRow, table_rows
from contracts.clients.abi import EventSignature, Signature
from contracts.clients.credit_registry import kept_uid
from contracts.deployment import Accounts, Terms, deploy
from contracts.deployment.plan import (
    AT_ONCE,
    CONSUMER_INSTALMENT,
    FACILITY_BORROWER_PERCENT,
    FACILITY_MINOR,
)
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Method, Row, ScheduleTerms, agreed_rows, level_instalment, schedule_root
from contracts.typed_data import (
    Agreement,
    Amendment,
    Cancellation,
    Domain,
    Mandate,
    Payment,
    Registration,
    ScoreReport,
    Settlement,
    digest,
    sign,
)
from scripts.workbench.engines import PY_EVM, start_engine
from scripts.workbench.evm import NOBODY, Evm, Receipt

DAY_SECONDS = 86_400
ZONE_MINUTES = 480
FIRST_DAY = 20_484
"""2026-01-31, whose monthly due days end on 28 and 31."""
NOON_SECONDS = 12 * 3_600
CAPITAL_MINOR = 1_000_000_000
KYC_LEVEL = 2
FAR_DAY = 40_000
REPORT_SECONDS = 180 * DAY_SECONDS
DEFAULT_LIMIT_MINOR = 20_000_000
Order = Payment | Settlement | Cancellation | Mandate
"""What a borrower signs about a loan of its own."""
RELAYER = "0x" + "4e1a" * 10


def noon(day: int) -> int:
    """The instant of noon on a day in the loans' time zone."""
    return day * DAY_SECONDS + NOON_SECONDS - ZONE_MINUTES * 60


@cache
def function(contract: str, name: str, arguments: int) -> Signature:
    """A function by name and number of arguments."""
    entries = [entry for entry in artifact(contract).abi if entry["type"] == "function" and entry["name"] == name]
    return Signature(next(entry for entry in entries if len(entry["inputs"]) == arguments))


@cache
def _events(contract: str) -> Mapping[bytes, EventSignature]:
    events = [EventSignature(entry) for entry in artifact(contract).abi if entry["type"] == "event"]
    return {event.hash: event for event in events}


@dataclass(frozen=True)
class Person:
    """A subject and the wallet key that speaks for it."""

    key: LocalAccount
    subject: str

    @property
    def signer(self) -> bytes:
        """The key as the registry knows it."""
        return bytes.fromhex(self.key.address[2:])


@dataclass(frozen=True)
class Draft:
    """What a test varies of an agreement; the rest follows."""

    principal_minor: int = 1_000_000
    rate_ppm: int = 120_000
    periods: int = 12
    disbursement_day: int = FIRST_DAY
    first_due_day: int = FIRST_DAY + 28
    anchor_day: int = 31
    day_count: int = 0
    method: int = 0
    period_unit: int = 0
    period_length: int = 1
    interest_only_periods: int = 0
    rounding: int = 0
    upfront_fee_minor: int = 10_000
    grace_days: int = 3
    late_fee_minor: int = 2_000
    penalty_rate_ppm: int = 180_000
    penalty_max_days: int = 90
    waterfall: int = 0x1234
    instalment_minor: int = 0
    product_id: bytes = CONSUMER_INSTALMENT
    salt: int = 1


class WorkbenchExecutor:
    """Executes a deployment plan on the workbench."""

    def __init__(self, evm: Evm, treasurer: str) -> None:
        self._evm, self._treasurer = evm, treasurer

    @property
    def deployer(self) -> str:
        return str(load_key("deployer", None, DEVNET_CHAIN_ID).address)

    def settle(self) -> None:
        """Each act is carried out at once."""

    def create(self, act_id: str, code: bytes) -> str:
        contract = self._evm.transact(None, code, self.deployer).contract
        if contract is None:
            raise AssertionError(act_id)
        return contract

    def call(self, act_id: str, to: str, data: bytes) -> None:
        self._evm.transact(to, data, self.deployer)

    def call_as_treasurer(self, act_id: str, to: str, data: bytes) -> None:
        self._evm.transact(to, data, self._treasurer)

    def created_at(self, act_id: str) -> int:
        return self._evm.timestamp


@dataclass
class System:
    """Everything deployed, roles handed over, the pool funded."""

    evm: Evm
    contracts: dict[str, str]
    people: dict[int, Person] = field(default_factory=dict)
    uids: dict[bytes, bytes] = field(default_factory=dict)
    """The whole uid of each report published here, by what the contract keeps of it."""

    @classmethod
    def start(cls, engine: str = PY_EVM) -> "System":
        """Deploy as `tally deploy` does, on a fresh ledger of this engine."""
        return cls.on(start_engine(engine, DEVNET_CHAIN_ID, noon(FIRST_DAY)))

    @classmethod
    def on(cls, evm: Evm) -> "System":
        """Deploy on this engine."""
        accounts = Accounts.load(None, DEVNET_CHAIN_ID)
        return cls(evm, deploy(WorkbenchExecutor(evm, accounts.treasurer), Terms(accounts, CAPITAL_MINOR)))

    def domain(self, contract: str) -> Domain:
        """The EIP-712 domain of a contract."""
        return Domain(DEVNET_CHAIN_ID, self.contracts[contract])

    def role(self, name: str) -> str:
        """The address of a public devnet role."""
        return str(load_key(name, None, DEVNET_CHAIN_ID).address)

    def send(self, contract: str, name: str, *values: Any, sender: str = RELAYER) -> Receipt:
        """A transaction; raises its ContractError."""
        data = function(contract, name, len(values)).encode(values)
        return self.evm.transact(self.contracts[contract], data, sender)

    def read(self, contract: str, name: str, *values: Any) -> Any:
        """What a view returns: its value, or all of them by snake_case name."""
        entry = function(contract, name, len(values))
        found = entry.decode_outputs(self.evm.call(self.contracts[contract], entry.encode(values), NOBODY))
        return next(iter(found.values())) if len(found) == 1 else found

    def events(self, receipt: Receipt) -> list[tuple[str, dict[str, Any]]]:
        """The decoded events of our contracts, in order."""
        names = {address: name for name, address in self.contracts.items()}
        found = []
        for log in receipt.logs:
            event = _events(names[log.address])[log.topics[0]]
            found.append((event.name, event.decode_log(log.topics, log.data)))
        return found

    def person(self, number: int = 1) -> Person:
        """A registered subject with its own wallet key."""
        if number not in self.people:
            key = Account.from_key(keccak(b"person" + bytes([number])))
            person = Person(key, to_checksum_address(keccak(b"subject" + bytes([number]))[12:]))
            self.people[number] = person
        person = self.people[number]
        if not self.read("IdentityRegistry", "standing", person.subject)["registered"]:
            self.register(person)
        return person

    def register(self, person: Person, kyc_level: int = KYC_LEVEL) -> None:
        """Register a subject by its signature."""
        registration = Registration(person.subject, person.signer, self.evm.timestamp + 600)
        signature = sign(person.key, registration, self.domain("IdentityRegistry"))
        values = (registration, signature, kyc_level, FAR_DAY)
        self.send("IdentityRegistry", "register", *values, sender=self.role("registrar"))

    def offer(self, product_id: bytes, caps: Mapping[str, Any]) -> None:
        """Let RISK set a product and open the pool a facility for it, which takes the role's delay."""
        pool, risk = self.contracts["LendingPool"], self.role("risk")
        facility = pool, product_id, FACILITY_MINOR, FACILITY_BORROWER_PERCENT
        acts = [
            function("LoanBook", "setProduct", 3).encode([product_id, tuple(caps.values()), AT_ONCE]),
            function("LoanBook", "openFacility", 4).encode(facility),
        ]
        book = self.contracts["LoanBook"]
        for act in acts:
            self.send("AccessManager", "schedule", book, act, 0, sender=risk)
        self.evm.go_to(self.evm.timestamp + DAY_SECONDS)
        for act in acts:
            self.evm.transact(book, act, risk)

    def restricted(self, contract: str, name: str, *values: Any, sender: str, delay: int = DAY_SECONDS) -> None:
        """Announce an act that takes a delay, wait, and carry it out."""
        data, target = function(contract, name, len(values)).encode(values), self.contracts[contract]
        self.send("AccessManager", "schedule", target, data, 0, sender=sender)
        self.evm.go_to(self.evm.timestamp + delay)
        self.evm.transact(target, data, sender)

    def mint(self, to: str, amount_minor: int, entry: int | None = None) -> Receipt:
        """Book an incoming bank entry."""
        number = self.evm.number if entry is None else entry
        reference = keccak(b"entry" + number.to_bytes(8, "big"))
        return self.send("CashToken", "mint", to, amount_minor, reference, sender=self.role("rails"))

    def cash(self, account: str) -> int:
        """Balance in minor units."""
        return int(self.read("CashToken", "balanceOf", account))

    def oracle_keys(self) -> list[LocalAccount]:
        """The oracle signers by ascending address."""
        keys = [load_key(f"signer-{index}", None, DEVNET_CHAIN_ID) for index in range(1, 5)]
        return sorted(keys, key=lambda key: key.address.lower())

    def report(self, subject: str, **changes: Any) -> ScoreReport:
        """The subject's next score report."""
        block = self.evm.number - 1
        report = ScoreReport(
            subject=subject,
            score=640,
            limit_minor=DEFAULT_LIMIT_MINOR,
            issued_at=self.evm.timestamp,
            expires_at=self.evm.timestamp + REPORT_SECONDS,
            sequence=self.read("CreditRegistry", "current", subject)["sequence"] + 1,
            block_number=block,
            block_hash=self.evm.block_hash(block),
            signer_set=self.read("CreditRegistry", "signerSet"),
            model_hash=keccak(b"model"),
            policy_hash=keccak(b"policy"),
            features_commitment=keccak(b"features"),
            reasons_commitment=keccak(b"reasons"),
            consent_id=keccak(b"consent"),
        )
        return replace(report, **changes)

    def quorum(self, report: ScoreReport, keys: list[LocalAccount] | None = None) -> bytes:
        """Signatures of the given oracle keys, by default the first three, in the given order."""
        domain = self.domain("CreditRegistry")
        return b"".join(sign(key, report, domain) for key in (keys or self.oracle_keys()[:3]))

    def publish(self, subject: str, **changes: Any) -> tuple[bytes, Receipt]:
        """Publish the subject's next report; its uid and the receipt."""
        report = self.report(subject, **changes)
        receipt = self.send("CreditRegistry", "publish", report, self.quorum(report))
        uid = digest(report, self.domain("CreditRegistry"))
        self.uids[kept_uid(uid)] = uid
        return uid, receipt

    def uid_of(self, subject: str) -> bytes:
        """The subject's current report; zeros when it has none."""
        kept: bytes = self.read("CreditRegistry", "current", subject)["uid"]
        return self.uids.get(kept, kept)

    def agreement(
        self, person: Person, terms: Draft | None = None, table: Sequence[Row] = (), **changes: Any
    ) -> Agreement:
        """An agreement with the instalment and the schedule root of the Python twin, unless `changes` say otherwise."""
        agreement = replace(self._draft(person, terms or Draft()), **changes)
        if not agreement.instalment_minor:
            agreement = replace(agreement, instalment_minor=level_instalment(ScheduleTerms.of(agreement)))
        if "schedule_root" in changes:
            return agreement
        rows = agreed_rows(agreement, table)
        return replace(agreement, schedule_root=schedule_root(ScheduleTerms.of(agreement).method, rows))

    def _draft(self, person: Person, terms: Draft) -> Agreement:
        is_table = Method(terms.method).is_table
        return Agreement(
            borrower=person.subject,
            lender=self.contracts["LendingPool"],
            currency=self.contracts["CashToken"],
            principal_minor=terms.principal_minor,
            method=terms.method,
            rate_ppm=terms.rate_ppm,
            periods=terms.periods,
            period_unit=terms.period_unit,
            period_length=terms.period_length,
            interest_only_periods=terms.interest_only_periods,
            disbursement_day=terms.disbursement_day,
            latest_origination_day=min(terms.disbursement_day + 2, terms.first_due_day - (not is_table)),
            first_due_day=terms.first_due_day,
            anchor_day=terms.anchor_day,
            time_zone_minutes=ZONE_MINUTES,
            day_count=terms.day_count,
            rounding=terms.rounding,
            instalment_minor=terms.instalment_minor,
            instalment_multiple_minor=1,
            upfront_fee_minor=terms.upfront_fee_minor,
            apr_ppm=140_000,
            grace_days=terms.grace_days,
            late_fee_minor=terms.late_fee_minor,
            penalty_rate_ppm=terms.penalty_rate_ppm,
            penalty_max_days=terms.penalty_max_days,
            waterfall=terms.waterfall,
            cooling_off_days=0,
            product_id=terms.product_id,
            score_report=self.uid_of(person.subject),
            document_hash=keccak(b"document"),
            schedule_root=bytes(32),
            salt=keccak(terms.salt.to_bytes(32, "big")),
            deadline=noon(terms.disbursement_day + 3),
        )

    def originate(self, person: Person, agreement: Agreement, table: Sequence[Row] = ()) -> Receipt:
        """Both sides sign, anyone brings it."""
        domain = self.domain("LoanBook")
        by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), agreement, domain)
        by_borrower = sign(person.key, agreement, domain)
        signed = (agreement, person.signer, by_borrower, by_lender)
        return self.send("LoanBook", "originate", *signed, *_brought([row.word for row in table]))

    def lend(
        self,
        number: int = 1,
        terms: Draft | None = None,
        seen: Callable[[Agreement], None] = lambda _: None,
        table: Sequence[Row] = (),
    ) -> bytes:
        """Register, score and lend to a person; the loan id. Enough cash to repay is minted too."""
        person = self.person(number)
        self.publish(person.subject)
        agreement = self.agreement(person, terms, table)
        self.originate(person, agreement, table)
        seen(agreement)
        self.mint(person.subject, 2 * agreement.principal_minor)
        return digest(agreement, self.domain("LoanBook"))

    def order(self, loan: bytes, amount_minor: int, nonce: int, **changes: Any) -> Payment:
        """A payment order for a signer."""
        return replace(Payment(loan, amount_minor, nonce, self.evm.timestamp + 600), **changes)

    def pay(
        self,
        loan: bytes,
        amount_minor: int,
        nonce: int,
        person: Person | None = None,
        rows: Sequence[TableRow] = (),
    ) -> Receipt:
        """Repay by the borrower's signature."""
        person = person or self.person()
        payment = self.order(loan, amount_minor, nonce)
        signature = sign(person.key, payment, self.domain("LoanBook"))
        return self.send("LoanBook", "repayBySignature", payment, person.signer, signature, *_brought(rows))

    def ordered(
        self, name: str, order: Order, *values: Any, person: Person | None = None, rows: Sequence[Any] = ()
    ) -> Receipt:
        """An act that the borrower orders by its signature: settleBySignature, setMandate, cancelBySignature."""
        person = person or self.person()
        signature = sign(person.key, order, self.domain("LoanBook"))
        return self.send("LoanBook", name, order, *values, person.signer, signature, *_brought(rows))

    def allow(
        self, loan: bytes, max_amount_minor: int, last_day: int, nonce: int = 0, person: Person | None = None
    ) -> Receipt:
        """Set a mandate by the borrower's signature."""
        mandate = Mandate(loan, max_amount_minor, last_day, nonce, self.evm.timestamp + 600)
        return self.ordered("setMandate", mandate, person=person)

    def amendment(self, loan: bytes, terms: Agreement, sequence: int = 1, **changes: Any) -> Amendment:
        """These terms as the loan's amendment; nothing is capitalised, waived or added unless `changes` say so."""
        bare = Amendment(loan, sequence, reason=1, capitalised_minor=0, waived_minor=0, top_up_minor=0, terms=terms)
        return replace(bare, **changes)

    def amend(
        self, amendment: Amendment, person: Person | None = None, old: Sequence[Row] = (), new: Sequence[Row] = ()
    ) -> Receipt:
        """Both sides sign, anyone brings it; `old` and `new` are the whole tables of loans by tables."""
        person, domain = person or self.person(), self.domain("LoanBook")
        by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), amendment, domain)
        by_borrower = sign(person.key, amendment, domain)
        tables = [row.word for row in old], [row.word for row in new]
        return self.send("LoanBook", "amend", amendment, person.signer, by_borrower, by_lender, *tables)

    def payoff(self, loan: bytes, day: int, rows: Sequence[int] = ()) -> dict[str, Any]:
        """What settles the loan on a day."""
        found: dict[str, Any] = self.read("LoanBook", "payoff", loan, day, *_brought(rows))
        return found

    def loan(self, loan: bytes, rows: Sequence[TableRow] = ()) -> dict[str, Any]:
        """The loan's state as last touched."""
        view: dict[str, Any] = self.read("LoanBook", "loan", loan, *_brought(rows))
        return view

    def at_day(self, day: int) -> None:
        """Let it be noon of a day in the loans' time zone."""
        self.evm.go_to(noon(day))


def proven(table: Sequence[Row], *rows: int) -> list[TableRow]:
    """Rows of a table (0 is the first), each with its proof."""
    return [found for row in rows for found in table_rows(table, range(row, row + 1))]


def _brought(rows: Sequence[Any]) -> list[list[Any]]:
    """The last argument of the forms that take rows."""
    return [list(rows)] if rows else []
