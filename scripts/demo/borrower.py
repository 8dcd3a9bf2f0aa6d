"""A borrower with a wallet key: everything a phone does, over the public HTTP API and nothing else.

Before signing, the borrower recomputes what the signature commits to: the feature commitment of the application, and
the whole schedule of the agreement with both yearly prices. A facade that showed one thing and asked to sign another
is caught here.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.schedule import (
    ScheduleTerms,
    agreed_rows,
    all_in_rate_ppm,
    level_instalment,
    schedule_apr_ppm,
    schedule_root,
)
from contracts.typed_data import Agreement, Domain, Registration, typed_data

Json = dict[str, Any]

POLL_SECONDS = 0.05
POLL_MOST_SECONDS = 0.4
PATIENCE_SECONDS = 60.0
SIGNATURE_SECONDS = 3600
UNAVAILABLE = 503


class Refused(Exception):
    """The API answered with a problem. Carries status, stable type, title and the whole body."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.problem: Json = _json_or_text(response)
        self.kind = str(self.problem.get("type", "")).rsplit("/", 1)[-1]
        super().__init__(f"{response.request.method} {response.request.url.path}: {self.status} {self.problem}")


class NotAsShown(Exception):
    """The data offered for signature does not commit to what was shown. Carries the field, what was shown and found."""

    def __init__(self, name: str, shown: object, found: object) -> None:
        super().__init__(f"{name}: shown {shown}, but the signature would commit to {found}")
        self.name, self.shown, self.found = name, shown, found


class Impatient(Exception):
    """Something did not reach an end state within PATIENCE_SECONDS. Carries the last answer."""


