"""Every balance, from transfers alone."""

from collections import Counter

from contracts.clients.events import Event
from contracts.recount.findings import Findings

NOBODY = "0x" + "00" * 20
Movement = tuple[str, str, int]
"""From, to, minor units."""


class Cash:
    """Balances, and the movements of the transaction at hand, which its other events must account for."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.balances: Counter[str] = Counter()
        self._moved: Counter[Movement] = Counter()
        self._claimed: list[tuple[Event, str, Movement]] = []

    def apply(self, event: Event) -> None:
        """Take an event of CashToken."""
        if event.name == "Transfer":
            self._transfer(event, event.args["from"], event.args["to"], event.args["value"])
        elif event.name == "CashMinted":
            self._findings.money_in_minor += event.args["amount_minor"]
            self.claim(event, "mint", (NOBODY, event.args["account"], event.args["amount_minor"]))
        elif event.name == "CashRedeemed":
            self._findings.money_out_minor += event.args["amount_minor"]
            self.claim(event, "redemption", (event.args["account"], NOBODY, event.args["amount_minor"]))

    def claim(self, event: Event, subject: str, movement: Movement) -> None:
        """Say that the transaction must move this money for this event."""
        self._claimed.append((event, subject, movement))

    def end_transaction(self) -> None:
        """Check that each claim has its movement, and that cash came and went only as booked."""
        for event, subject, movement in self._claimed:
            self._findings.compare(event, subject, "transfer", True, self._moved[movement] > 0)
            self._moved[movement] -= 1
        self._moved.clear()
        self._claimed.clear()

    @property
    def total_minor(self) -> int:
        """All cash there is."""
        return sum(self.balances.values())

    def _transfer(self, event: Event, source: str, target: str, amount_minor: int) -> None:
        self._moved[source, target, amount_minor] += 1
        if target != NOBODY:
            self.balances[target] += amount_minor
        if source == NOBODY:
            return
        self.balances[source] -= amount_minor
        if self.balances[source] < 0:
            self._findings.refuse(event, f"cash of {source}", "balance", "not negative", self.balances[source])
