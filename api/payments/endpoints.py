"""HTTP face of `payments`."""

from typing import Annotated

from fastapi import APIRouter, Query, Security

from api.kit.contract_errors import (
    InsufficientCash,
    LoanClosed,
    LoanMovedOn,
    LoanNotActive,
    NonceTooFar,
    NonceUsed,
    Overpayment,
    PartyNotInStanding,
)
from api.kit.facade import CurrentFacade
from api.kit.idempotency import WRITE_PROBLEMS, RequestKey
from api.kit.limits import MAX_AMOUNT_MINOR
from api.kit.problems import (
    DeadlinePassed,
    DeadlineTooFar,
    InvalidRequest,
    LedgerRefused,
    LedgerUnavailable,
    NotFound,
    SignatureInvalid,
    SignerUnknown,
    SignerUnsupported,
    Unauthenticated,
    problem_responses,
)
from api.kit.types import Hex32
from api.payments import service
from api.payments.problems import PaymentUnderWay
from api.payments.schemas import PaymentIn, PaymentOut, PaymentRequestOut
from api.sessions.current import SCHEME, CurrentSession

router = APIRouter(prefix="/v1", tags=["payments"], dependencies=[Security(SCHEME)])
Amount = Annotated[int | None, Query(gt=0, le=MAX_AMOUNT_MINOR)]


@router.get(
    "/loans/{loan}/payment-request",
    responses=problem_responses(
        Unauthenticated,
        NotFound,
        InvalidRequest,
        LoanClosed,
        LoanNotActive,
        LoanMovedOn,
        Overpayment,
        NonceTooFar,
        LedgerUnavailable,
    ),
)
async def payment_request(
    loan: Hex32, session: CurrentSession, facade: CurrentFacade, amount_minor: Amount = None
) -> PaymentRequestOut:
    """What to sign to pay an amount; without one, what is due."""
    return await service.request(facade, session.subject, loan, amount_minor)


@router.post(
    "/loans/{loan}/payments",
    status_code=202,
    responses=problem_responses(
        *WRITE_PROBLEMS,
        Unauthenticated,
        NotFound,
        SignatureInvalid,
        SignerUnknown,
        SignerUnsupported,
        DeadlinePassed,
        DeadlineTooFar,
        NonceUsed,
        NonceTooFar,
        Overpayment,
        InsufficientCash,
        LoanClosed,
        LoanNotActive,
        LoanMovedOn,
        PaymentUnderWay,
        PartyNotInStanding,
        LedgerRefused,
        LedgerUnavailable,
    ),
)
async def pay(
    loan: Hex32, body: PaymentIn, session: CurrentSession, facade: CurrentFacade, key: RequestKey
) -> PaymentOut:
    """Hand in a signed payment; refused with 503 and nothing stored while the ledger is stopped."""
    return await service.pay(facade, session.subject, loan, body, key)


@router.get("/payments/{payment_id}", responses=problem_responses(Unauthenticated, NotFound))
async def payment(payment_id: str, session: CurrentSession, facade: CurrentFacade) -> PaymentOut:
    """Where one's own payment stands."""
    return await service.get(facade, session.subject, payment_id)
