"""Bad input and failing parts, against real processes: each gets a clear typed answer and loses nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.demo.bank import Bank
from scripts.demo.borrower import Borrower, Json, Refused, registration
from scripts.demo.story import application
from tests.e2e.life import borrow
from tests.system import RunningSystem, tally

pytestmark = pytest.mark.processes

OFFER_DAYS = 30


def run(system: RunningSystem, act: Callable[[Borrower], Awaitable[Any]]) -> Any:
    """Run `act` with a new borrower over HTTP."""

    async def inside() -> Any:
        async with httpx.AsyncClient(base_url=system.plan.api_url, timeout=30) as http:
            return await act(Borrower(http))

    return asyncio.run(inside())


async def refusal(attempt: Awaitable[Json]) -> Refused:
    with pytest.raises(Refused) as caught:
        await attempt
    return caught.value


async def decided(borrower: Borrower, person: Json) -> Json:
    await borrower.register()
    await borrower.login()
    return await borrower.decision((await borrower.apply(application(person)))["id"])


def test_a_registration_signed_by_another_key_is_refused(system: RunningSystem) -> None:
    async def act(borrower: Borrower) -> None:
        ledger = await borrower.get("/v1/ledger")
        stranger = Borrower(borrower.http, subject=borrower.subject)
        body = registration(stranger, ledger, ledger["ledger_at"] + 3600)
        refused = await refusal(borrower.post("/v1/subjects", {**body, "signer": borrower.signer}))
        assert (refused.status, refused.kind) == (422, "signature-invalid")

    run(system, act)


@pytest.mark.parametrize(
    ("change", "at"),
    [({"amount_minor": -1}, "amount_minor"), ({"amount_minor": 1.5}, "amount_minor"), ({"periods": 0}, "periods")],
)
def test_a_malformed_application_names_the_field(
    system: RunningSystem, people: list[Json], change: Json, at: str
) -> None:
    async def act(borrower: Borrower) -> None:
        await borrower.register()
        await borrower.login()
        refused = await refusal(borrower.post("/v1/applications", {**application(people[0]), **change}))
        assert (refused.status, refused.kind) == (422, "invalid-request")
        assert at in json.dumps(refused.problem)

    run(system, act)


def test_an_unknown_feature_value_is_refused_by_name_with_what_is_allowed(
    system: RunningSystem, people: list[Json]
) -> None:
    async def act(borrower: Borrower) -> None:
        await borrower.register()
        await borrower.login()
        body = application(people[0])
        refused = await refusal(
            borrower.post("/v1/applications", {**body, "features": {**body["features"], "housing": "castle"}})
        )
        assert refused.status == 422
        assert refused.problem["reason"] == "code-not-allowed"
        assert refused.problem["allowed"]["field"] == "housing"
        assert "own" in refused.problem["allowed"]["allowed"]

    run(system, act)


def test_a_replayed_payment_signature_pays_once(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = (await borrow(borrower, people[0]))["loan"]
        signed = await borrower.payment(loan)
        first = await borrower.post(f"/v1/loans/{loan}/payments", signed, key="once")
        again = await borrower.post(f"/v1/loans/{loan}/payments", signed, key="once")
        assert again["id"] == first["id"]
        refused = await refusal(borrower.post(f"/v1/loans/{loan}/payments", signed, key="twice"))
        assert (refused.status, refused.kind) == (409, "nonce-used")
        changed = {**signed, "amount_minor": signed["amount_minor"] - 1}
        refused = await refusal(borrower.post(f"/v1/loans/{loan}/payments", changed, key="once"))
        assert (refused.status, refused.kind) == (422, "idempotency-key-reused")
        await borrower.until(f"/v1/payments/{first['id']}", lambda p: p["status"] == "confirmed")
        state = await borrower.get(f"/v1/loans/{loan}")
        assert state["paid_minor"] == signed["amount_minor"]

    run(system, act)


def test_a_payment_signed_by_a_stranger_is_refused(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = (await borrow(borrower, people[0]))["loan"]
        request = await borrower.get(f"/v1/loans/{loan}/payment-request")
        stranger = Borrower(borrower.http)
        body = {
            "amount_minor": int(request["typed_data"]["message"]["amountMinor"]),
            "nonce": request["nonce"],
            "deadline": request["deadline"],
            "signer": stranger.signer,
            "signature": stranger.sign(request["typed_data"]),
        }
        refused = await refusal(borrower.post(f"/v1/loans/{loan}/payments", body))
        assert (refused.status, refused.kind) == (422, "signer-unknown")
        refused = await refusal(borrower.post(f"/v1/loans/{loan}/payments", {**body, "signer": borrower.signer}))
        assert (refused.status, refused.kind) == (422, "signature-invalid")

    run(system, act)


def test_insufficient_cash_is_refused_with_the_amounts(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = await borrow(borrower, people[0])
        total = sum(row["due_minor"] for row in loan["rows"])
        cash = (await borrower.get(f"/v1/subjects/{borrower.subject}/cash"))["balance_minor"]
        refused = await refusal(
            borrower.post(f"/v1/loans/{loan['loan']}/payments", await borrower.payment(loan["loan"], total))
        )
        assert refused.kind == "insufficient-cash"
        assert refused.problem["balance_minor"] == cash
        assert (await borrower.get(f"/v1/subjects/{borrower.subject}/cash"))["balance_minor"] == cash

    run(system, act)


def test_more_than_is_owed_is_never_taken(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = await borrow(borrower, people[0])
        total = sum(row["due_minor"] for row in loan["rows"])
        plan = system.plan
        bank = Bank(plan.rpc_url, plan.addresses, plan.data / "bank")
        await asyncio.to_thread(bank.credit, {borrower.subject: 2 * total}, f"test/{borrower.subject}")
        signed = await borrower.payment(loan["loan"], total)
        over = await refusal(borrower.get(f"/v1/loans/{loan['loan']}/payment-request", amount_minor=total + 1))
        assert over.kind == "overpayment"
        posted = await borrower.post(f"/v1/loans/{loan['loan']}/payments", signed)
        await borrower.until(f"/v1/payments/{posted['id']}", lambda p: p["status"] == "confirmed")
        closed = await borrower.until(f"/v1/loans/{loan['loan']}", lambda found: found["status"] == "closed")
        assert closed["outstanding_principal_minor"] == 0 and closed["paid_minor"] == total

    run(system, act)


def test_another_persons_loan_cannot_be_read(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = (await borrow(borrower, people[0]))["loan"]
        stranger = Borrower(borrower.http)
        await stranger.register()
        await stranger.login()
        assert (await refusal(stranger.get(f"/v1/loans/{loan}"))).status == 404

    run(system, act)


def test_one_signer_down_changes_nothing_two_down_wait_for_one_to_return(
    system: RunningSystem, people: list[Json]
) -> None:
    async def act(borrower: Borrower) -> None:
        hung = [system.pause("signer-1")]
        try:
            assert (await decided(borrower, people[0]))["status"] == "offered"
            hung.append(system.pause("signer-2"))
            other = Borrower(borrower.http)
            await other.register()
            await other.login()
            draft = await other.apply(application(people[0]))
            await asyncio.sleep(3)
            assert (await other.get(f"/v1/applications/{draft['id']}"))["status"] in {"submitted", "scoring"}
        finally:
            for pid in hung:
                system.resume(pid)
        assert (await other.decision(draft["id"]))["status"] == "offered"

    run(system, act)


def test_a_stopped_ledger_loses_nothing(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        loan = (await borrow(borrower, people[0]))["loan"]
        signed = await borrower.payment(loan)
        hung = system.pause("node")
        try:
            answer = await borrower.http.post(
                f"/v1/loans/{loan}/payments",
                json=signed,
                headers={"Authorization": f"Bearer {borrower.token}", "Idempotency-Key": "while-stopped"},
            )
            assert answer.status_code in {202, 503}
            if answer.status_code == 503:
                assert answer.json()["type"] == "/problems/ledger-unavailable"
                assert int(answer.headers["Retry-After"]) > 0
            ready = await borrower.http.get("/health/ready")
            assert ready.status_code == 503
        finally:
            system.resume(hung)
        posted = await borrower.post(f"/v1/loans/{loan}/payments", signed, key="while-stopped")
        await borrower.until(f"/v1/payments/{posted['id']}", lambda p: p["status"] == "confirmed")
        assert (await borrower.get(f"/v1/loans/{loan}"))["paid_minor"] == signed["amount_minor"]

    run(system, act)


def test_an_expired_offer_is_refused_and_pays_nothing_out(system: RunningSystem, people: list[Json]) -> None:
    async def act(borrower: Borrower) -> None:
        application_ = await decided(borrower, people[0])
        offer = await borrower.get(f"/v1/offers/{application_['offer_id']}")
        await asyncio.to_thread(system.calendar.go_to, offer["terms"]["disbursement_day"] + OFFER_DAYS)
        proof = {"signer": borrower.signer, "signature": borrower.sign(offer["typed_data"])}
        refused = await refusal(borrower.post(f"/v1/offers/{offer['id']}/acceptance", proof))
        assert (refused.status, refused.kind) == (410, "offer-expired")
        assert (await borrower.get(f"/v1/subjects/{borrower.subject}/cash"))["balance_minor"] == 0

    run(system, act)


def test_a_damaged_data_folder_is_named_and_left_as_it_is(system: RunningSystem, tmp_path: Path) -> None:
    system.stop()
    node = system.folder / "node"
    database = max((file for file in node.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size)
    whole = database.read_bytes()
    damaged = b"\0" * 8192 + whole[8192:]
    database.write_bytes(damaged)
    started = tally(
        "node", "--data", str(node), "--genesis", "hardhat-free-devnet/genesis.json", "--port", "0", "--dev"
    )
    assert started.returncode != 0
    assert str(node) in started.stderr and "Traceback" not in started.stderr
    assert database.read_bytes() == damaged
    database.write_bytes(whole)
    system.start()
