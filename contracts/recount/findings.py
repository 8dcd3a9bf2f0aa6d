"""What a recount found: counts for people, differences for the record."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.clients.events import Event


@dataclass(frozen=True, slots=True)
class Difference:
    """Something the ledger says that does not follow from what it said before.

    `subject` names what differs ("loan 0x..", "cash of 0x.."); `block_number` and `tx_hash` are those of the
    event, or of the last event where a view of the final state differs (then `tx_hash` is None).
    """

    block_number: int
    tx_hash: bytes | None
    subject: str
    field: str
    expected: Any
    found: Any

    def __str__(self) -> str:
        place = f"block {self.block_number}"
        if self.tx_hash is not None:
            place += f", transaction {shown(self.tx_hash)}"
        return f"{place}: {self.subject}: {self.field} is {shown(self.found)}, expected {shown(self.expected)}"


@dataclass
class Findings:
    """Counts and sums (minor units) of a whole ledger, and every difference in ledger order."""

    events: int = 0
    loans: int = 0
    loans_closed: int = 0
    loans_cancelled: int = 0
    loans_unwound: int = 0
    payments: int = 0
    payments_returned: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    """Events of LoanBook, by name."""
    entries: int = 0
    score_reports: int = 0
    comparisons: int = 0
    money_in_minor: int = 0
    money_out_minor: int = 0
    money_held_minor: int = 0
    principal_lent_minor: int = 0
    principal_repaid_minor: int = 0
    interest_paid_minor: int = 0
    charges_paid_minor: int = 0
    differences: list[Difference] = field(default_factory=list)

    def count_payment(self, args: Mapping[str, Any]) -> None:
        """Add up the parts of a payment's event."""
        self.payments += 1
        self.principal_repaid_minor += args["principal_minor"]
        self.interest_paid_minor += args["interest_minor"]
        self.charges_paid_minor += args["late_fee_minor"] + args["penalty_minor"]

    def count_withdrawal(self, amount_minor: int, cost_minor: int) -> None:
        """Add up what withdrawing from a loan paid back, and the cost of its days in it."""
        cost = min(amount_minor, cost_minor)
        self.principal_repaid_minor += amount_minor - cost
        self.interest_paid_minor += cost

    @property
    def clean(self) -> bool:
        """Whether everything follows."""
        return not self.differences

    def compare(self, event: Event, subject: str, name: str, expected: Any, found: Any) -> None:
        """Count a comparison made at an event and keep it if the two differ."""
        self._compare(event.block_number, event.tx_hash, subject, name, expected, found)

    def compare_view(self, block_number: int, subject: str, name: str, expected: Any, found: Any) -> None:
        """Count a comparison with a view of the final state and keep it if the two differ."""
        self._compare(block_number, None, subject, name, expected, found)

    def refuse(self, event: Event, subject: str, name: str, expected: Any, found: Any) -> None:
        """Keep a difference that is known to be one."""
        self.differences.append(Difference(event.block_number, event.tx_hash, subject, name, expected, found))

    def _compare(
        self, block_number: int, tx_hash: bytes | None, subject: str, name: str, expected: Any, found: Any
    ) -> None:
        self.comparisons += 1
        if expected != found:
            self.differences.append(Difference(block_number, tx_hash, subject, name, expected, found))


def shown(value: Any) -> str:
    """A value as a report prints it: bytes as 0x hex."""
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
