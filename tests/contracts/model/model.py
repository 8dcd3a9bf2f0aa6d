"""The independent model: cash, parties, reports, facilities and loans as plain Python values."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.credit import Policy, SubjectCredit
from contracts.loan import Allocation, LoanState, LoanStatus, Stop
from contracts.schedule import Row, day_at
from contracts.typed_data import Agreement, Guarantee, Redemption
from tests.contracts.model.refused import require
from tests.contracts.model.seen import remembered

DAY_SECONDS = 86_400
Move = tuple[str, str, int]
"""Cash from, to, minor units."""
NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class Party:
    """A subject or an institution."""

    institution: bool = False
    frozen: bool = False
    kyc_level: int = 0
    kyc_expiry_day: int = 0


@dataclass(frozen=True)
class Report:
    """A subject's current score report."""

    uid: bytes
    sequence: int
    expires_at: int
    revoked: bool = False


@dataclass(frozen=True)
class Facility:
    """What the lender lends on a product."""

    max_outstanding_minor: int
    max_borrower_percent: int


@dataclass(frozen=True)
class Booked:
    """Cash that left for a bank; rejected when it came back."""

    subject: str
    amount_minor: int
    rejected: bool = False


@dataclass(frozen=True)
class Valued:
    """A payment that its bank may take back, once."""

    split: Allocation
    day: int
    amendments: int
    returned: bool = False


@dataclass(frozen=True)
class Cover:
    """A guarantee: its id, its terms, the loan it is attached to, and amounts in minor units."""

    guarantee: bytes
    terms: Guarantee
    loan: bytes = b""
    paid_minor: int = 0
    recovered_minor: int = 0
    withdrawn_minor: int = 0
    released: bool = False


@dataclass(frozen=True)
class ModelLoan:
    """A loan with all its agreement says, and the state that the twin carries."""

    loan: bytes
    agreement: Agreement
    state: LoanState

    @property
    def zone(self) -> int:
        """The loan's time zone in minutes."""
        return self.agreement.time_zone_minutes

    @property
    def is_table(self) -> bool:
        """Whether acts bring rows."""
        return self.state.terms.schedule.method.is_table

    @property
    def rows(self) -> tuple[Row, ...]:
        """The whole schedule."""
        return self.state.rows


def to_fund_minor(before: LoanState, split: Allocation) -> int:
    """The part of a payment's principal that belongs to the guarantees that covered the loan."""
    own = before.written_off_minor if before.status is LoanStatus.WRITTEN_OFF else before.uncovered_minor
    return max(0, split.principal_minor - own)


