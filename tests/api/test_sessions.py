"""Login: who signs the challenge gets a token once, and only the token's hash stays."""

import time

import httpx
import pytest
from eth_account import Account
from sqlalchemy import select, update

from api.kit.facade import Facade
from api.sessions.tables import login_challenges, sessions
from contracts.typed_data import Login, typed_data
from tests.api.conftest import Json, Person, known, slug, stranger

pytestmark = pytest.mark.anyio


async def challenge_of(person: Person) -> dict[str, object]:
    answer = await person.http.post("/v1/sessions/challenges", json={"subject": person.subject})
    assert answer.status_code == 201
    challenge: dict[str, object] = answer.json()
    return challenge


async def test_a_signed_challenge_opens_a_session_once(person: Person) -> None:
    body = await person.login()
    assert (await person.get("/v1/loans")).status_code == 200
    again = await person.http.post("/v1/sessions", json=body)
    assert (again.status_code, slug(again)) == (422, "challenge-unknown")


async def test_the_token_is_kept_as_a_hash_only(person: Person, facade: Facade) -> None:
    hashes = await facade.database.read(lambda c: c.scalars(select(sessions.c.token_hash)).all())
    assert len(hashes) == 1 and person.token not in hashes


async def test_an_ended_session_is_over(person: Person) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    assert (await person.http.delete("/v1/sessions/current", headers=headers)).status_code == 204
    answer = await person.get("/v1/loans")
    assert (answer.status_code, slug(answer)) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_expired_session_is_over(person: Person, facade: Facade) -> None:
    await facade.database.write(lambda c: c.execute(update(sessions).values(expires_at=int(time.time()))))
    assert slug(await person.get("/v1/loans")) == "unauthenticated"


async def test_without_a_valid_token_nothing_is_shown(http: httpx.AsyncClient) -> None:
    assert slug(await http.get("/v1/applications")) == "unauthenticated"
    for header in ("Bearer", "Bearer ", "Basic abc", "Bearer " + "0" * 64):
        assert slug(await http.get("/v1/applications", headers={"Authorization": header})) == "unauthenticated"


async def test_a_stranger_gets_no_challenge(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/sessions/challenges", json={"subject": stranger(http).subject})
    assert (answer.status_code, slug(answer)) == (409, "subject-not-registered")


async def test_another_persons_signer_does_not_open_a_session(person: Person) -> None:
    challenge = await challenge_of(person)
    thief = Person(person.http, Account.create(), person.subject)
    body = {name: challenge[name] for name in ("challenge", "deadline")}
    answer = await person.http.post(
        "/v1/sessions",
        json={"subject": person.subject, **body, **thief.proof(challenge["typed_data"])},  # type: ignore[arg-type]
    )
    assert slug(answer) == "signer-unknown"


async def test_a_signature_over_another_challenge_is_refused(person: Person) -> None:
    first, second = await challenge_of(person), await challenge_of(person)
    body = {"challenge": first["challenge"], "deadline": second["deadline"]}
    answer = await person.http.post(
        "/v1/sessions",
        json={"subject": person.subject, **body, **person.proof(second["typed_data"])},  # type: ignore[arg-type]
    )
    assert slug(answer) == "signature-invalid"


async def test_nobody_can_keep_a_subject_out_by_asking_for_challenges_in_its_name(
    person: Person, facade: Facade
) -> None:
    first = await challenge_of(person)
    for _ in range(50):
        await challenge_of(person)
    assert await facade.database.read(lambda c: len(c.execute(select(login_challenges)).all())) == 1  # of its login
    assert (await person.http.post("/v1/sessions", json=signed_by(person, first))).status_code == 201


@pytest.mark.parametrize("change", ["challenge", "deadline", "subject"])
async def test_a_challenge_that_was_not_given_here_opens_nothing(person: Person, facade: Facade, change: str) -> None:
    other = await known(person.http, facade)
    given = await challenge_of(other if change == "subject" else person)
    nonce_and_tag, deadline = bytearray.fromhex(str(given["challenge"])[2:]), int(str(given["deadline"]))
    nonce_and_tag[0] ^= change == "challenge"
    login = Login(person.subject, bytes(nonce_and_tag), deadline + (change == "deadline"))
    typed = typed_data(login, facade.domains.identity)
    forged = {"challenge": "0x" + login.challenge.hex(), "deadline": login.deadline, "typed_data": typed}
    answer = await person.http.post("/v1/sessions", json=signed_by(person, forged))
    assert (answer.status_code, slug(answer)) == (422, "challenge-unknown")


def signed_by(person: Person, challenge: dict[str, object]) -> Json:
    """The body that opens a session with a challenge."""
    told = {name: challenge[name] for name in ("challenge", "deadline")}
    return {"subject": person.subject, **told, **person.proof(challenge["typed_data"])}  # type: ignore[arg-type]
