"""Refuse bodies that are too large or nested too deeply before anything parses them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kit.handlers import answer
from api.kit.limits import MAX_BODY_BYTES, MAX_JSON_DEPTH
from api.kit.problems import BodyTooLarge, JsonTooDeep, Problem

OPENING, CLOSING, QUOTE, BACKSLASH = b"[{", b"]}", ord('"'), ord("\\")


def json_depth(body: bytes) -> int:
    """Deepest nesting of arrays and objects, brackets inside strings not counted."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in body:
        if quoted:
            quoted = escaped or byte != QUOTE
            escaped = byte == BACKSLASH and not escaped
        elif byte == QUOTE:
            quoted = True
        else:
            depth += (byte in OPENING) - (byte in CLOSING)
            deepest = max(deepest, depth)
    return deepest


class BodyLimits:
    """ASGI middleware that reads the whole body once, checks it and hands it on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on only when its body keeps the limits."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        try:
            body = await _read(receive)
            _check_depth(body)
        except Problem as problem:
            await answer(problem)(scope, receive, send)
            return
        await self.app(scope, _once(body, receive), send)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge(MAX_BODY_BYTES)
    return bytes(body)


def _check_depth(body: bytes) -> None:
    if json_depth(body) > MAX_JSON_DEPTH:
        raise JsonTooDeep(MAX_JSON_DEPTH)


def _once(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
