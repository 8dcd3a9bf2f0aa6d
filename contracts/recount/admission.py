"""Whether a loan was allowed to begin: its product's caps, its parties' standing, its currency, its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.clients.events import Event
from contracts.recount.findings import Findings, shown
from contracts.recount.parties import DAY_SECONDS, Parties
from contracts.schedule import Row
from contracts.schedule.day_count import PPM
from contracts.typed_data import Agreement

Caps = dict[str, Any]


@dataclass(frozen=True)
class DatedCaps:
    """Caps of a product: those in force, and those that wait for their UTC day."""

    caps: Caps | None = None
    waiting: Caps | None = None
    from_day: int = 0

    def on(self, day: int) -> "DatedCaps":
        """The same, seen from a UTC day."""
        return DatedCaps(self.waiting) if self.waiting is not None and self.from_day <= day else self

    def changed(self, caps: Caps, from_day: int, today: int) -> "DatedCaps":
        """With new caps, at once or from a day on; what waited is replaced."""
        return DatedCaps(caps) if from_day <= today else DatedCaps(self.on(today).caps, caps, from_day)


class Admission:
    """What LoanBook asks before it opens a loan, besides the terms themselves and the limit."""

    def __init__(self, findings: Findings, parties: Parties, currency: str) -> None:
        self._findings, self._parties, self._currency = findings, parties, currency
        self.products: dict[bytes, DatedCaps] = {}
        self.facilities: dict[tuple[str, bytes], tuple[int, int]] = {}

    def apply(self, event: Event) -> None:
        """Take an event of LoanBook."""
        if event.name == "ProductChanged":
            known = self.products.get(event.args["product_id"], DatedCaps())
            changed = known.changed(event.args["caps"], event.args["from_day"], event.timestamp // DAY_SECONDS)
            self.products[event.args["product_id"]] = changed
        elif event.name == "FacilityChanged":
            limits = event.args["max_outstanding_minor"], event.args["max_borrower_percent"]
            self.facilities[event.args["lender"], event.args["product_id"]] = limits

    def require(self, event: Event) -> None:
        """Check a LoanOriginated event."""
        agreement: Agreement = event.args["agreement"]
        self._compare(event, "currency", self._currency, agreement.currency)
        self._compare(event, "before its deadline", True, event.timestamp <= agreement.deadline)
        for role, address in (("borrower", agreement.borrower), ("lender", agreement.lender)):
            standing = self._parties.party(address).in_standing(event.timestamp)
            self._compare(event, f"{role} in standing", True, standing)
        self._compare(event, "borrower is the lender", False, agreement.borrower == agreement.lender)
        self.require_product(event, agreement)

    def require_facility(self, event: Event, lent_minor: int, reserved_minor: int) -> None:
        """Check that the lender's facility holds the loan, and all that its borrower owes to anybody.

        Both amounts are with the loan's own principal.
        """
        agreement: Agreement = event.args["agreement"]
        limits = self.facilities.get((agreement.lender, agreement.product_id))
        self._compare(event, "lender has a facility", True, limits is not None)
        if limits is not None:
            most, percent = limits
            self._compare(event, "within its facility", True, lent_minor <= most)
            self._compare(
                event, "within the facility's part for one borrower", True, reserved_minor <= most * percent // 100
            )

    def require_schedule(self, event: Event, agreement: Agreement, rows: Sequence[Row]) -> None:
        """Check that a schedule does not last longer, or cost more, than its product allows."""
        caps = self._caps_of(event, agreement)
        if caps is None:
            return
        days = rows[-1].due_day - agreement.disbursement_day
        self._compare(event, "term_days within its cap", True, days <= caps["max_term_days"])
        cost = agreement.upfront_fee_minor + sum(row.interest_minor for row in rows)
        most = agreement.principal_minor * caps["max_total_cost_ppm"] // PPM
        self._compare(event, "total cost within its cap", True, cost <= most)

    def _caps_of(self, event: Event, agreement: Agreement) -> Caps | None:
        known = self.products.get(agreement.product_id, DatedCaps())
        return known.on(event.timestamp // DAY_SECONDS).caps

    def require_product(self, event: Event, agreement: Agreement) -> None:
        """Check terms against the caps of the day."""
        caps = self._caps_of(event, agreement)
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
