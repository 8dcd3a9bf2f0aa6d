"""The signer over HTTP: POST /v1/reports and GET /health."""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from contracts.typed_data import InvalidMessage, ScoreReport
from oracle.attest import Packet
from oracle.http import EXCEPTION_HANDLERS, MalformedBody, read_object
from oracle.signer.service import Signer


def signer_app(signer: Signer) -> Starlette:
    """The signer's two endpoints."""

    async def reports(request: Request) -> JSONResponse:
        body = await read_object(request, "packet", "report")
        packet, report = Packet.from_json(body["packet"]), _report(body["report"])
        return JSONResponse(await run_in_threadpool(signer.sign, packet, report))

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(signer.health))

    routes = [Route("/v1/reports", reports, methods=["POST"]), Route("/health", health)]
    return Starlette(routes=routes, exception_handlers=EXCEPTION_HANDLERS)


def _report(value: Any) -> ScoreReport:
    if not isinstance(value, Mapping):
        raise MalformedBody("report: expected an object")
    try:
        return ScoreReport.from_message(value)
    except InvalidMessage as error:
        raise MalformedBody(str(error)) from error
