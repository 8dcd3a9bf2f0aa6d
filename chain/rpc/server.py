"""The HTTP server: bodies and batches in, answers out; the work itself runs in threads on snapshots."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from itertools import groupby
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

import chain.rpc.methods  # noqa: F401  (registers them)
from chain.core.nesting import load_json
from chain.errors import LedgerError
from chain.rpc import hexes
from chain.rpc.errors import (
    Internal,
    InvalidParams,
    InvalidRequest,
    LimitExceeded,
    MethodNotFound,
    RpcError,
    Unparsable,
)
from chain.rpc.methods.transactions import SEND_RAW, send_many
from chain.rpc.node import CLIENT_VERSION, REGISTRY, Node

MAX_BODY_BYTES = 5 * 1024 * 1024
MAX_BATCH = 1_000
WORKERS = 8

logger = logging.getLogger("tally.node")

Answer = dict[str, Any]


def application(node: Node) -> Starlette:
    """The ASGI application of a node."""
    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="rpc")

    async def post(request: Request) -> Response:
        refusal = _refuse(request)
        if refusal is not None:
            return refusal
        body = await _body(request)
        if body is None:
            return PlainTextResponse("request body too large", 413)
        answer = await asyncio.get_running_loop().run_in_executor(workers, _answer_body, node, body)
        return Response(status_code=200) if answer is None else _Answer(answer)

    async def get(_: Request) -> Response:
        return PlainTextResponse(f"{CLIENT_VERSION}\nJSON-RPC: POST a request to this address.\n")

    return Starlette(routes=[Route("/", post, methods=["POST"]), Route("/", get, methods=["GET"])])


class _Answer(JSONResponse):
    """JSON in ASCII: a client's id or method name may hold what UTF-8 cannot."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode()


def _refuse(request: Request) -> Response | None:
    """A web page elsewhere must not reach the node through its visitor's browser."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return PlainTextResponse("invalid content type, only application/json is supported", 415)
    if not _is_local_name(request.url.hostname or ""):
        return PlainTextResponse("invalid host specified", 403)
    return None


def _is_local_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _body(request: Request) -> bytes | None:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _answer_body(node: Node, body: bytes) -> Any:
    try:
        request = load_json(body)
    except ValueError:
        return _failed(None, Unparsable("parse error"))
    if isinstance(request, list):
        return _answer_batch(node, request)
    return answer(node, request)


def _answer_batch(node: Node, batch: list[Any]) -> Any:
    if not batch:
        return _failed(None, InvalidRequest("empty batch"))
    if len(batch) > MAX_BATCH:
        return _failed(None, LimitExceeded(f"batch too large: {len(batch)} requests, limit {MAX_BATCH}"))
    answers: list[Answer] = []
    for sends, group in groupby(batch, _is_send):
        requests = list(group)
        found = _answer_sends(node, requests) if sends else [answer(node, request) for request in requests]
        answers.extend(item for item in found if item is not None)
    return answers or None


def _is_send(request: Any) -> bool:
    """Sends that stand together are accepted in one write."""
    if not isinstance(request, dict) or request.get("method") != SEND_RAW or "id" not in request:
        return False
    params = request.get("params")
    return _is_id(request["id"]) and isinstance(params, list) and len(params) == 1 and _is_data(params[0])


def _is_id(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _is_data(value: Any) -> bool:
    try:
        hexes.data(value, "transaction")
    except InvalidParams:
        return False
    return True


def _answer_sends(node: Node, requests: list[dict[str, Any]]) -> list[Answer | None]:
    raws = [hexes.data(request["params"][0], "transaction") for request in requests]
    outcomes = _guarded(lambda: send_many(node, raws))
    if isinstance(outcomes, RpcError):
        return [_failed(request["id"], outcomes) for request in requests]
    return [_answered(request["id"], outcome) for request, outcome in zip(requests, outcomes, strict=True)]


def answer(node: Node, request: Any) -> Answer | None:
    """The answer to one request; None for a notification."""
    if not isinstance(request, dict) or not isinstance(request.get("method"), str) or not _is_id(request.get("id")):
        return _failed(None, InvalidRequest("invalid request"))
    outcome = _guarded(lambda: _call(node, request["method"], request.get("params")))
    return _answered(request["id"], outcome) if "id" in request else None


def _call(node: Node, name: str, params: Any) -> Any:
    entry = REGISTRY.get(name)
    if entry is None or (entry.dev and not node.dev):
        raise MethodNotFound(name)
    values = [] if params is None else params
    if not isinstance(values, list):
        raise InvalidParams("parameters must be a list")
    if len(values) < entry.least:
        raise InvalidParams(f"missing value for required argument {len(values)}")
    if len(values) > entry.most:
        raise InvalidParams(f"too many arguments, want at most {entry.most}")
    return entry.run(node, values)


def _guarded(run: Any) -> Any:
    """The result, or the RpcError that stands for what went wrong."""
    try:
        return run()
    except RpcError as error:
        return error
    except LedgerError as error:
        return RpcError(str(error))
    except Exception:  # whatever fails inside must not take the other requests of a batch with it; it is logged
        logger.exception("a request failed")
        return Internal("internal error")


def _answered(request_id: Any, outcome: Any) -> Answer:
    if isinstance(outcome, RpcError):
        return _failed(request_id, outcome)
    return {"jsonrpc": "2.0", "id": request_id, "result": outcome}


def _failed(request_id: Any, error: RpcError) -> Answer:
    return {"jsonrpc": "2.0", "id": request_id, "error": error.body()}
