"""HTTP face of the ledger's state, of health, and of the table of problems."""

from fastapi import APIRouter, Response

from api.kit.facade import CurrentFacade
from api.kit.problems import LedgerUnavailable, describe, listed, problem_responses
from api.ledger import service
from api.ledger.schemas import LedgerOut, LiveOut, ProblemTypeOut, ReadyOut

router = APIRouter(tags=["ledger"])


@router.get("/health/live")
async def live() -> LiveOut:
    """Whether the process answers."""
    return LiveOut()


@router.get("/health/ready", responses={503: {"model": ReadyOut, "description": "not ready"}})
async def ready(facade: CurrentFacade, response: Response) -> ReadyOut:
    """Whether the ledger is reachable and the read model close behind it."""
    state = await service.readiness(facade)
    response.status_code = 200 if state.ready else 503
    return state


@router.get("/v1/ledger", responses=problem_responses(LedgerUnavailable))
async def ledger(facade: CurrentFacade) -> LedgerOut:
    """Chain id, contracts, head, ledger time: what a client needs before it signs."""
    return await service.ledger(facade)


@router.get("/v1/problems")
async def problems() -> list[ProblemTypeOut]:
    """Every kind of refusal with its meaning and values."""
    return [ProblemTypeOut(**describe(problem)) for problem in listed()]
