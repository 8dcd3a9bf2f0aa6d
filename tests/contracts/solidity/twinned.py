"""A loan on the contract and in its Python twin: every act is done to both, and both must agree to the minor unit."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts import loan as twin
from contracts.clients.errors import ContractError
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.loan import LoanState
from contracts.schedule import (
    ScheduleRefused,
    ScheduleTerms,
    agreed_rows,
    due_day,
    level_instalment,
    month_index,
    schedule_root,
)
from contracts.typed_data import Agreement, Amendment, Cancellation, Guarantee, digest, sign
from scripts.workbench.evm import Receipt
from scripts.workbench.system import DAY_SECONDS, FIRST_DAY, ZONE_MINUTES, Draft, Person, System

DUE = FIRST_DAY + 28
MAX = 2**60
LENDER = "LendingPool"
FAR_DAY = FIRST_DAY + 4_000

Events = list[tuple[str, dict[str, Any]]]


def underwriter() -> LocalAccount:
    """The key that signs for the pool."""
    return load_key("underwriter", None, DEVNET_CHAIN_ID)


def entry(number: int) -> bytes:
    """A bank entry's keyed hash."""
    return keccak(b"bank" + number.to_bytes(8, "big"))


@dataclass
class Twinned:
    """A loan of a person, by a formula."""

    system: System
    agreement: Agreement
    state: LoanState
    person: Person
    day: int
    nonce: int = 0
    splits: dict[bytes, tuple[twin.Allocation, int, int]] = field(default_factory=dict)

    @classmethod
    def begun(cls, system: System, draft: Draft | None = None, number: int = 1, **changes: Any) -> "Twinned":
        """Register, score and lend; the borrower has cash to repay with, and so have the rails."""
        person = system.person(number)
        system.publish(person.subject)
        agreement = system.agreement(person, draft or Draft(), **changes)
        system.originate(person, agreement)
        system.mint(person.subject, 100_000_000)
        system.mint(system.role("rails"), 100_000_000)
        return cls(system, agreement, twin.originate(agreement), person, FIRST_DAY)

    @property
    def loan(self) -> bytes:
        """The loan id."""
        return digest(self.agreement, self.system.domain("LoanBook"))

    @property
    def stops(self) -> tuple[tuple[int, int], ...]:
        """Days on which clocks stood still, as the contract knows them."""
        found = self.system.read("LoanBook", "stops")
        intervals = [(stop["from_at"], stop["until_at"]) for stop in found["stops_"]]
        if found["paused_since"]:
            intervals.append((found["paused_since"], self.system.evm.timestamp))
        return tuple((_day(start), _day(end)) for start, end in intervals)

    @property
    def owed(self) -> twin.Owed:
        """As the twin reckons it today."""
        return twin.owed(self.state, self.day, self.stops)

    def go_to(self, day: int) -> "Twinned":
        """Let it be noon of a day."""
        self.day = day
        self.system.at_day(day)
        return self

    def send(self, name: str, *values: Any, sender: str | None = None) -> Events:
        """An act on the loan by its borrower's account, or by a role."""
        account = self.person.subject if sender is None else self.system.role(sender)
        return self.events(self.system.send("LoanBook", name, self.loan, *values, sender=account))

    def events(self, receipt: Receipt) -> Events:
        """What the LoanBook told."""
        names = self.system.events(receipt)
        return [(name, values) for name, values in names if "loan" in values]

    def repay(self, amount_minor: int) -> Events:
        """By the borrower, on both."""
        return self._paid(
            lambda: self.send("repay", amount_minor),
            lambda: twin.apply_payment(self.state, amount_minor, self.day, self.stops),
        )

    def repay_valued(self, amount_minor: int, value_day: int, number: int = 1) -> Events:
        """By a bank entry, on both."""
        before = self.state
        values = amount_minor, value_day, entry(number)
        events = self._paid(
            lambda: self.send("repayValued", *values, sender="rails"),
            lambda: twin.apply_payment(self.state, amount_minor, value_day, self.stops),
        )
        if self.state is not before:
            self.splits[entry(number)] = self._split(events), value_day, self.state.amendments
        return events

    def settle(self, most: int = MAX) -> Events:
        """By the borrower, on both."""

        def expected() -> tuple[LoanState, Any]:
            return twin.settle(self.state, most, self.day, self.stops)

        return self._both(lambda: self.send("settle", most), expected)

    def cancel(self, most: int = MAX) -> Events:
        """By the borrower's signature, on both."""
        order = Cancellation(self.loan, most, self.nonce, self.system.evm.timestamp + 600)

        def act() -> Events:
            receipt = self.system.ordered("cancelBySignature", order, self.agreement, person=self.person)
            return self.events(receipt)

        return self._both(act, lambda: twin.cancel(self.state, self.agreement, most, self.day))

    def return_payment(self, number: int = 1) -> Events:
        """The bank takes an entry back, on both."""
        split, value_day, amendments = self.splits[entry(number)]

        def expected() -> tuple[LoanState, Any]:
            twin.require_returnable(self.state, value_day, amendments, self.day)
            return twin.return_payment(self.state, split, self.day, self.stops)

        return self._both(lambda: self.send("returnPayment", entry(number), sender="rails"), expected)

    def new_terms(self, first_due_day: int, principal_minor: int | None = None, **changes: Any) -> Agreement:
        """Terms from today on for what is left, by default of the outstanding principal alone; no fee."""
        left = self.state.outstanding_principal_minor if principal_minor is None else principal_minor
        draft = replace(self.agreement, principal_minor=left, disbursement_day=self.day, first_due_day=first_due_day)
        draft = replace(draft, latest_origination_day=self.day + 2, cooling_off_days=0, upfront_fee_minor=0)
        draft = replace(draft, instalment_minor=0, deadline=self.system.evm.timestamp + 600)
        terms = replace(draft, **changes)
        if not terms.instalment_minor:
            terms = replace(terms, instalment_minor=level_instalment(ScheduleTerms.of(terms)))
        root = schedule_root(ScheduleTerms.of(terms).method, agreed_rows(terms, ()))
        return replace(terms, schedule_root=root)

    def amendment(self, terms: Agreement, **changes: Any) -> Amendment:
        """The next one, that capitalises and waives nothing unless `changes` say so."""
        return replace(Amendment(self.loan, self.state.amendments + 1, 1, 0, 0, 0, terms), **changes)

    def send_amendment(self, amendment: Amendment) -> Events:
        """Signed by both sides."""
        domain = self.system.domain("LoanBook")
        by_borrower, by_lender = sign(self.person.key, amendment, domain), sign(underwriter(), amendment, domain)
        signed = (amendment, self.person.signer, by_borrower, by_lender)
        return self.events(self.system.send("LoanBook", "amend", *signed, [], []))

    def amend(self, terms: Agreement, **changes: Any) -> Events:
        """By both sides' signatures, on both."""
        amendment = self.amendment(terms, **changes)
        return self._both(
            lambda: self.send_amendment(amendment),
            lambda: twin.amend(self.state, amendment, self.day, self.stops),
        )

    def default(self) -> Events:
        """By the collector, on both."""
        return self._both(
            lambda: self.send("declareDefault", sender="risk"),
            lambda: twin.declare_default(self.state, self.day, self.stops),
        )

    def impair(self, impaired_minor: int) -> Events:
        """By the risk officer, on both."""
        return self._both(
            lambda: self.send("setImpairment", impaired_minor, sender="risk"),
            lambda: (twin.set_impairment(self.state, impaired_minor), None),
        )

    def write_off(self) -> Events:
        """By the collector, on both."""
        return self._both(
            lambda: self.send("writeOff", sender="risk"),
            lambda: (twin.write_off(self.state, self.day, self.stops), None),
        )

    def cover(self, amount_minor: int) -> Events:
        """By the fund alone, on both; the cash that it would have moved before is not looked at."""
        fund = self.system.contracts["GuaranteeFund"]

        def act() -> Events:
            receipt = self.system.send("LoanBook", "applyCover", self.loan, amount_minor, sender=fund)
            return self.events(receipt)

        return self._both(act, lambda: (twin.apply_cover(self.state, amount_minor), None))

    def guarantee(self, max_minor: int, number: int = 9) -> bytes:
        """A person stands for so much of the loan; the guarantee's id."""
        system, guarantor = self.system, self.system.person(number)
        system.mint(guarantor.subject, max_minor)
        terms = Guarantee(
            guarantor=guarantor.subject,
            kind=0,
            borrower=self.person.subject,
            lender=self.agreement.lender,
            agreement_salt=self.agreement.salt,
            max_minor=max_minor,
            premium_minor=0,
            last_day=FAR_DAY,
            salt=entry(number),
            deadline=system.evm.timestamp + 600,
        )
        domain = system.domain("GuaranteeFund")
        by_guarantor, by_lender = sign(guarantor.key, terms, domain), sign(underwriter(), terms, domain)
        system.send("GuaranteeFund", "bind", terms, guarantor.signer, by_guarantor, by_lender)
        bound = digest(terms, domain)
        system.send("GuaranteeFund", "attach", bound, self.agreement)
        return bound

    def call_cover(self) -> Events:
        """Let the loan's guarantees pay what they can, on both."""
        paid: list[int] = []

        def act() -> Events:
            receipt = self.system.send("GuaranteeFund", "callCover", self.loan)
            paid.append(int.from_bytes(receipt.output, "big"))
            return self.events(receipt)

        events = act()
        return self._both(lambda: events, lambda: (twin.apply_cover(self.state, paid[0]), None))

    def record_arrears(self) -> Events:
        """By anyone, on both."""
        return self._both(
            lambda: self.send("recordArrears"), lambda: twin.record_arrears(self.state, self.day, self.stops)
        )

    def _paid(self, act: Callable[[], Events], expected: Callable[[], tuple[LoanState, twin.Allocation]]) -> Events:
        found: list[twin.Allocation] = []

        def remember() -> tuple[LoanState, Any]:
            after, split = expected()
            found.append(split)
            return after, split

        events = self._both(act, remember)
        paid = dict(events).get("PaymentApplied")
        if paid and found:
            assert tuple(paid[f"{part}_minor"] for part in ("late_fee", "penalty", "interest", "principal")) == (
                found[0].late_fee_minor,
                found[0].penalty_minor,
                found[0].interest_minor,
                found[0].principal_minor,
            )
        return events

    def _both(self, act: Callable[[], Events], expected: Callable[[], tuple[LoanState, Any]]) -> Events:
        """The act on both; a refusal must be the same, and goes on to the caller."""
        try:
            after, _ = expected()
        except (twin.LoanRefused, ScheduleRefused) as refusal:
            try:
                act()
            except ContractError as error:
                assert error.name == type(refusal).__name__, (error, refusal)
                raise
            raise AssertionError(f"the contract did not refuse: {refusal!r}") from refusal
        events = act()
        self.state = after
        self.check()
        return events

    def check(self) -> None:
        """The contract's view is the twin's state, and the lender's position follows."""
        view, state = self.system.loan(self.loan), self.state
        names = (
            *("status", "row", "balance_minor", "paid_row_minor", "late_fee_due_minor", "penalty_due_minor"),
            *("bucket", "was_late", "outstanding_principal_minor", "impaired_minor", "carried_interest_minor"),
            *("covered_minor", "written_off_minor", "amendments", "next_due_day"),
        )
        assert {name: view[name] for name in names} == {name: getattr(state, name) for name in names}
        if state.status.is_running:
            assert view["accrued_day"] == state.accrued_day
        position = self.system.read("LoanBook", "position", self.agreement.lender)
        assert (position["outstanding_minor"], position["impaired_minor"]) == (state.lent_minor, state.impaired_minor)
        exposure = self.system.read("LoanBook", "exposure", self.person.subject)
        assert exposure["reserved_minor"] == state.reserved_minor

    def _split(self, events: Events) -> twin.Allocation:
        paid, valued = dict(events)["PaymentApplied"], dict(events)["PaymentValued"]
        late_fee, penalty, interest, principal = (
            paid[f"{part}_minor"] for part in ("late_fee", "penalty", "interest", "principal")
        )
        return twin.Allocation(late_fee, penalty, interest, principal, valued["carried_interest_minor"])


def month_end(day: int) -> int:
    """The last day of the month after the one that a day lies in."""
    return due_day(month_index(day) + 1, 31, 0)


def _day(instant: int) -> int:
    return (instant + ZONE_MINUTES * 60) // DAY_SECONDS
