"""The real application on a real database; for plumbing tests the ledger is really absent."""

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from fastapi import FastAPI

from api.indexer import repository as index
from api.kit.app import create_app
from api.kit.facade import Facade
from api.kit.settings import Settings
from api.kit.types import hex_of
from contracts.clients import CONTRACT_NAMES
from contracts.keys import DEVNET_CHAIN_ID
from contracts.typed_data import Registration, sign
from scripts.demo.story import applicants, application

NOBODY_LISTENS = "http://127.0.0.1:9"

Json = dict[str, Any]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    contracts = {name: to_checksum_address(bytes([n + 1] * 20)) for n, name in enumerate(CONTRACT_NAMES)}
    addresses = tmp_path / "addresses.json"
    addresses.write_text(json.dumps({"chain_id": DEVNET_CHAIN_ID, "block": 1, "contracts": contracts}))
    return Settings(data=tmp_path / "api", addresses=addresses, rpc=NOBODY_LISTENS, publisher=NOBODY_LISTENS)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def facade(app: FastAPI) -> Facade:
    found: Facade = app.state.facade
    return found


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def seen_ledger(facade: Facade) -> None:
    """The read model stands at block 7; since then the ledger is stopped."""
    now = int(time.time())
    await facade.database.write(
        lambda connection: index.set_cursor(
            connection, block_number=7, block_hash="0x" + "07" * 32, ledger_at=now, seen_at=now
        )
    )


@dataclass
class Person:
    """A subject that the read model knows, with its wallet key and an open session."""

    http: httpx.AsyncClient
    account: LocalAccount
    subject: str
    token: str = ""

    @property
    def signer(self) -> str:
        return str(self.account.address).lower()

    def sign(self, typed_data: Json) -> str:
        return "0x" + self.account.sign_typed_data(full_message=typed_data).signature.hex().removeprefix("0x")

    def proof(self, typed_data: Json) -> Json:
        return {"signer": self.signer, "signature": self.sign(typed_data)}

    async def login(self) -> Json:
        challenge = (await self.http.post("/v1/sessions/challenges", json={"subject": self.subject})).json()
        signed = {name: challenge[name] for name in ("challenge", "deadline")}
        body = {"subject": self.subject, **signed, **self.proof(challenge["typed_data"])}
        answer = await self.http.post("/v1/sessions", json=body)
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]
        return body

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {self.token}"})

    async def post(self, path: str, body: Json, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or secrets.token_hex(8)}
        return await self.http.post(path, json=body, headers=headers)


def stranger(http: httpx.AsyncClient) -> Person:
    """Somebody the ledger does not know."""
    return Person(http, Account.create(), to_checksum_address(secrets.token_bytes(20)))


async def known(http: httpx.AsyncClient, facade: Facade) -> Person:
    """Somebody whose registration was indexed before the ledger stopped."""
    person = stranger(http)
    await facade.database.write(index.add_signer, person.subject, person.signer, 7)
    await person.login()
    return person


@pytest.fixture
async def person(http: httpx.AsyncClient, facade: Facade, seen_ledger: None) -> Person:
    return await known(http, facade)


def registration_of(person: Person, facade: Facade, deadline: int) -> Json:
    signer = bytes.fromhex(person.signer[2:])
    message = Registration(person.subject, signer, deadline)
    return {
        "subject": person.subject,
        "signer": person.signer,
        "deadline": deadline,
        "signature": hex_of(sign(person.account, message, facade.domains.identity)),
    }


@pytest.fixture
def application_body() -> Json:
    return application(applicants()[0])


def slug(answer: httpx.Response) -> str:
    """The kind of refusal; checks that it is a whole problem document."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code and problem["title"]
    return str(problem["type"]).removeprefix("/problems/")
