"""Nothing personal is found in the database files or the logs."""

import json

import pytest
import structlog

from api.applications.service import features_field, personal_field
from api.kit.facade import Facade
from api.kit.logs import WITHHELD, configure_logs, log
from tests.api.conftest import Json, Person

pytestmark = pytest.mark.anyio

SENTINELS = ("Sentinella Quux", "+4930111222333", "sentinel-purpose")


async def test_the_database_files_hold_nothing_that_was_told(
    person: Person, facade: Facade, application_body: Json
) -> None:
    name, phone, purpose = SENTINELS
    body = {**application_body, "purpose": purpose, "personal": {"name": name, "phone": phone}}
    draft = (await person.post("/v1/applications", body)).json()
    files = [file.read_bytes() for file in facade.settings.data.glob("api.db*")]
    told = (*SENTINELS, draft["salt"][2:], application_body["features"]["checking_account"], person.token)
    for secret in told:
        assert not any(secret.encode() in content for content in files), secret
    assert any(draft["id"].encode() in content for content in files)


async def test_the_vault_opens_what_was_told(person: Person, facade: Facade, application_body: Json) -> None:
    draft = (await person.post("/v1/applications", application_body)).json()
    opened = await facade.database.read(facade.vault.get, person.subject, features_field(draft["id"]))
    assert opened == {"features": application_body["features"], "salt": draft["salt"]}
    who = await facade.database.read(facade.vault.get, person.subject, personal_field(draft["id"]))
    assert who == {"personal": application_body["personal"], "purpose": application_body["purpose"]}


async def test_a_malformed_request_is_answered_without_its_values(person: Person, application_body: Json) -> None:
    body = {**application_body, "personal": {"name": ["Sentinella Quux"]}}
    answer = await person.post("/v1/applications", body)
    assert answer.status_code == 422 and "Sentinella" not in answer.text


def test_logs_withhold_what_could_be_secret(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        log("test").info("event", path="/v1/loans", **dict.fromkeys(WITHHELD, "Sentinella"))
        log("test").warning("event", token="Sentinella")
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2 and lines[0]["path"] == "/v1/loans"
    assert "Sentinella" not in str(lines)
