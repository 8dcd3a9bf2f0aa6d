"""What both oracle services share over HTTP: reading JSON, answering problems (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contracts.clients import ContractError, LedgerUnavailable, RpcError, WrongChain
from oracle.problems import PROBLEM_MEDIA_TYPE, OracleError

MAX_BODY_BYTES = 65_536


class BodyTooLarge(OracleError):
    """A request body beyond MAX_BODY_BYTES."""

    slug = "body-too-large"
    status = 413
    title = "The body is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} bytes are read", limit=limit)


class MalformedBody(OracleError):
    """A request body that is not the JSON object expected."""

    slug = "malformed-body"
    status = 400
    title = "The body cannot be read"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)


class LedgerDown(OracleError):
    """The ledger this process reads cannot be reached, refused to answer, or is another chain's."""

    slug = "ledger-unavailable"
    status = 503
    title = "The ledger is not available"

    def __init__(self, error: Exception) -> None:
        url = error.url if isinstance(error, LedgerUnavailable) else ""
        super().__init__(str(error), url=url)


LEDGER_ERRORS = (LedgerUnavailable, RpcError, ContractError, WrongChain)


async def read_object(request: Request, *fields: str) -> Mapping[str, Any]:
    """The body as a JSON object with exactly these fields. Raises BodyTooLarge, MalformedBody."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            raise BodyTooLarge(MAX_BODY_BYTES)
    try:
        body = json.loads(bytes(raw))
    except (ValueError, RecursionError) as error:
        raise MalformedBody(f"not JSON: {error}") from error
    if not isinstance(body, dict) or set(body) != set(fields):
        raise MalformedBody(f"expected an object with exactly {', '.join(fields)}")
    return body


async def answer_problem(_request: Request, error: Exception) -> Response:
    """Any refusal as problem details; faults of the ledger as 503."""
    if isinstance(error, HTTPException):
        problem = {"type": "about:blank", "title": error.detail, "status": error.status_code}
        return _response(problem)
    refusal = error if isinstance(error, OracleError) else LedgerDown(error)
    return _response(refusal.problem())


def _response(problem: dict[str, Any]) -> Response:
    return JSONResponse(problem, status_code=problem["status"], media_type=PROBLEM_MEDIA_TYPE)


EXCEPTION_HANDLERS: dict[Any, Any] = dict.fromkeys((OracleError, HTTPException, *LEDGER_ERRORS), answer_problem)