@dataclass
class Model:
    """Everything that the contracts should say."""

    now: int
    lender: str
    fund: str = NOBODY
    parties: dict[str, Party] = field(default_factory=dict)
    cash: Counter[str] = field(default_factory=Counter)
    reports: dict[str, Report] = field(default_factory=dict)
    products: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    facilities: dict[bytes, Facility] = field(default_factory=dict)
    loans: dict[bytes, ModelLoan] = field(default_factory=dict)
    entries: set[bytes] = field(default_factory=set)
    redemptions: dict[bytes, Booked] = field(default_factory=dict)
    unwound: set[bytes] = field(default_factory=set)
    originals: dict[bytes, Agreement] = field(default_factory=dict)
    covers: dict[bytes, Cover] = field(default_factory=dict)
    attached: dict[bytes, list[bytes]] = field(default_factory=dict)
    valued: dict[tuple[bytes, bytes], Valued] = field(default_factory=dict)
    money_in_minor: int = 0
    money_out_minor: int = 0
    stops_at: list[tuple[int, int]] = field(default_factory=list)
    paused_since: int = 0
    silences: list[tuple[int, int]] = field(default_factory=list)
    """Instants between which no block was made for hours or longer."""
    credits: defaultdict[str, SubjectCredit] = field(default_factory=lambda: defaultdict(SubjectCredit))
    """Without what loans take of the limits: the loans themselves say so."""
    policy: Policy = field(default_factory=lambda: Policy(signer_set=1))
    lost_minor: int = 0
    recovered_minor: int = 0

    def in_standing(self, address: str) -> bool:
        """Whether a party may draw and move cash."""
        party = self.parties.get(address)
        if party is None or party.frozen:
            return False
        return party.institution or self.now // DAY_SECONDS <= party.kyc_expiry_day

    def today(self, zone: int) -> int:
        """The day in a time zone."""
        return day_at(self.now, zone)

    def stops(self, zone: int) -> tuple[Stop, ...]:
        """Days on which clocks stood still, in a time zone."""
        running = [(self.paused_since, self.now)] if self.paused_since else []
        return tuple((day_at(start, zone), day_at(end, zone)) for start, end in [*self.stops_at, *running])

    def exposure(self, subject: str) -> tuple[int, int]:
        """A subject's running loans and what they take of its limit."""
        own = [one.state.reserved_minor for one in self.loans.values() if self._runs(one, subject)]
        return len(own), sum(own)

    def outstanding(self, product_id: bytes | None = None) -> int:
        """What the lender's facility for a product, or all of them, counts as lent."""
        own = (one for one in self.loans.values() if product_id in (None, one.agreement.product_id))
        return sum(one.state.lent_minor for one in own)

    def impaired(self) -> int:
        """What is not expected back of all loans."""
        return sum(one.state.impaired_minor for one in self.loans.values())

    def require_cash(self, moves: Iterable[Move]) -> None:
        """Refuse a movement that an account has not the cash for."""
        after = Counter(self.cash)
        for source, target, amount in moves:
            require(source == NOBODY or after[source] >= amount, "InsufficientCash")
            after[source] -= amount
            after[target] += amount

    def move(self, moves: Iterable[Move]) -> None:
        """Carry out movements; cash from and to nobody comes in and goes out."""
        for source, target, amount in moves:
            if source == NOBODY:
                self.money_in_minor += amount
            else:
                self.cash[source] -= amount
            if target == NOBODY:
                self.money_out_minor += amount
            else:
                self.cash[target] += amount

    def redeemed(self, order: Redemption) -> None:
        """Cash has left for a bank."""
        self.entries.add(order.entry)
        self.redemptions[order.entry] = Booked(order.subject, order.amount_minor)

    def payment_moves(self, loan: ModelLoan, payer: str, split: Allocation) -> list[Move]:
        """A payment's cash: principal beyond what is the lender's goes to the fund that covered the loan."""
        to_fund = to_fund_minor(loan.state, split)
        return [(payer, loan.agreement.lender, split.total_minor - to_fund), (payer, self.fund, to_fund)]

    def paid(self, loan: ModelLoan, after: LoanState, split: Allocation) -> None:
        """A loan was paid: of one that is written off, the lender's principal is recovered."""
        to_fund = to_fund_minor(loan.state, split)
        if loan.state.status is LoanStatus.WRITTEN_OFF:
            self.recovered_minor += split.principal_minor - to_fund
        self.recover(loan.loan, to_fund)
        self.put(loan, after)

    def recover(self, loan: bytes, amount_minor: int) -> None:
        """Cover comes back to the fund: to those who stand last first."""
        for cover in reversed(self.covers_of(loan)):
            part = min(cover.paid_minor - cover.recovered_minor, amount_minor)
            self.covers[cover.guarantee] = replace(cover, recovered_minor=cover.recovered_minor + part)
            amount_minor -= part

    def covers_of(self, loan: bytes) -> list[Cover]:
        """The guarantees of a loan, in the order in which they pay."""
        return [self.covers[guarantee] for guarantee in self.attached.get(loan, [])]

    def attach(self, cover: Cover, loan: bytes) -> None:
        """A guarantee is that of a loan now; guarantors stand before insurers, each in the order they came."""
        self.covers[cover.guarantee] = replace(cover, loan=loan)
        order = [*self.covers_of(loan), self.covers[cover.guarantee]]
        self.attached[loan] = [one.guarantee for one in sorted(order, key=lambda one: one.terms.kind)]

    def credit(self, subject: str) -> SubjectCredit:
        """What the ledger saw of a subject, its latest report, and what its loans take of its limit."""
        loans, reserved = self.exposure(subject)
        return replace(self.credits[subject], open_loans=loans, reserved_minor=reserved)

    def limit_minor(self, subject: str) -> int:
        """The limit that applies to a subject."""
        return self.credits[subject].limit_minor(self.policy)

    def open(self, loan: ModelLoan) -> None:
        """A loan has begun."""
        self.loans[loan.loan] = loan
        self.originals[loan.loan] = loan.agreement

    def put(self, loan: ModelLoan, state: LoanState) -> None:
        """A loan has come to another state."""
        borrower, before = loan.agreement.borrower, self.loans[loan.loan].state
        self.credits[borrower] = remembered(self.credits[borrower], before, state)
        self.loans[loan.loan] = replace(loan, state=state)

    @staticmethod
    def _runs(one: ModelLoan, subject: str) -> bool:
        return one.agreement.borrower == subject and one.state.status.is_running and one.state.status != LoanStatus.NONE
