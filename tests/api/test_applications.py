"""Applications, with the ledger stopped: what can be checked without it is accepted and kept."""

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from api.applications import repository
from api.kit.facade import Facade
from api.kit.limits import MAX_DRAFTS_PER_SUBJECT
from oracle.canonical import canonical_json
from tests.api.conftest import Json, Person, known, slug

pytestmark = pytest.mark.anyio


async def drafted(person: Person, body: Json) -> Json:
    answer = await person.post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    draft: Json = answer.json()
    return draft


async def test_a_draft_commits_to_exactly_the_features_told(person: Person, application_body: Json) -> None:
    draft = await drafted(person, application_body)
    message = draft["typed_data"]["message"]
    opened = keccak(bytes.fromhex(draft["salt"][2:]) + canonical_json(application_body["features"]))
    assert message["featuresCommitment"] == "0x" + opened.hex()
    assert (message["amountMinor"], message["periods"], message["subject"]) == (
        application_body["amount_minor"],
        application_body["periods"],
        person.subject,
    )


async def test_a_signed_draft_is_submitted_though_the_ledger_is_stopped(
    person: Person, application_body: Json, facade: Facade
) -> None:
    draft = await drafted(person, application_body)
    answer = await person.post(f"/v1/applications/{draft['id']}/submission", person.proof(draft["typed_data"]))
    assert (answer.status_code, answer.json()) == (202, {"id": draft["id"], "status": "submitted"})
    shown = (await person.get(f"/v1/applications/{draft['id']}")).json()
    assert (shown["status"], shown["decision"], shown["offer_id"]) == ("submitted", None, None)
    rows = await facade.database.read(repository.in_status, "submitted", 10)
    assert [row.id for row in rows] == [draft["id"]]


async def test_a_submission_signed_by_somebody_else_is_refused(person: Person, application_body: Json) -> None:
    draft = await drafted(person, application_body)
    thief = Person(person.http, Account.create(), person.subject, person.token)
    path = f"/v1/applications/{draft['id']}/submission"
    assert slug(await person.post(path, thief.proof(draft["typed_data"]))) == "signer-unknown"
    lie = {**thief.proof(draft["typed_data"]), "signer": person.signer}
    assert slug(await person.post(path, lie)) == "signature-invalid"
    passkey = {**person.proof(draft["typed_data"]), "signer": "0x" + "51" * 33}
    assert slug(await person.post(path, passkey)) == "signer-unsupported"


async def test_another_persons_application_is_not_there(person: Person, facade: Facade, application_body: Json) -> None:
    draft = await drafted(person, application_body)
    other = await known(person.http, facade)
    assert slug(await other.get(f"/v1/applications/{draft['id']}")) == "not-found"
    path = f"/v1/applications/{draft['id']}/submission"
    assert slug(await other.post(path, other.proof(draft["typed_data"]))) == "not-found"
    assert (await other.get("/v1/applications")).json() == {"items": [], "next": None}


async def test_applications_are_listed_newest_first_in_parts(person: Person, application_body: Json) -> None:
    ids = [(await drafted(person, application_body))["id"] for _ in range(3)]
    first = (await person.get("/v1/applications?limit=2")).json()
    rest = (await person.get(f"/v1/applications?limit=2&after={first['next']}")).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


async def test_unsigned_drafts_are_limited(person: Person, application_body: Json) -> None:
    for _ in range(MAX_DRAFTS_PER_SUBJECT):
        await drafted(person, application_body)
    answer = await person.post("/v1/applications", application_body)
    assert (answer.status_code, slug(answer)) == (429, "too-many-drafts")


async def test_what_the_product_does_not_have_is_refused_with_its_limits(
    person: Person, application_body: Json
) -> None:
    for change, kind, name, limit in (
        ({"amount_minor": 19_999}, "amount-outside-product", "least_minor", 20_000),
        ({"amount_minor": 2_000_001}, "amount-outside-product", "most_minor", 2_000_000),
        ({"periods": 2}, "periods-outside-product", "least", 3),
        ({"periods": 73}, "periods-outside-product", "most", 72),
    ):
        answer = await person.post("/v1/applications", {**application_body, **change})
        assert slug(answer) == kind and answer.json()[name] == limit


async def test_a_feature_that_cannot_be_scored_is_named(person: Person, application_body: Json) -> None:
    for name, value, reason in (
        ("housing", "castle", "code-not-allowed"),
        ("housing", 1, "feature-of-wrong-type"),
        ("instalment_share", 99, "feature-out-of-range"),
        ("sex", "female", "unknown-feature"),
        ("favourite_colour", "red", "unknown-feature"),
    ):
        body = {**application_body, "features": {**application_body["features"], name: value}}
        answer = await person.post("/v1/applications", body)
        assert slug(answer) == "feature-refused"
        assert (answer.json()["reason"], answer.json()["allowed"]["field"]) == (reason, name)


async def test_a_missing_feature_is_named(person: Person, application_body: Json) -> None:
    features = dict(application_body["features"])
    del features["housing"]
    answer = await person.post("/v1/applications", {**application_body, "features": features})
    assert (answer.json()["reason"], answer.json()["allowed"]["field"]) == ("feature-missing", "housing")


async def test_amounts_are_whole_positive_numbers(person: Person, application_body: Json) -> None:
    for value in (True, None, 1.5, "1", -1, 0, 2**48):
        answer = await person.post("/v1/applications", {**application_body, "amount_minor": value})
        assert slug(answer) == "invalid-request"
        assert answer.json()["errors"][0]["at"] == "body.amount_minor"
