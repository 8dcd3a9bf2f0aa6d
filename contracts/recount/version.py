"""One of the LoanBooks that stand beside each other, with its guarantees."""

from collections.abc import Callable, Iterable

from contracts.clients.address_book import AddressBook
from contracts.clients.events import Event
from contracts.recount.admission import Admission
from contracts.recount.cash import Cash
from contracts.recount.credit import Credit
from contracts.recount.findings import Findings
from contracts.recount.fund import Fund
from contracts.recount.loans import Loans
from contracts.recount.parties import Parties


class Version:
    """Its loans, products, facilities, clock and guarantees; `book` names its contracts without a number."""

    def __init__(self, findings: Findings, parties: Parties, cash: Cash, credit: Credit, book: AddressBook) -> None:
        self.book = book
        self.admission = Admission(findings, parties, book.contracts["CashToken"])
        self.loans = Loans(findings, book.domain("LoanBook"), cash, credit, self.admission)
        self.fund = Fund(findings, cash, book)

    @property
    def appliers(self) -> dict[str, Callable[[Event], None]]:
        """What takes the events of which contract, by its address."""
        return {
            self.book.contracts["LoanBook"]: self.loans.apply,
            self.book.contracts["GuaranteeFund"]: self.fund.apply,
        }


def exposures(versions: Iterable[Version]) -> dict[str, tuple[int, int]]:
    """Of each borrower: how many loans run on all versions, and what they take of its limit."""
    found: dict[str, tuple[int, int]] = {}
    for version in versions:
        for subject in version.loans.borrowers:
            count, reserved = found.get(subject, (0, 0))
            more, minor = version.loans.exposure(subject)
            found[subject] = count + more, reserved + minor
    return found
