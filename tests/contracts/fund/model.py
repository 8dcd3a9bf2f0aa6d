"""What a GuaranteeFund must do, in plain Python: an account of caps, payments and recoveries."""

from dataclasses import dataclass, field

ACTIVE, CLOSED, DEFAULTED, WRITTEN_OFF = 1, 2, 4, 5
CALLABLE = (DEFAULTED, WRITTEN_OFF)
MAX_COVERS = 8
MAX_PREMIUM_PERCENT = 20


class Refusal(Exception):
    """The fund must refuse, by this error."""


@dataclass
class Cover:
    """A guarantee. Amounts are minor units."""

    guarantor: str
    kind: int
    salt: bytes
    cap: int
    premium: int
    last_day: int
    loan: bytes = bytes(32)
    paid: int = 0
    recovered: int = 0
    withdrawn: int = 0
    released: bool = False

    @property
    def held(self) -> int:
        """What the fund holds for it."""
        return self.cap - self.paid + self.recovered - self.withdrawn

    @property
    def withdrawable(self) -> int:
        """What the guarantor may take out."""
        return (self.cap - self.paid if self.released else 0) + self.recovered - self.withdrawn


@dataclass
class Loan:
    """A loan as the fund sees it."""

    salt: bytes
    principal: int
    status: int = ACTIVE
    uncovered: int = 0
    covers: list[bytes] = field(default_factory=list)


class Model:
    """All guarantees, loans and the cash that moves between them."""

    def __init__(self, lender: str, cash: dict[str, int]) -> None:
        self.lender, self.cash = lender, cash
        self.covers: dict[bytes, Cover] = {}
        self.loans: dict[bytes, Loan] = {}
        self.fund_cash = 0

    def bind(self, guarantee: bytes, cover: Cover, today: int) -> None:
        """The cap moves into the fund."""
        if cover.premium > cover.cap * MAX_PREMIUM_PERCENT // 100:
            raise Refusal("PremiumOutOfRange")
        if cover.last_day < today:
            raise Refusal("GuaranteeExpired")
        if guarantee in self.covers:
            raise Refusal("GuaranteeExists")
        if self.cash[cover.guarantor] < cover.cap:
            raise Refusal("InsufficientCash")
        self.cash[cover.guarantor] -= cover.cap
        self.fund_cash += cover.cap
        self.covers[guarantee] = cover

    def attach(self, guarantee: bytes, loan_id: bytes, today: int) -> None:
        """Guarantors stand before insurers; the lender pays the premium."""
        cover, loan = self._open(guarantee), self.loans[loan_id]
        if today > cover.last_day:
            raise Refusal("GuaranteeExpired")
        if cover.loan != bytes(32):
            raise Refusal("GuaranteeAttachedBefore")
        if cover.salt != loan.salt:
            raise Refusal("WrongAgreement")
        if loan.status != ACTIVE:
            raise Refusal("WrongLoanStatus")
        if len(loan.covers) == MAX_COVERS:
            raise Refusal("TooManyCovers")
        if sum(self.covers[other].cap for other in [*loan.covers, guarantee]) > loan.principal:
            raise Refusal("Overcovered")
        cover.loan = loan_id
        loan.covers = sorted([*loan.covers, guarantee], key=lambda other: self.covers[other].kind)
        self.cash[self.lender] -= cover.premium
        self.cash[cover.guarantor] += cover.premium

    def call(self, loan_id: bytes, today: int) -> int:
        """In order, each up to its cap."""
        loan = self.loans[loan_id]
        if loan.status not in CALLABLE:
            raise Refusal("WrongLoanStatus")
        total = 0
        for cover in (self.covers[guarantee] for guarantee in loan.covers):
            if not cover.released and today <= cover.last_day:
                part = min(cover.cap - cover.paid, loan.uncovered)
                cover.paid += part
                loan.uncovered -= part
                total += part
        if total == 0:
            raise Refusal("NothingCovered")
        self.fund_cash -= total
        self.cash[self.lender] += total
        return total

    def unrecovered(self, loan_id: bytes) -> int:
        """What guarantees paid for a loan and did not get back."""
        covers = (self.covers[guarantee] for guarantee in self.loans[loan_id].covers)
        return sum(cover.paid - cover.recovered for cover in covers)

    def recover(self, loan_id: bytes, amount: int, payer: str) -> None:
        """Who paid last gets back first."""
        self.cash[payer] -= amount
        self.fund_cash += amount
        for guarantee in reversed(self.loans[loan_id].covers):
            cover = self.covers[guarantee]
            part = min(cover.paid - cover.recovered, amount)
            cover.recovered += part
            amount -= part
        assert amount == 0

    def release(self, guarantee: bytes, today: int) -> None:
        """By anyone, when nothing can be called any more."""
        cover = self._open(guarantee)
        ended = cover.loan != bytes(32) and self.loans[cover.loan].status not in (ACTIVE, *CALLABLE)
        if today <= cover.last_day and not ended:
            raise Refusal("NotReleasable")
        cover.released = True

    def release_by_lender(self, guarantee: bytes) -> None:
        """At the lender's word."""
        self._open(guarantee).released = True

    def withdraw(self, guarantee: bytes) -> None:
        """To the guarantor, whoever asks."""
        cover = self.covers[guarantee]
        amount = cover.withdrawable
        cover.withdrawn += amount
        self.fund_cash -= amount
        self.cash[cover.guarantor] += amount

    def _open(self, guarantee: bytes) -> Cover:
        cover = self.covers[guarantee]
        if cover.released:
            raise Refusal("GuaranteeNotOpen")
        return cover
