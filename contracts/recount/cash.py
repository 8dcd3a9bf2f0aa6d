"""Every balance, from transfers alone."""

from collections import Counter
from dataclasses import dataclass

from contracts.clients.events import Event
from contracts.recount.findings import Findings, shown
from contracts.recount.parties import Parties

NOBODY = "0x" + "00" * 20
Movement = tuple[str, str, int]
"""From, to, minor units."""


@dataclass
class BookedRedemption:
    """Cash that left for a bank, and whether the bank gave it back."""

    account: str
    amount_minor: int
    rejected: bool = False


class Cash:
    """Balances, and the movements of the transaction at hand, which its other events must account for."""

    def __init__(self, findings: Findings, parties: Parties) -> None:
        self._findings, self._parties = findings, parties
        self.balances: Counter[str] = Counter()
        self.redemptions: dict[bytes, BookedRedemption] = {}
        self._entries: set[bytes] = set()
        self._moved: Counter[Movement] = Counter()
        self._moved_by: dict[Movement, Event] = {}
        self._claimed: list[tuple[Event, str, Movement]] = []

    def apply(self, event: Event) -> None:
        """Take an event of CashToken."""
        if event.name == "Transfer":
            self._transfer(event, event.args["from"], event.args["to"], event.args["value"])
        elif event.name == "CashMinted":
            self._use_entry(event)
            self._findings.money_in_minor += event.args["amount_minor"]
            self.claim(event, "mint", (NOBODY, event.args["account"], event.args["amount_minor"]))
        elif event.name == "CashRedeemed":
            self._redeem(event, event.args["account"], event.args["amount_minor"])
        elif event.name == "RedemptionRejected":
            self._reject(event, event.args["account"], event.args["amount_minor"])

    def claim(self, event: Event, subject: str, movement: Movement) -> None:
        """Say that the transaction must move this money for this event."""
        self._claimed.append((event, subject, movement))

    def end_transaction(self) -> None:
        """Check that each claim has its movement, and that cash came, went and left persons only as claimed."""
        for event, subject, movement in self._claimed:
            self._findings.compare(event, subject, "transfer", True, self._moved[movement] > 0)
            self._moved[movement] -= 1
        for movement, times in self._moved.items():
            if times > 0 and self._needs_claim(*movement):
                self._findings.refuse(self._moved_by[movement], f"cash of {movement[0]}", "order", "one", "none")
        self._moved.clear()
        self._moved_by.clear()
        self._claimed.clear()

    @property
    def total_minor(self) -> int:
        """All cash there is."""
        return sum(self.balances.values())

    def _needs_claim(self, source: str, target: str, amount_minor: int) -> bool:
        """Institutions send their own cash; anyone can move nothing."""
        return amount_minor > 0 and (NOBODY in (source, target) or self._parties.is_person(source))

    def _use_entry(self, event: Event) -> None:
        if event.args["entry"] in self._entries:
            self._findings.refuse(event, f"bank entry {shown(event.args['entry'])}", "booked", "once", "again")
        self._entries.add(event.args["entry"])

    def _redeem(self, event: Event, account: str, amount_minor: int) -> None:
        self._use_entry(event)
        self.redemptions[event.args["entry"]] = BookedRedemption(account, amount_minor)
        self._findings.money_out_minor += amount_minor
        self.claim(event, "redemption", (account, NOBODY, amount_minor))

    def _reject(self, event: Event, account: str, amount_minor: int) -> None:
        subject = f"bank entry {shown(event.args['entry'])}"
        booked = self.redemptions.get(event.args["entry"])
        if booked is None or booked.rejected:
            self._findings.refuse(event, subject, "rejected", "a redemption that stands", "none")
            return
        self._findings.compare(event, subject, "account", booked.account, account)
        self._findings.compare(event, subject, "amount_minor", booked.amount_minor, amount_minor)
        booked.rejected = True
        self._findings.money_out_minor -= amount_minor
        self.claim(event, "rejected redemption", (NOBODY, account, amount_minor))

    def _transfer(self, event: Event, source: str, target: str, amount_minor: int) -> None:
        self._moved[source, target, amount_minor] += 1
        self._moved_by[source, target, amount_minor] = event
        if target != NOBODY:
            self.balances[target] += amount_minor
        if source == NOBODY:
            return
        self.balances[source] -= amount_minor
        if self.balances[source] < 0:
            self._findings.refuse(event, f"cash of {source}", "balance", "not negative", self.balances[source])
