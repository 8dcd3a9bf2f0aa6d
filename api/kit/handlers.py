"""Every refusal leaves as a problem document; nothing else leaks."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from api.kit.logs import log
from api.kit.problems import (
    MEDIA_TYPE,
    InternalFault,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
)

MAX_REPORTED_ERRORS = 20


def _unreadable() -> Problem:
    return InvalidRequest([{"at": "body", "message": "The body is not JSON"}])


REFUSALS: dict[int, Callable[[], Problem]] = {400: _unreadable, 405: MethodNotAllowed}
"""What the framework refuses by itself, by status; everything else is an address that does not exist."""


def install(app: FastAPI) -> None:
    """Answer problems, malformed requests, unknown addresses and faults in one form."""

    @app.exception_handler(Problem)
    async def refuse(_request: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(RequestValidationError)
    async def malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        return answer(InvalidRequest([_where(entry) for entry in error.errors()[:MAX_REPORTED_ERRORS]]))

    @app.exception_handler(HTTPException)
    async def unknown(_request: Request, error: HTTPException) -> JSONResponse:
        return answer(REFUSALS.get(error.status_code, NotFound)())

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> JSONResponse:
        log("api").error("fault", path=request.url.path, error=type(error).__name__, exc_info=error)
        return answer(InternalFault())


def answer(problem: Problem) -> JSONResponse:
    """The problem as an HTTP answer."""
    return JSONResponse(problem.document(), problem.status, dict(problem.headers), MEDIA_TYPE)


def _where(entry: dict[str, object]) -> dict[str, str]:
    """Where and why, without the offending value: it may be personal."""
    location = entry["loc"]
    assert isinstance(location, tuple)
    return {"at": ".".join(map(str, location)), "message": str(entry["msg"])}
