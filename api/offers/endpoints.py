"""HTTP face of `offers`."""

from fastapi import APIRouter, Security

from api.kit.contract_errors import LimitExceeded
from api.kit.facade import CurrentFacade
from api.kit.idempotency import WRITE_PROBLEMS, RequestKey
from api.kit.problems import (
    LedgerRefused,
    LedgerUnavailable,
    NotFound,
    SignatureInvalid,
    SignerUnknown,
    SignerUnsupported,
    Unauthenticated,
    problem_responses,
)
from api.offers import service
from api.offers.problems import LenderLacksCash, OfferAccepted, OfferExpired
from api.offers.schemas import AcceptanceIn, AcceptanceOut, OfferOut
from api.sessions.current import SCHEME, CurrentSession

router = APIRouter(prefix="/v1/offers", tags=["offers"], dependencies=[Security(SCHEME)])


@router.get("/{offer_id}", responses=problem_responses(Unauthenticated, NotFound, LedgerUnavailable))
async def offer(offer_id: str, session: CurrentSession, facade: CurrentFacade) -> OfferOut:
    """One's own offer with the agreement to sign."""
    return await service.get(facade, session.subject, offer_id)


@router.post(
    "/{offer_id}/acceptance",
    status_code=202,
    responses=problem_responses(
        *WRITE_PROBLEMS,
        Unauthenticated,
        NotFound,
        OfferExpired,
        OfferAccepted,
        LenderLacksCash,
        LimitExceeded,
        LedgerRefused,
        SignatureInvalid,
        SignerUnknown,
        SignerUnsupported,
        LedgerUnavailable,
    ),
)
async def accept(
    offer_id: str, body: AcceptanceIn, session: CurrentSession, facade: CurrentFacade, key: RequestKey
) -> AcceptanceOut:
    """Accept an offer by signing its agreement; 503 and nothing stored while the ledger is stopped."""
    return await service.accept(facade, session.subject, offer_id, body, key)
