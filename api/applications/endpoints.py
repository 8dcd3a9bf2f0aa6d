"""HTTP face of `applications`."""

from fastapi import APIRouter, Security

from api.applications import service
from api.applications.problems import (
    AmountOutsideProduct,
    ApplicationNotDraft,
    FeatureRefused,
    PeriodsOutsideProduct,
    TooManyDrafts,
)
from api.applications.schemas import ApplicationIn, ApplicationOut, DraftOut, SubmissionIn, SubmissionOut
from api.kit.facade import CurrentFacade
from api.kit.idempotency import WRITE_PROBLEMS, RequestKey
from api.kit.pagination import Page, Paging
from api.kit.problems import (
    DeadlinePassed,
    InvalidRequest,
    NotFound,
    SignatureInvalid,
    SignerUnknown,
    SignerUnsupported,
    Unauthenticated,
    problem_responses,
)
from api.sessions.current import SCHEME, CurrentSession
from api.sessions.problems import SubjectNotRegistered

router = APIRouter(prefix="/v1/applications", tags=["applications"], dependencies=[Security(SCHEME)])


@router.post(
    "",
    status_code=201,
    responses=problem_responses(
        *WRITE_PROBLEMS,
        Unauthenticated,
        AmountOutsideProduct,
        PeriodsOutsideProduct,
        FeatureRefused,
        TooManyDrafts,
        SubjectNotRegistered,
    ),
)
async def draft(body: ApplicationIn, session: CurrentSession, facade: CurrentFacade, key: RequestKey) -> DraftOut:
    """Draft an application; answers the message to sign."""
    return await service.draft(facade, session.subject, body, key)


@router.post(
    "/{application_id}/submission",
    status_code=202,
    responses=problem_responses(
        *WRITE_PROBLEMS,
        Unauthenticated,
        NotFound,
        ApplicationNotDraft,
        DeadlinePassed,
        SignatureInvalid,
        SignerUnknown,
        SignerUnsupported,
    ),
)
async def submit(
    application_id: str, body: SubmissionIn, session: CurrentSession, facade: CurrentFacade, key: RequestKey
) -> SubmissionOut:
    """Submit a draft with the signature over it; also accepted while the ledger is stopped."""
    return await service.submit(facade, session.subject, application_id, body, key)


@router.get("", responses=problem_responses(Unauthenticated, InvalidRequest))
async def applications(session: CurrentSession, facade: CurrentFacade, page: Paging) -> Page[ApplicationOut]:
    """One's own applications, newest first."""
    return await service.page(facade, session.subject, page)


@router.get("/{application_id}", responses=problem_responses(Unauthenticated, NotFound))
async def application(application_id: str, session: CurrentSession, facade: CurrentFacade) -> ApplicationOut:
    """One's own application with its decision."""
    return await service.get(facade, session.subject, application_id)
