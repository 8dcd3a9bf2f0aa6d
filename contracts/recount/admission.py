"""Whether a loan was allowed to begin: its product's caps, its parties' standing, its currency, its time."""

from typing import Any

from contracts.clients.events import Event
from contracts.recount.findings import Findings, shown
from contracts.recount.parties import Parties
from contracts.schedule.day_count import PPM
from contracts.typed_data import Agreement


class Admission:
    """What LoanBook asks before it opens a loan, besides the terms themselves and the limit."""

    def __init__(self, findings: Findings, parties: Parties, currency: str) -> None:
        self._findings, self._parties, self._currency = findings, parties, currency
        self.products: dict[bytes, dict[str, Any]] = {}
        self.facilities: set[tuple[str, bytes]] = set()

    def apply(self, event: Event) -> None:
        """Take an event of LoanBook."""
        if event.name == "ProductChanged":
            self.products[event.args["product_id"]] = event.args["caps"]
        elif event.name == "FacilityChanged":
            self.facilities.add((event.args["lender"], event.args["product_id"]))

    def require(self, event: Event) -> None:
        """Check a LoanOriginated event."""
        agreement: Agreement = event.args["agreement"]
        self._compare(event, "currency", self._currency, agreement.currency)
        self._compare(event, "before its deadline", True, event.timestamp <= agreement.deadline)
        facility = agreement.lender, agreement.product_id
        self._compare(event, "lender has a facility", True, facility in self.facilities)
        for role, address in (("borrower", agreement.borrower), ("lender", agreement.lender)):
            standing = self._parties.party(address).in_standing(event.timestamp)
            self._compare(event, f"{role} in standing", True, standing)
        self._require_product(event, agreement)

    def require_term(self, event: Event, last_due_day: int) -> None:
        """Check that the loan of a LoanOriginated event does not last longer than its product allows."""
        agreement: Agreement = event.args["agreement"]
        caps = self.products.get(agreement.product_id)
        if caps is not None:
            days = last_due_day - agreement.disbursement_day
            self._compare(event, "term_days within its cap", True, days <= caps["max_term_days"])

    def _require_product(self, event: Event, agreement: Agreement) -> None:
        caps = self.products.get(agreement.product_id)
        if caps is None or not caps["active"]:
            self._findings.refuse(event, _name(event), "product_id", "an active product", agreement.product_id)
            return
        level = self._parties.party(agreement.borrower).kyc_level
        self._compare(event, "kyc_level suffices", True, level >= caps["min_kyc_level"])
        self._compare(event, "method offered", True, caps["methods"] >> agreement.method & 1 == 1)
        for field, cap in _caps(agreement, caps).items():
            self._compare(event, f"{field} within its cap", True, getattr(agreement, field) <= cap)

    def _compare(self, event: Event, name: str, expected: object, found: object) -> None:
        self._findings.compare(event, _name(event), name, expected, found)


def _caps(agreement: Agreement, caps: dict[str, Any]) -> dict[str, int]:
    return {
        "principal_minor": caps["max_principal_minor"],
        "rate_ppm": caps["max_rate_ppm"],
        "periods": caps["max_periods"],
        "late_fee_minor": caps["max_late_fee_minor"],
        "penalty_rate_ppm": caps["max_penalty_rate_ppm"],
        "penalty_max_days": caps["max_penalty_days"],
        "upfront_fee_minor": agreement.principal_minor * caps["max_upfront_fee_ppm"] // PPM,
    }


def _name(event: Event) -> str:
    return f"loan {shown(event.args['loan'])}"