def _json_or_text(response: httpx.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        return {"title": response.text}
    return body if isinstance(body, dict) else {"title": response.text}


@dataclass
class Borrower:
    """One person: a wallet key, a subject id (random, without a key of its own) and a session with the API."""

    http: httpx.AsyncClient
    account: LocalAccount = field(default_factory=Account.create, repr=False)
    subject: str = field(default_factory=lambda: to_checksum_address(secrets.token_bytes(20)))
    token: str = field(default="", repr=False)

    @property
    def signer(self) -> str:
        return self.account.address.lower()

    def sign(self, typed_data: Json) -> str:
        """EIP-712 signature of the typed data exactly as received, as any wallet makes it."""
        return "0x" + self.account.sign_typed_data(full_message=typed_data).signature.hex().removeprefix("0x")

    async def register(self) -> Json:
        """Register subject and signer with proof of possession, and wait until the ledger has them."""
        ledger = await self.get("/v1/ledger")
        body = registration(self, ledger, deadline=ledger["ledger_at"] + SIGNATURE_SECONDS)
        await self.post("/v1/subjects", body)
        return await self.until(f"/v1/subjects/{self.subject}", lambda s: s["status"] != "pending")

    async def login(self) -> None:
        challenge = await self.post("/v1/sessions/challenges", {"subject": self.subject})
        proof = {"signer": self.signer, "signature": self.sign(challenge["typed_data"])}
        body = {"subject": self.subject, "challenge": challenge["challenge"], "deadline": challenge["deadline"]}
        self.token = (await self.post("/v1/sessions", {**body, **proof}))["token"]

    async def apply(self, application: Json) -> Json:
        """Draft, check, sign and submit an application; returns the submitted application."""
        draft = await self.post("/v1/applications", application)
        check_commitment(draft, application["features"])
        proof = {"signer": self.signer, "signature": self.sign(draft["typed_data"])}
        await self.post(f"/v1/applications/{draft['id']}/submission", proof)
        return draft

    async def decision(self, application_id: str) -> Json:
        """Wait until the quorum has decided: declined with reasons, or offered."""
        undecided = {"submitted", "scoring"}
        return await self.until(f"/v1/applications/{application_id}", lambda a: a["status"] not in undecided)

    async def accept(self, offer: Json) -> Json:
        """Check that the agreement commits to the schedule shown, sign it, and wait for the payout."""
        check_offer(offer)
        proof = {"signer": self.signer, "signature": self.sign(offer["typed_data"])}
        accepted = await self.post(f"/v1/offers/{offer['id']}/acceptance", proof)
        return await self.until(f"/v1/loans/{accepted['loan']}", lambda loan: loan["status"] != "pending")

    async def payment(self, loan: str, amount_minor: int | None = None) -> Json:
        """A signed payment ready to be posted; without an amount, what the next instalment and charges come to."""
        query = {} if amount_minor is None else {"amount_minor": amount_minor}
        request = await self.get(f"/v1/loans/{loan}/payment-request", **query)
        message = request["typed_data"]["message"]
        terms = {
            "amount_minor": int(message["amountMinor"]),
            "nonce": request["nonce"],
            "deadline": request["deadline"],
        }
        return {**terms, "signer": self.signer, "signature": self.sign(request["typed_data"])}

    async def pay(self, loan: str, amount_minor: int | None = None) -> Json:
        """Sign and post a payment, and wait until the ledger has booked or refused it."""
        payment = await self.post(f"/v1/loans/{loan}/payments", await self.payment(loan, amount_minor))
        ended = {"confirmed", "failed"}
        return await self.until(f"/v1/payments/{payment['id']}", lambda p: p["status"] in ended)

    async def get(self, path: str, **query: object) -> Json:
        parameters = {k: str(v) for k, v in query.items()}
        return await persist(lambda: self.http.get(path, params=parameters, headers=self._headers()))

    async def post(self, path: str, body: Json, key: str | None = None) -> Json:
        """Post under one idempotency key, so that asking again after a lost answer acts once."""
        headers = {**self._headers(), "Idempotency-Key": key or secrets.token_hex(16)}
        return await persist(lambda: self.http.post(path, json=body, headers=headers))

    async def until(self, path: str, done: Callable[[Json], bool]) -> Json:
        """Poll `path` until `done`; raises Impatient with the last answer."""
        return await until(lambda: self.get(path), done)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


async def persist(send: Callable[[], Awaitable[httpx.Response]]) -> Json:
    """Send until there is an answer: a broken connection or a 503 is asked again for PATIENCE_SECONDS."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while True:
        try:
            return _accepted(await send())
        except (httpx.TransportError, Refused) as error:
            if not _is_temporary(error) or loop.time() > deadline:
                raise
        await asyncio.sleep(POLL_MOST_SECONDS)


async def until(ask: Callable[[], Awaitable[Json]], done: Callable[[Json], bool]) -> Json:
    """Ask again and again, ever more slowly, until the answer satisfies `done`."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + PATIENCE_SECONDS, POLL_SECONDS
    while True:
        last = await ask()
        if done(last):
            return last
        if loop.time() > deadline:
            raise Impatient(f"no end state within {PATIENCE_SECONDS:.0f} s; last answer {last}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.3, POLL_MOST_SECONDS)


def _is_temporary(error: Exception) -> bool:
    return isinstance(error, httpx.TransportError) or (isinstance(error, Refused) and error.status == UNAVAILABLE)


def registration(borrower: Borrower, ledger: Json, deadline: int) -> Json:
    """The body of POST /v1/subjects: the signer's own signature over (subject, signer, deadline)."""
    domain = Domain(ledger["chain_id"], ledger["contracts"]["IdentityRegistry"])
    signer = bytes.fromhex(borrower.signer.removeprefix("0x"))
    message = typed_data(Registration(borrower.subject, signer, deadline), domain)
    signature = borrower.sign(message)
    return {"subject": borrower.subject, "signer": borrower.signer, "deadline": deadline, "signature": signature}


def check_commitment(draft: Json, features: Json) -> None:
    """The application's signature must commit to exactly the features given. Raises NotAsShown."""
    canonical = json.dumps(features, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    expected = keccak(bytes.fromhex(draft["salt"].removeprefix("0x")) + canonical)
    found = draft["typed_data"]["message"]["featuresCommitment"]
    if bytes.fromhex(str(found).removeprefix("0x")) != expected:
        raise NotAsShown("featuresCommitment", expected.hex(), found)


def check_offer(offer: Json) -> None:
    """The rows and prices shown must be those of the agreement to be signed. Raises NotAsShown."""
    check_schedule(Agreement.from_message(offer["typed_data"]["message"]), offer)


def check_schedule(agreement: Agreement, offer: Json) -> None:
    """The rows and prices shown must be those of the terms, computed anew. Raises NotAsShown."""
    terms, rows = ScheduleTerms.of(agreement), agreed_rows(agreement)
    derived = [(row.nr, row.due_day, row.principal_minor, row.interest_minor) for row in rows]
    shown = [(row["nr"], row["due_day"], row["principal_minor"], row["interest_minor"]) for row in offer["rows"]]
    root = schedule_root(terms.method, rows)
    fee = agreement.upfront_fee_minor
    for name, said, found in (
        ("rows", shown, derived),
        ("scheduleRoot", root.hex(), agreement.schedule_root.hex()),
        ("instalmentMinor", level_instalment(terms), agreement.instalment_minor),
        ("apr_ppm", offer["apr_ppm"], schedule_apr_ppm(terms, rows, fee)),
        ("aprPpm", offer["apr_ppm"], agreement.apr_ppm),
        ("all_in_ppm", offer["all_in_ppm"], all_in_rate_ppm(terms, rows, fee)),
    ):
        if said != found:
            raise NotAsShown(name, said, found)


def _accepted(response: httpx.Response) -> Json:
    if response.is_error:
        raise Refused(response)
    body: Json = response.json()
    return body
