"""From a submitted application to a decision, and from an approval to an offer."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Row

from api.applications import repository as applications
from api.applications.problems import NoSchedule
from api.applications.service import decision_field, features_field
from api.kit.database import writing
from api.kit.ids import new_id
from api.kit.logs import log
from api.kit.product import Product
from api.kit.types import hex_of
from api.offers import repository as offers
from api.offers.terms import Approval, make_offer
from api.vault import Vault
from api.worker.attested import Attested, NotAttested, attested
from api.worker.duty import ABSENCES
from api.worker.publisher import Publisher, RequestRefused, RequestUnknown
from contracts.clients import Ledger
from contracts.loan import LoanRefused
from contracts.schedule import RateUndefined, ScheduleRefused
from contracts.typed_data import Domain, ScoreRequest, digest

MOST_AT_ONCE = 50


class Decisions:
    """Hands signed applications to the publisher and turns its answers into decisions and offers."""

    def __init__(self, engine: Engine, vault: Vault, product: Product, ledger: Ledger, publisher: Publisher) -> None:
        self._engine, self._vault, self._product = engine, vault, product
        self._ledger, self._publisher, self._log = ledger, publisher, log("decisions")
        self._faulty: set[str] = set()

    def hand_in(self) -> int:
        """Give submitted applications to the publisher; raises PublisherUnavailable, rows stay as they are."""
        return self._each("submitted", self._hand_in)

    def _each(self, status: str, act: Callable[[Row[Any]], bool]) -> int:
        """Act on the applications in a status; one that fails by itself is named once and holds nobody else up."""
        return sum(self._apart(row, act) for row in self._in_status(status))

    def _apart(self, row: Row[Any], act: Callable[[Row[Any]], bool]) -> bool:
        try:
            return act(row)
        except ABSENCES:
            raise
        except Exception as error:
            if row.id not in self._faulty:
                self._faulty.add(row.id)
                self._log.error("application cannot be worked on", application=row.id, exc_info=error)
            return False

    def _hand_in(self, row: Row[Any]) -> bool:
        try:
            self._publisher.hand_in(row.id, self._packet(row))
        except RequestRefused as refusal:
            self._log.warning("application refused", application=row.id, problem=refusal.problem.get("type"))
            return self._move(row.id, "submitted", "failed", error=refusal.problem)
        return self._move(row.id, "submitted", "scoring")

    def _packet(self, row: Row[Any]) -> dict[str, Any]:
        with self._engine.connect() as connection:
            opened = self._vault.get(connection, row.subject, features_field(row.id))
        return {
            "request": row.request,
            "signer": row.signer,
            "signature": hex_of(row.signature),
            "features": opened["features"],
            "salt": opened["salt"],
        }

    def collect(self) -> int:
        """Take over what the publisher has published; raises PublisherUnavailable, LedgerUnavailable."""
        return self._each("scoring", self._collect)

    def _collect(self, row: Row[Any]) -> bool:
        try:
            state = self._publisher.state(row.id)
        except RequestUnknown:
            return self._move(row.id, "scoring", "submitted")
        if state["status"] == "failed":
            return self._move(row.id, "scoring", "failed", error=_failed(state))
        if state["status"] == "published":
            return self._take_over(row, state)
        return False

    def _take_over(self, row: Row[Any], state: dict[str, Any]) -> bool:
        request, domain = ScoreRequest.from_message(row.request), self._ledger.book.domain("CreditRegistry")
        try:
            decision = attested(state, request, domain, self._product.policy)
        except NotAttested as refusal:
            self._log.error("decision not attested", application=row.id, fields=refusal.fields)
            return self._move(row.id, "scoring", "failed", error=refusal.problem())
        try:
            self._decide(row, request, decision)
        except (LoanRefused, ScheduleRefused, RateUndefined) as refused:
            self._log.error("no schedule to offer", application=row.id, reason=str(refused))
            return self._move(row.id, "scoring", "failed", error=NoSchedule(str(refused)).document())
        return True

    def _decide(self, row: Row[Any], request: ScoreRequest, decision: Attested) -> None:
        offer = self._offer(row, request, decision) if decision.approved else None
        with writing(self._engine) as connection:
            self._store(connection, row, decision, offer)
        self._log.info("decided", application=row.id, status="offered" if offer else "declined")

    def _offer(self, row: Row[Any], request: ScoreRequest, decision: Attested) -> dict[str, Any]:
        book = self._ledger.book
        approval = Approval(
            borrower=request.subject,
            lender=book.contracts["LendingPool"],
            currency=book.contracts["CashToken"],
            principal_minor=request.amount_minor,
            periods=request.periods,
            rate_ppm=decision.rate_ppm,
            report=decision.uid,
            report_expires_at=decision.report.expires_at,
        )
        domain: Domain = book.domain("LoanBook")
        offer = make_offer(approval, self._product.policy, self._ledger.pending_timestamp(), row.language)
        return {
            "id": new_id("ofr"),
            "application_id": row.id,
            "subject": row.subject,
            "loan": hex_of(digest(offer.agreement, domain)),
            "agreement": offer.agreement.message(),
            "document": offer.document,
            "document_salt": hex_of(offer.document_salt),
            "expires_at": offer.expires_at,
        }

    def _store(self, connection: Connection, row: Row[Any], decision: Attested, offer: dict[str, Any] | None) -> None:
        status = "declined" if offer is None else "offered"
        if not applications.move(
            connection,
            row.id,
            "scoring",
            status,
            score=decision.report.score,
            limit_minor=decision.report.limit_minor,
            report=hex_of(decision.uid),
            offer_id=offer["id"] if offer else None,
        ):
            return
        self._vault.put(connection, row.subject, decision_field(row.id), dict(decision.opened))
        if offer:
            offers.add_offer(connection, **offer)

    def _in_status(self, status: str) -> Any:
        with self._engine.connect() as connection:
            return applications.in_status(connection, status, MOST_AT_ONCE)

    def _move(self, application_id: str, old: str, new: str, **values: Any) -> bool:
        with writing(self._engine) as connection:
            return applications.move(connection, application_id, old, new, **values)


def _failed(state: dict[str, Any]) -> dict[str, Any]:
    error = state.get("error")
    return error if isinstance(error, dict) else {"title": str(error or "scoring failed")}
