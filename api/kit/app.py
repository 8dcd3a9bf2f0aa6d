"""The application: nouns mounted, refusals in one form, limits before everything, the phone app beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.staticfiles import StaticFiles

from api.applications import endpoints as applications
from api.kit import handlers
from api.kit.access_log import AccessLog
from api.kit.body import BodyLimits
from api.kit.facade import Facade, make_facade
from api.kit.migrate import migrate
from api.kit.reference_page import STYLE, STYLE_PATH, reference_page
from api.kit.security import SecurityHeaders
from api.kit.settings import Settings
from api.ledger import endpoints as ledger
from api.ledger.schemas import ProblemDocument
from api.loans import endpoints as loans
from api.offers import endpoints as offers
from api.payments import endpoints as payments
from api.sessions import endpoints as sessions
from api.subjects import endpoints as subjects

NOUNS = (ledger, subjects, sessions, applications, offers, loans, payments)
DESCRIPTION = (
    "Every state-changing act of a person is an EIP-712 message signed on the phone and relayed. "
    "Amounts are integers of minor units, rates parts per million a year, days days since 1970-01-01. "
    "Every POST except those of sessions needs an Idempotency-Key. Refusals are RFC 9457 problems."
)


def create_app(settings: Settings) -> FastAPI:
    """The facade of one installation; migrates its database before it answers the first request."""
    facade = make_facade(settings)
    app = FastAPI(
        title="Tallystick",
        version=version("tallystick"),
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.facade = facade
    handlers.install(app)
    for noun in NOUNS:
        app.include_router(noun.router)
    _serve_reference(app)
    _serve_phone_app(app, settings.web_dist)
    for middleware in (BodyLimits, SecurityHeaders, AccessLog):
        app.add_middleware(middleware)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    facade: Facade = app.state.facade
    migrate(facade.settings.database, facade.settings.data)
    await facade.database.read(facade.vault.check)
    yield
    await facade.database.close()


def _serve_reference(app: FastAPI) -> None:
    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    async def reference() -> str:
        return reference_page(app.openapi())

    @app.get(STYLE_PATH, include_in_schema=False, response_class=PlainTextResponse)
    async def style() -> PlainTextResponse:
        return PlainTextResponse(STYLE, media_type="text/css")


def _serve_phone_app(app: FastAPI, dist: Path) -> None:
    if dist.is_dir():
        app.mount("/app", StaticFiles(directory=dist, html=True), name="app")


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        schema["components"]["schemas"]["ProblemDocument"] = ProblemDocument.model_json_schema()
        app.openapi_schema = schema
    return app.openapi_schema
