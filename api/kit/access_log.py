"""One log line per request: method, path, status, milliseconds; no query, no header, no body."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.kit.logs import log


class AccessLog:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._log = log("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log when the answer has started, or that none came."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            spent = round((time.perf_counter() - started) * 1000, 1)
            self._log.info("request", method=scope["method"], path=scope["path"], status=status, ms=spent)
