"""HTTP face of `loans`."""

from fastapi import APIRouter, Security

from api.kit.facade import CurrentFacade
from api.kit.pagination import Page, Paging
from api.kit.problems import InvalidRequest, LedgerUnavailable, NotFound, Unauthenticated, problem_responses
from api.kit.types import Hex32
from api.loans import service
from api.loans.schemas import LoanOut
from api.sessions.current import SCHEME, CurrentSession

router = APIRouter(prefix="/v1/loans", tags=["loans"], dependencies=[Security(SCHEME)])


@router.get("", responses=problem_responses(Unauthenticated, InvalidRequest, LedgerUnavailable))
async def loans(session: CurrentSession, facade: CurrentFacade, page: Paging) -> Page[LoanOut]:
    """One's own loans, newest first."""
    return await service.page(facade, session.subject, page)


@router.get("/{loan}", responses=problem_responses(Unauthenticated, NotFound, InvalidRequest, LedgerUnavailable))
async def loan(loan: Hex32, session: CurrentSession, facade: CurrentFacade) -> LoanOut:
    """One's own loan with schedule, payments and what it owes today; readable while the ledger is stopped."""
    return await service.get(facade, session.subject, loan)
