"""Bodies are refused beyond their limits, and only there."""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.body import json_depth
from api.kit.limits import (
    MAX_BODY_BYTES,
    MAX_DEADLINE_SECONDS,
    MAX_IDEMPOTENCY_KEY_LENGTH,
    MAX_JSON_DEPTH,
    MAX_PAGE_SIZE,
    MAX_PERSONAL_FIELDS,
    MAX_TEXT_LENGTH,
    MIN_DEADLINE_SECONDS,
)
from api.kit.problems import DeadlinePassed, DeadlineTooFar
from api.kit.signatures import check_deadline
from tests.api.conftest import Json, Person, slug

pytestmark = pytest.mark.anyio

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}"\\a'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\'), inner, max_size=3),
    max_leaves=20,
)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    return 1 + max(map(depth_of, value), default=0) if isinstance(value, list) else 0


@given(value=json_values)
def test_depth_counts_brackets_outside_of_strings(value: object) -> None:
    assert json_depth(json.dumps(value).encode()) == depth_of(value)


@pytest.mark.parametrize(("extra", "refused"), [(0, False), (1, True)])
async def test_bodies_nest_so_deep_and_no_deeper(http: httpx.AsyncClient, extra: int, refused: bool) -> None:
    depth = MAX_JSON_DEPTH + extra
    answer = await http.post("/v1/subjects", content=b"[" * depth + b"]" * depth)
    assert (slug(answer) == "json-too-deep") is refused


@pytest.mark.parametrize(("extra", "refused"), [(0, False), (1, True)])
async def test_bodies_are_so_long_and_no_longer(http: httpx.AsyncClient, extra: int, refused: bool) -> None:
    answer = await http.post("/v1/subjects", content=b" " * (MAX_BODY_BYTES + extra))
    assert (slug(answer) == "body-too-large") is refused


async def test_texts_are_so_long_and_no_longer(person: Person, application_body: Json) -> None:
    for length, status in ((MAX_TEXT_LENGTH, 201), (MAX_TEXT_LENGTH + 1, 422)):
        answer = await person.post("/v1/applications", {**application_body, "purpose": "x" * length})
        assert answer.status_code == status


async def test_personal_fields_are_so_many_and_no_more(person: Person, application_body: Json) -> None:
    for count, status in ((MAX_PERSONAL_FIELDS, 201), (MAX_PERSONAL_FIELDS + 1, 422)):
        personal = {f"field{n}": "x" for n in range(count)}
        answer = await person.post("/v1/applications", {**application_body, "personal": personal})
        assert answer.status_code == status


async def test_a_write_needs_a_usable_key(person: Person, application_body: Json) -> None:
    longest = "k" * MAX_IDEMPOTENCY_KEY_LENGTH
    assert (await person.post("/v1/applications", application_body, key=longest)).status_code == 201
    for key in ("", longest + "k", "tab\tbed"):
        headers = {"Authorization": f"Bearer {person.token}", "Idempotency-Key": key}
        answer = await person.http.post("/v1/applications", json=application_body, headers=headers)
        assert (answer.status_code, slug(answer)) == (400, "idempotency-key-missing")


async def test_pages_are_so_long_and_no_longer(person: Person) -> None:
    for limit, status in ((1, 200), (MAX_PAGE_SIZE, 200), (MAX_PAGE_SIZE + 1, 422), (0, 422)):
        assert (await person.get(f"/v1/applications?limit={limit}")).status_code == status


def test_deadlines_leave_time_to_relay_and_end() -> None:
    check_deadline(1000 + MIN_DEADLINE_SECONDS, 1000)
    check_deadline(1000 + MAX_DEADLINE_SECONDS, 1000)
    with pytest.raises(DeadlinePassed):
        check_deadline(999 + MIN_DEADLINE_SECONDS, 1000)
    with pytest.raises(DeadlineTooFar):
        check_deadline(1001 + MAX_DEADLINE_SECONDS, 1000)


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"deadline": ' + b"9" * 5000 + b"}"])
async def test_a_body_that_is_not_json_is_called_malformed(http: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = await http.post("/v1/subjects", content=body, headers=headers)
    assert (answer.status_code, slug(answer)) == (422, "invalid-request")
    assert answer.json()["errors"]
