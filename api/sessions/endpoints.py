"""HTTP face of `sessions`. Without Idempotency-Key: a challenge works once, and a token is never stored."""

from fastapi import APIRouter, Security

from api.kit.facade import CurrentFacade
from api.kit.problems import (
    InvalidRequest,
    SignatureInvalid,
    SignerUnknown,
    SignerUnsupported,
    Unauthenticated,
    problem_responses,
)
from api.sessions import service
from api.sessions.current import SCHEME, CurrentSession
from api.sessions.problems import ChallengeUnknown, SubjectNotRegistered
from api.sessions.schemas import ChallengeIn, ChallengeOut, SessionIn, SessionOut

router = APIRouter(prefix="/v1/sessions", tags=["sessions"])


@router.post(
    "/challenges",
    status_code=201,
    responses=problem_responses(SubjectNotRegistered, InvalidRequest),
)
async def give_challenge(body: ChallengeIn, facade: CurrentFacade) -> ChallengeOut:
    """Ask for a challenge to sign."""
    return await service.give_challenge(facade, body.subject)


@router.post(
    "",
    status_code=201,
    responses=problem_responses(ChallengeUnknown, SignatureInvalid, SignerUnknown, SignerUnsupported, InvalidRequest),
)
async def open_session(body: SessionIn, facade: CurrentFacade) -> SessionOut:
    """Exchange a signed challenge for a bearer token."""
    return await service.open_session(facade, body)


@router.delete(
    "/current",
    status_code=204,
    dependencies=[Security(SCHEME)],
    responses=problem_responses(Unauthenticated),
)
async def close_session(session: CurrentSession, facade: CurrentFacade) -> None:
    """End the session whose token is sent."""
    await service.close_session(facade, session.token_hash)
