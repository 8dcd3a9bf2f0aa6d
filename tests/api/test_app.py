"""The application around the nouns: schema, health, headers, the phone app."""

from pathlib import Path

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from api.kit.app import create_app
from api.kit.database import sync_engine
from api.kit.migrate import migrate
from api.kit.settings import Settings
from api.migrations.models import OUTBOX_METADATA, OWN_METADATA
from api.vault.errors import VaultKeyMismatch

pytestmark = pytest.mark.anyio


def test_migrations_make_the_tables_that_the_code_expects(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'api.db'}"
    for _ in range(2):
        migrate(url, tmp_path)
    with sync_engine(url).connect() as connection:
        outbox = {*OUTBOX_METADATA.tables, "alembic_version"}
        assert outbox <= set(inspect(connection).get_table_names())
        differences = compare_metadata(MigrationContext.configure(connection), OWN_METADATA)
        assert [d for d in differences if not (d[0] in ("remove_table", "remove_index") and _is_outbox(d[1]))] == []


def _is_outbox(thing: object) -> bool:
    table = getattr(thing, "table", thing)
    return getattr(table, "name", "") in OUTBOX_METADATA.tables


def test_sqlite_keeps_what_is_committed(tmp_path: Path) -> None:
    with sync_engine(f"sqlite:///{tmp_path / 'api.db'}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.scalar(select(1)) == 1


async def test_liveness_needs_no_ledger_readiness_does(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).json() == {"status": "live"}
    ready = await http.get("/health/ready")
    assert ready.status_code == 503
    assert ready.json() == {"ready": False, "ledger": False, "publisher": False, "lag_blocks": None}


async def test_the_phone_app_is_served_under_a_strict_policy(settings: Settings, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "index.html").write_text("<!doctype html><title>Tallystick</title>")
    app = create_app(settings.model_copy(update={"web_dist": dist}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        page = await http.get("/app/")
        assert page.status_code == 200 and "Tallystick" in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "cache-control" not in page.headers
        assert (await http.get("/health/live")).headers["cache-control"] == "no-store"


async def test_the_operations_are_described_on_a_plain_page(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.headers["content-type"].startswith("text/html") and "<script" not in page.text
    assert "POST /v1/loans/{loan}/payments" in page.text and "insufficient-cash" in page.text


async def test_a_database_sealed_under_another_key_stops_the_start(settings: Settings) -> None:
    first = create_app(settings)
    async with first.router.lifespan_context(first):
        facade = first.state.facade
        await facade.database.write(facade.vault.put, "0x" + "Aa" * 20, "name", "x")
    settings.vault_key.unlink()
    second = create_app(settings)
    with pytest.raises(VaultKeyMismatch):
        async with second.router.lifespan_context(second):
            pass
