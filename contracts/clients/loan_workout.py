"""LoanBook where loans are not paid: impairment, default, cover, write-off; and when clocks stand still."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.clients.contract import BlockId, Call, ContractClient
from contracts.clients.table import TableRow, optional


@dataclass(frozen=True)
class Uncovered:
    """What guarantees could cover of a loan: principal of a defaulted loan that the lender has outstanding."""

    borrower: str
    lender: str
    status: int
    uncovered_minor: int


@dataclass(frozen=True)
class Stops:
    """When all clocks stood still, UTC seconds, oldest first; `paused_since` of a pause that lasts, or 0."""

    stops: tuple[tuple[int, int], ...]
    paused_since: int


class LoanWorkout(ContractClient):
    """What officers decide of a loan that is not paid; `rows` begin at the open row of a loan by a table."""

    contract = "LoanBook"

    def uncovered(self, loan: bytes, block: BlockId = "latest") -> Uncovered:
        """What guarantees could cover of a loan now."""
        return Uncovered(**self.read("uncovered", loan, block=block))

    def stops(self, block: BlockId = "latest") -> Stops:
        """When clocks stood still."""
        found = self.read("stops", block=block)
        stops = tuple((stop["from_at"], stop["until_at"]) for stop in found["stops_"])
        return Stops(stops, found["paused_since"])

    def set_impairment_call(self, loan: bytes, impaired_minor: int, rows: Sequence[TableRow] = ()) -> Call:
        """Say how much of the principal is not expected back (role IMPAIRER)."""
        return self.call("setImpairment", *optional((loan, impaired_minor), rows))

    def declare_default_call(self, loan: bytes, rows: Sequence[TableRow] = ()) -> Call:
        """Call a loan in default (role COLLECTOR)."""
        return self.call("declareDefault", *optional((loan,), rows))

    def write_off_call(self, loan: bytes, rows: Sequence[TableRow] = ()) -> Call:
        """Count the lender's principal in a defaulted loan as lost (role COLLECTOR)."""
        return self.call("writeOff", *optional((loan,), rows))

    def set_paused_call(self, paused: bool) -> Call:
        """Pause the LoanBook or let it go on (role PAUSER)."""
        return self.call("setPaused", paused)

    def record_halt_call(self, header_before: bytes, header_after: bytes) -> Call:
        """Show that the ledger stood still between two blocks, by the RLP of their headers."""
        return self.call("recordHalt", header_before, header_after)
