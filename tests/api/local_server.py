"""A server on this machine that answers with JSON: what the worker asks when no whole system runs."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

from contracts.keys import DEVNET_CHAIN_ID

GAS = 100_000

Json = dict[str, Any]


class LedgerTime(ThreadingHTTPServer):
    """A ledger that stands at block 7, knows what time its next block would carry, and finds every act possible."""

    def __init__(self, instant: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.instant = instant

    @property
    def url(self) -> str:
        """Where it listens, inside `with`."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def get(self, path: str) -> Json:
        """The answer to GET, whatever the path."""
        return {"instant": self.instant, "path": path}

    def post(self, body: Json) -> Json:
        """The answer to a JSON-RPC request."""
        block = {"number": "0x7", "hash": "0x" + "07" * 32, "parentHash": "0x" + "06" * 32}
        known: Json = {
            "eth_chainId": hex(DEVNET_CHAIN_ID),
            "eth_estimateGas": hex(GAS),
            "eth_getBlockByNumber": {**block, "timestamp": hex(self.instant)},
        }
        return {"jsonrpc": "2.0", "id": body["id"], "result": known[body["method"]]}


class _Handler(BaseHTTPRequestHandler):
    server: LedgerTime

    def do_GET(self) -> None:
        self._answer(self.server.get(self.path))

    def do_POST(self) -> None:
        self._answer(self.server.post(json.loads(self.rfile.read(int(self.headers["Content-Length"])))))

    def _answer(self, content: Json) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
