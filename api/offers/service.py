"""Showing an offer and taking its acceptance."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from api.applications import repository as applications
from api.indexer.repository import is_signer
from api.kit.contract_errors import LimitExceeded
from api.kit.facade import Facade
from api.kit.idempotency import IdempotencyKey
from api.kit.problems import NotFound, SignerUnknown
from api.kit.signatures import check_signature
from api.kit.types import bytes_of
from api.ledger.clock import estimated_time, ledger_time
from api.offers import repository
from api.offers.problems import LenderLacksCash, OfferAccepted, OfferExpired
from api.offers.schemas import AcceptanceIn, AcceptanceOut, DocumentOut, OfferOut, Status
from api.offers.shape import all_in_ppm
from api.offers.view import offer_rows, terms_view, totals_view
from contracts.schedule import agreed_rows
from contracts.typed_data import Agreement, typed_data


async def get(facade: Facade, subject: str, offer_id: str) -> OfferOut:
    """The subject's offer; raises NotFound."""
    row = await facade.database.read(_own, offer_id, subject)
    agreement = Agreement.from_message(row.agreement)
    rows = agreed_rows(agreement)
    return OfferOut(
        id=row.id,
        status=_status(row, await estimated_time(facade)),
        expires_at=row.expires_at,
        terms=terms_view(agreement),
        rows=offer_rows(rows),
        totals=totals_view(agreement, rows),
        apr_ppm=agreement.apr_ppm,
        all_in_ppm=all_in_ppm(agreement, rows),
        document=DocumentOut(text=row.document, salt=row.document_salt),
        loan=row.loan,
        typed_data=typed_data(agreement, facade.domains.loans),
    )


def _own(connection: Connection, offer_id: str, subject: str) -> Row[Any]:
    row = repository.offer_of(connection, offer_id, subject)
    if row is None:
        raise NotFound
    return row


def _status(row: Row[Any], now: int) -> Status:
    if row.accepted_at is not None:
        return "accepted"
    return "expired" if now > row.expires_at else "open"


async def accept(
    facade: Facade, subject: str, offer_id: str, signed: AcceptanceIn, key: IdempotencyKey
) -> AcceptanceOut:
    """Store the borrower's signature over the agreement; the worker countersigns and relays.

    Raises NotFound, OfferAccepted, OfferExpired, SignatureInvalid, SignerUnsupported, SignerUnknown,
    LedgerRefused (the score report does not count any more), LimitExceeded, LenderLacksCash, LedgerUnavailable.
    """
    return await facade.once(key, subject).run(
        AcceptanceOut,
        partial(_check, facade, subject, offer_id, signed),
        partial(_store, subject, offer_id, signed),
    )


async def _check(facade: Facade, subject: str, offer_id: str, signed: AcceptanceIn) -> int:
    row = await facade.database.read(_own, offer_id, subject)
    if row.accepted_at is not None:
        raise OfferAccepted(row.loan)
    agreement = Agreement.from_message(row.agreement)
    check_signature(agreement, facade.domains.loans, signed.signer, signed.signature)
    now = await ledger_time(facade)
    if now > row.expires_at:
        raise OfferExpired(row.expires_at, now)
    await _check_limit(facade, agreement)
    await _check_lender(facade, agreement)
    return now


async def _check_limit(facade: Facade, agreement: Agreement) -> None:
    """The score report counts, and the limit holds this loan beside those that are open."""
    clients = facade.ledger.clients
    limit = await facade.ledger.ask(clients.credit_registry.require_current, agreement.borrower, agreement.score_report)
    exposure = await facade.ledger.ask(clients.loan_book.exposure, agreement.borrower)
    available = max(limit - exposure.reserved_minor, 0)
    if agreement.principal_minor > available:
        raise LimitExceeded(agreement.principal_minor, available)


async def _check_lender(facade: Facade, agreement: Agreement) -> None:
    available = await facade.ledger.ask(facade.ledger.clients.cash_token.balance_of, agreement.lender)
    needed = agreement.principal_minor - agreement.upfront_fee_minor
    if available < needed:
        raise LenderLacksCash(available, needed)


def _store(subject: str, offer_id: str, signed: AcceptanceIn, connection: Connection, now: int) -> AcceptanceOut:
    row = _own(connection, offer_id, subject)
    if not is_signer(connection, subject, signed.signer):
        raise SignerUnknown(subject, signed.signer)
    if not repository.accept(connection, offer_id, now, signed.signer, bytes_of(signed.signature)):
        raise OfferAccepted(row.loan)
    applications.move(connection, row.application_id, "offered", "accepted")
    return AcceptanceOut(loan=row.loan, status="pending")
