"""A loan as the recount carries it."""

from dataclasses import dataclass, field

from contracts.clients.events import Event
from contracts.loan import Allocation, LoanState
from contracts.recount.findings import Findings, shown
from contracts.recount.postings import Books, Entry
from contracts.schedule import day_at
from contracts.typed_data import Agreement

NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class Returnable:
    """A payment that its bank may take back."""

    split: Allocation
    value_day: int
    amendments: int


@dataclass
class RecountedLoan:
    """A loan as the twin carries it, with its books.

    `agreement` is the one in force, `orders_at_most` bounds the orders that its borrower can have signed, `last` is the
    split of the last payment, `returnable` the payments by bank entry, `fund` who covered it.
    """

    agreement: Agreement
    state: LoanState
    orders_at_most: int = 0
    books: Books = field(default_factory=Books)
    last: tuple[Allocation, int] | None = None
    returnable: dict[bytes, Returnable] = field(default_factory=dict)
    fund: str = NOBODY

    def day(self, event: Event) -> int:
        """The day of an event in the loan's time zone."""
        return day_at(event.timestamp, self.agreement.time_zone_minutes)

    def post(self, findings: Findings, event: Event, entry: Entry) -> None:
        """Book an entry, which must balance."""
        findings.compare(event, name_of(event), "double entry", 0, self.books.post(entry))


def name_of(event: Event) -> str:
    """The loan of an event, as findings name it."""
    return f"loan {shown(event.args['loan'])}"
