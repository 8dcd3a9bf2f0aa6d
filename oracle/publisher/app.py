"""The publisher over HTTP: POST /v1/requests, GET /v1/requests/{id}, GET /health."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from oracle.attest import Packet
from oracle.http import EXCEPTION_HANDLERS, MalformedBody, read_object
from oracle.publisher.service import Publisher

MAX_ID_LENGTH = 128


def publisher_app(publisher: Publisher) -> Starlette:
    """The publisher's endpoints; the work runs between start-up and shut-down."""

    async def accept(request: Request) -> JSONResponse:
        body = await read_object(request, "id", "packet")
        request_id = _id(body["id"])
        packet = Packet.from_json(body["packet"])
        status = await run_in_threadpool(publisher.accept, request_id, packet)
        return JSONResponse(status, status_code=202)

    async def show(request: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(publisher.status, request.path_params["id"]))

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse(publisher.health())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        publisher.start()
        yield
        await run_in_threadpool(publisher.stop)

    routes = [
        Route("/v1/requests", accept, methods=["POST"]),
        Route("/v1/requests/{id}", show),
        Route("/health", health),
    ]
    return Starlette(routes=routes, exception_handlers=EXCEPTION_HANDLERS, lifespan=lifespan)


def _id(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH or "/" in value:
        raise MalformedBody(f"id: expected text of 1 to {MAX_ID_LENGTH} characters without a slash")
    return value
