"""The built phone app under /app/ and made-up loans under /v1/, with the facade's own security headers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from api.kit.security import EVERYWHERE
from tests.web import endings, loan_page, shapes

DIST = Path(__file__).parents[2] / "api" / "web" / "dist"
TOKEN = "a-token-of-this-test"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAGES = {
    "overdue": json.loads(loan_page.GOLDEN.read_text(encoding="utf-8")),
    "on_time": loan_page.on_time(),
    "due_soon": loan_page.due_soon(),
    "within_grace": loan_page.within_grace(),
    "closed": loan_page.closed(),
    "pending": loan_page.pending(),
    "failed": loan_page.failed(),
    "long": loan_page.long(),
    "withdrawn": endings.withdrawn(),
    "amended": endings.amended(),
    "defaulted": endings.defaulted(),
    "equal_principal": shapes.equal_principal(),
    "interest_only": shapes.interest_only(),
    "bullet": shapes.bullet(),
    "flat": shapes.flat(),
    "fortnightly": shapes.fortnightly(),
    "free": shapes.free(),
    "seasonal": shapes.seasonal(),
    "row_changed": shapes.row_changed(),
    "root_changed": shapes.root_changed(),
    "price_changed": shapes.price_changed(),
    "terms_changed": shapes.terms_changed(),
    "agreement_changed": shapes.agreement_changed(),
}
"""The state a loan is in -> its JSON; each of these loans has an agreement and an id of its own."""


def loan_id(state: str) -> str:
    """The loan id under which this server shows a state."""
    return str(PAGES[state]["loan"])


class Site(ThreadingHTTPServer):
    """One server; `refusal` (status, slug) makes it answer every loan with a problem, `garbled` with half a loan."""

    daemon_threads = True
    refusal: tuple[int, str] | None = None
    garbled = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.pages = {str(page["loan"]): page for page in PAGES.values()}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def address(self, state: str) -> str:
        """The link a borrower gets for a loan in this state."""
        return f"{self.url}/app/#/loans/{loan_id(state)}?token={TOKEN}"


class _Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.split("?", 1)[0]
        if path.startswith("/v1/loans/"):
            self._loan(path.removeprefix("/v1/loans/"))
        else:
            self._file(path)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in EVERYWHERE.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _problem(self, status: int, slug: str) -> None:
        document = {"type": f"/problems/{slug}", "title": slug, "status": status}
        self._answer(status, "application/problem+json", json.dumps(document).encode())

    def _loan(self, loan: str) -> None:
        shown = self.server.pages
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._problem(HTTPStatus.UNAUTHORIZED, "unauthenticated")
        elif self.server.refusal is not None:
            self._problem(*self.server.refusal)
        elif loan not in shown:
            self._problem(HTTPStatus.NOT_FOUND, "not-found")
        else:
            page = {"loan": loan} if self.server.garbled else shown[loan]
            self._answer(HTTPStatus.OK, "application/json", json.dumps(page).encode())

    def _file(self, path: str) -> None:
        name = path.removeprefix("/app/") or "index.html"
        file = (DIST / name).resolve()
        if not path.startswith("/app/") or not file.is_relative_to(DIST) or not file.is_file():
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"")
        else:
            self._answer(HTTPStatus.OK, KINDS[file.suffix], file.read_bytes())


@contextmanager
def serving() -> Iterator[Site]:
    """Serves on a free port of this machine until left."""
    with Site(("127.0.0.1", 0), _Handler) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()
