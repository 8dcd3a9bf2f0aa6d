"""Registrations, with the ledger stopped: checked here, kept in the outbox, relayed later."""

import time

import httpx
import pytest
from eth_account import Account
from sqlalchemy import select, update

from api.kit.facade import Facade
from contracts.clients import ContractError
from contracts.sender.tables import sender_transactions
from tests.api.conftest import Person, registration_of, slug, stranger

pytestmark = pytest.mark.anyio


def in_an_hour() -> int:
    return int(time.time()) + 3600


async def test_a_registration_waits_in_the_outbox(http: httpx.AsyncClient, facade: Facade, seen_ledger: None) -> None:
    somebody = stranger(http)
    answer = await somebody.post("/v1/subjects", registration_of(somebody, facade, in_an_hour()))
    assert answer.status_code == 202
    assert answer.json() == {"subject": somebody.subject, "status": "pending", "error": None}
    acts = await facade.database.read(lambda c: c.execute(select(sender_transactions)).all())
    assert [(act.status, act.to) for act in acts] == [("queued", facade.book.contracts["IdentityRegistry"])]
    assert acts[0].key_address == facade.relays.registrar
    assert (await http.get(f"/v1/subjects/{somebody.subject.lower()}")).json()["status"] == "pending"


async def test_before_the_ledger_was_ever_seen_nothing_is_accepted(http: httpx.AsyncClient, facade: Facade) -> None:
    somebody = stranger(http)
    answer = await somebody.post("/v1/subjects", registration_of(somebody, facade, in_an_hour()))
    assert (answer.status_code, slug(answer)) == (503, "ledger-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert slug(await http.get(f"/v1/subjects/{somebody.subject}")) == "not-found"


async def test_a_registration_signed_by_another_key_is_refused(
    http: httpx.AsyncClient, facade: Facade, seen_ledger: None
) -> None:
    somebody = stranger(http)
    other = Person(http, Account.create(), somebody.subject)
    body = {**registration_of(other, facade, in_an_hour()), "signer": somebody.signer}
    assert slug(await somebody.post("/v1/subjects", body)) == "signature-invalid"


async def test_a_passed_or_distant_deadline_is_refused(
    http: httpx.AsyncClient, facade: Facade, seen_ledger: None
) -> None:
    somebody = stranger(http)
    for deadline, kind in ((int(time.time()) - 1, "deadline-passed"), (in_an_hour() * 2, "deadline-too-far")):
        assert slug(await somebody.post("/v1/subjects", registration_of(somebody, facade, deadline))) == kind


async def test_a_subject_registers_once(http: httpx.AsyncClient, facade: Facade, person: Person) -> None:
    assert slug(await person.post("/v1/subjects", registration_of(person, facade, in_an_hour()))) == "subject-exists"
    somebody = stranger(http)
    for expected in (202, 409):
        body = registration_of(somebody, facade, in_an_hour())
        assert (await somebody.post("/v1/subjects", body)).status_code == expected


async def test_a_failed_registration_tells_why_and_may_be_repeated(
    http: httpx.AsyncClient, facade: Facade, seen_ledger: None
) -> None:
    somebody = stranger(http)
    await somebody.post("/v1/subjects", registration_of(somebody, facade, in_an_hour()))
    error = ContractError("DeadlinePassed", {"deadline": 5, "now_at": 6}).to_json()
    failed = update(sender_transactions).values(status="failed", error=error)
    await facade.database.write(lambda c: c.execute(failed))
    shown = (await http.get(f"/v1/subjects/{somebody.subject}")).json()
    assert (shown["status"], shown["error"]["type"]) == ("failed", "/problems/deadline-passed")
    again = await somebody.post("/v1/subjects", registration_of(somebody, facade, in_an_hour()))
    assert again.status_code == 202


@pytest.mark.parametrize("subject", ["0x12", "alice", "0x" + "zz" * 20])
async def test_what_is_no_address_is_not_found(http: httpx.AsyncClient, subject: str) -> None:
    assert slug(await http.get(f"/v1/subjects/{subject}")) == "not-found"


async def test_cash_is_shown_to_its_owner_only(person: Person, http: httpx.AsyncClient) -> None:
    assert slug(await person.get(f"/v1/subjects/{stranger(http).subject}/cash")) == "not-found"
    assert slug(await http.get(f"/v1/subjects/{person.subject}/cash")) == "unauthenticated"
    assert slug(await person.get(f"/v1/subjects/{person.subject}/cash")) == "ledger-unavailable"
