"""Every guarantee, from the events of GuaranteeFund."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from contracts.clients.address_book import AddressBook
from contracts.clients.events import Event
from contracts.recount.cash import Cash
from contracts.recount.findings import Findings, shown
from contracts.typed_data import Guarantee, digest

DAY_SECONDS = 86_400


@dataclass
class RecountedCover:
    """A guarantee: its terms, its loan, and amounts in minor units."""

    terms: Guarantee
    loan: bytes = bytes(32)
    paid_minor: int = 0
    recovered_minor: int = 0
    withdrawn_minor: int = 0
    released: bool = False

    @property
    def held_minor(self) -> int:
        """What the fund holds for it."""
        return self.terms.max_minor - self.paid_minor + self.recovered_minor - self.withdrawn_minor

    def can_pay(self, day: int) -> bool:
        """Whether more can be called on a UTC day."""
        return not self.released and day <= self.terms.last_day and self.paid_minor < self.terms.max_minor


class Fund:
    """All guarantees by id."""

    def __init__(self, findings: Findings, cash: Cash, book: AddressBook) -> None:
        self._findings, self._cash = findings, cash
        self._domain, self.address = book.domain("GuaranteeFund"), book.contracts["GuaranteeFund"]
        self.covers: dict[bytes, RecountedCover] = {}
        self._of_loan: defaultdict[bytes, list[bytes]] = defaultdict(list)
        self._paid: Counter[str] = Counter()
        self._paid_by: dict[str, Event] = {}
        self._appliers = {
            "GuaranteeAttached": self._attach,
            "CoverPaid": self._pay,
            "CoverRecovered": self._recover,
            "GuaranteeReleased": self._release,
            "GuaranteeWithdrawn": self._withdraw,
        }

    def apply(self, event: Event) -> None:
        """Take an event of GuaranteeFund."""
        if event.name == "GuaranteeBound":
            self._bind(event)
        elif event.name in self._appliers:
            guarantee = event.args["guarantee"]
            if guarantee not in self.covers:
                self._findings.refuse(event, _subject(guarantee), "bound", True, False)
                return
            self._appliers[event.name](event, self.covers[guarantee])

    def end_transaction(self) -> None:
        """A call moves what all its guarantees pay at once."""
        for lender, amount_minor in self._paid.items():
            self._cash.claim(self._paid_by[lender], f"cover for {lender}", (self.address, lender, amount_minor))
        self._paid.clear()
        self._paid_by.clear()

    def covers_of(self, loan: bytes) -> list[bytes]:
        """The guarantees of a loan: guarantors, then insurers, each in the order in which they came."""
        return sorted(self._of_loan[loan], key=lambda guarantee: self.covers[guarantee].terms.kind)

    @property
    def loans(self) -> list[bytes]:
        """Loans with guarantees."""
        return list(self._of_loan)

    @property
    def held_minor(self) -> int:
        """What the fund must hold."""
        return sum(cover.held_minor for cover in self.covers.values())

    def _bind(self, event: Event) -> None:
        terms: Guarantee = event.args["terms"]
        guarantee = event.args["guarantee"]
        self._findings.compare(event, _subject(guarantee), "digest", digest(terms, self._domain), guarantee)
        if guarantee in self.covers:
            self._findings.refuse(event, _subject(guarantee), "bound", "once", "again")
            return
        self.covers[guarantee] = RecountedCover(terms)
        self._cash.claim(event, _subject(guarantee), (terms.guarantor, self.address, terms.max_minor))

    def _attach(self, event: Event, cover: RecountedCover) -> None:
        subject, premium = _subject(event.args["guarantee"]), event.args["premium_minor"]
        self._findings.compare(event, subject, "loan before", bytes(32), cover.loan)
        self._findings.compare(event, subject, "premium_minor", cover.terms.premium_minor, premium)
        cover.loan = event.args["loan"]
        self._of_loan[cover.loan].append(event.args["guarantee"])
        if premium:
            self._cash.claim(event, subject, (cover.terms.lender, self.address, premium))
            self._cash.claim(event, subject, (self.address, cover.terms.guarantor, premium))

    def _pay(self, event: Event, cover: RecountedCover) -> None:
        args, day = event.args, event.timestamp // DAY_SECONDS
        subject, order = _subject(args["guarantee"]), self.covers_of(args["loan"])
        before = order[: order.index(args["guarantee"])] if args["guarantee"] in order else order
        idle = [shown(other) for other in before if self.covers[other].can_pay(day)]
        self._findings.compare(event, subject, "guarantees that pay before it", [], idle)
        self._findings.compare(event, subject, "can pay", True, cover.can_pay(day))
        self._findings.compare(event, subject, "lender", cover.terms.lender, args["lender"])
        cover.paid_minor += args["amount_minor"]
        within = cover.paid_minor <= cover.terms.max_minor
        self._findings.compare(event, subject, "within its cap", True, within)
        self._paid[args["lender"]] += args["amount_minor"]
        self._paid_by[args["lender"]] = event

    def _recover(self, event: Event, cover: RecountedCover) -> None:
        subject, order = _subject(event.args["guarantee"]), self.covers_of(event.args["loan"])
        after = order[order.index(event.args["guarantee"]) + 1 :] if event.args["guarantee"] in order else order
        owed = [shown(other) for other in after if self.covers[other].paid_minor > self.covers[other].recovered_minor]
        self._findings.compare(event, subject, "guarantees that recover before it", [], owed)
        cover.recovered_minor += event.args["amount_minor"]
        within = cover.recovered_minor <= cover.paid_minor
        self._findings.compare(event, subject, "recovered within what was paid", True, within)

    def _release(self, event: Event, cover: RecountedCover) -> None:
        subject = _subject(event.args["guarantee"])
        self._findings.compare(event, subject, "released before", False, cover.released)
        unspent = cover.terms.max_minor - cover.paid_minor
        self._findings.compare(event, subject, "unspent", unspent, event.args["amount_minor"])
        cover.released = True

    def _withdraw(self, event: Event, cover: RecountedCover) -> None:
        args = event.args
        subject = _subject(args["guarantee"])
        self._findings.compare(event, subject, "guarantor", cover.terms.guarantor, args["guarantor"])
        unspent = cover.terms.max_minor - cover.paid_minor if cover.released else 0
        due = unspent + cover.recovered_minor - cover.withdrawn_minor
        self._findings.compare(event, subject, "withdrawable", due, args["amount_minor"])
        cover.withdrawn_minor += args["amount_minor"]
        if args["amount_minor"]:
            movement = (self.address, args["guarantor"], args["amount_minor"])
            self._cash.claim(event, subject, movement)


def _subject(guarantee: bytes) -> str:
    return f"guarantee {shown(guarantee)}"
