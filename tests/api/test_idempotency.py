"""The same key and body is one write with one answer; the same key and another body is refused."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, func, select, update

from api.applications.problems import ApplicationNotDraft
from api.applications.schemas import SubmissionOut
from api.applications.tables import applications
from api.kit.facade import Facade
from api.kit.idempotency import IdempotencyKey, forget_old_keys, idempotency_keys
from api.kit.limits import IDEMPOTENCY_RETENTION_SECONDS
from tests.api.conftest import Json, Person, known, slug

pytestmark = pytest.mark.anyio


async def count(facade: Facade) -> int:
    return await facade.database.read(lambda c: c.scalar(select(func.count()).select_from(applications)) or 0)


async def test_a_repeated_write_is_answered_as_the_first_time(
    person: Person, facade: Facade, application_body: Json
) -> None:
    first = await person.post("/v1/applications", application_body, key="k")
    again = await person.post("/v1/applications", application_body, key="k")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert await count(facade) == 1


async def test_writes_at_the_same_instant_happen_once(person: Person, facade: Facade, application_body: Json) -> None:
    answers = await asyncio.gather(*(person.post("/v1/applications", application_body, key="k") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert await count(facade) == 1


async def test_a_repetition_is_answered_even_when_it_would_now_be_refused(
    person: Person, application_body: Json
) -> None:
    draft = (await person.post("/v1/applications", application_body)).json()
    path, proof = f"/v1/applications/{draft['id']}/submission", person.proof(draft["typed_data"])
    first = await person.post(path, proof, key="k")
    assert first.status_code == 202
    assert (await person.post(path, proof, key="k")).content == first.content
    other = await person.post(path, proof, key="another")
    assert (other.status_code, slug(other)) == (409, "application-not-draft")


async def test_a_repetition_that_overtakes_the_first_request_between_look_and_check_is_answered_alike(
    person: Person, facade: Facade
) -> None:
    """As two equal submissions meet: both look before either has stored, the later one's check refuses."""
    key = IdempotencyKey("POST /v1/things", "k", b"{}")

    async def nothing() -> None:
        """Finds nothing wrong."""

    async def refused_after_the_other() -> None:
        await facade.once(key, person.subject).run(SubmissionOut, nothing, stored)
        raise ApplicationNotDraft("app_1", "submitted")

    def stored(_connection: Connection, _checked: None) -> SubmissionOut:
        return SubmissionOut(id="app_1", status="submitted")

    answer = await facade.once(key, person.subject).run(SubmissionOut, refused_after_the_other, stored)
    assert answer == SubmissionOut(id="app_1", status="submitted")


async def test_the_same_key_with_another_body_is_refused(
    person: Person, facade: Facade, application_body: Json
) -> None:
    await person.post("/v1/applications", application_body, key="k")
    answer = await person.post("/v1/applications", {**application_body, "periods": 6}, key="k")
    assert (answer.status_code, slug(answer)) == (422, "idempotency-key-reused")
    assert await count(facade) == 1


async def test_another_subjects_equal_key_is_another_key(
    person: Person, facade: Facade, application_body: Json
) -> None:
    other = await known(person.http, facade)
    for somebody in (person, other):
        assert (await somebody.post("/v1/applications", application_body, key="k")).status_code == 201
    assert await count(facade) == 2


async def test_a_refused_write_leaves_the_key_free(person: Person, application_body: Json) -> None:
    refused = await person.post("/v1/applications", {**application_body, "amount_minor": 1}, key="k")
    assert slug(refused) == "amount-outside-product"
    assert (await person.post("/v1/applications", application_body, key="k")).status_code == 201


async def test_keys_are_forgotten_after_their_retention(
    person: Person, facade: Facade, app: FastAPI, application_body: Json
) -> None:
    await person.post("/v1/applications", application_body, key="k")
    await facade.database.write(forget_old_keys, IDEMPOTENCY_RETENTION_SECONDS)
    old = update(idempotency_keys).values(created_at=0)
    await facade.database.write(lambda c: c.execute(old))
    await facade.database.write(forget_old_keys, IDEMPOTENCY_RETENTION_SECONDS + 1)
    await person.post("/v1/applications", application_body, key="k")
    assert await count(facade) == 2
