"""Every refusal leaves as a problem document; nothing else leaks."""

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
        return answer(MethodNotAllowed() if error.status_code == 405 else NotFound())

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
