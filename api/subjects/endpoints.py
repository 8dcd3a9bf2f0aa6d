"""HTTP face of `subjects`."""

from fastapi import APIRouter, Security

from api.kit.contract_errors import SubjectExists
from api.kit.facade import CurrentFacade
from api.kit.idempotency import WRITE_PROBLEMS, RequestKey
from api.kit.problems import (
    DeadlinePassed,
    DeadlineTooFar,
    LedgerUnavailable,
    NotFound,
    SignatureInvalid,
    SignerUnsupported,
    Unauthenticated,
    problem_responses,
)
from api.kit.types import same_address
from api.sessions.current import SCHEME, CurrentSession
from api.subjects import service
from api.subjects.schemas import CashOut, RegistrationIn, SubjectOut

router = APIRouter(prefix="/v1/subjects", tags=["subjects"])


@router.post(
    "",
    status_code=202,
    responses=problem_responses(
        *WRITE_PROBLEMS,
        SignatureInvalid,
        SignerUnsupported,
        DeadlinePassed,
        DeadlineTooFar,
        SubjectExists,
    ),
)
async def register(body: RegistrationIn, facade: CurrentFacade, key: RequestKey) -> SubjectOut:
    """Register a subject with its first signer; also accepted while the ledger is stopped."""
    return await service.register(facade, body, key)


@router.get("/{subject}", responses=problem_responses(NotFound))
async def subject_status(subject: str, facade: CurrentFacade) -> SubjectOut:
    """Whether a subject is registered. Says nothing else of it."""
    return await service.get(facade, same_address(subject))


@router.get(
    "/{subject}/cash",
    dependencies=[Security(SCHEME)],
    responses=problem_responses(Unauthenticated, NotFound, LedgerUnavailable),
)
async def cash(subject: str, session: CurrentSession, facade: CurrentFacade) -> CashOut:
    """One's own cash."""
    if same_address(subject) != session.subject:
        raise NotFound
    return await service.cash(facade, session.subject)
