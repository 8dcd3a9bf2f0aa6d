"""A short life of one loan over HTTP, all within one devnet day, with a hook after each accepted act."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from scripts.demo.borrower import Borrower, Json
from scripts.demo.story import application

INSTALMENTS = 3


@dataclass(frozen=True)
class Balances:
    """What a life ends with; equal for equal applicants, whatever was killed on the way."""

    status: str
    principal_minor: int
    outstanding_principal_minor: int
    paid_minor: int
    cash_minor: int
    rows_paid: int
    payments: int


class WatchedBorrower(Borrower):
    """A borrower that calls `on_accepted` with the kind of act right after the API has acknowledged one."""

    on_accepted: Callable[[str], None] = staticmethod(lambda _kind: None)

    async def post(self, path: str, body: Json, key: str | None = None) -> Json:
        answer = await super().post(path, body, key)
        await asyncio.to_thread(self.on_accepted, path.rsplit("/", 1)[-1])
        return answer


async def borrow(borrower: Borrower, person: Json) -> Json:
    """Register, log in, apply, sign; returns the active loan."""
    registered = await borrower.register()
    assert registered["status"] == "registered", registered
    await borrower.login()
    draft = await borrower.apply(application(person))
    decided = await borrower.decision(draft["id"])
    assert decided["status"] == "offered", decided
    loan = await borrower.accept(await borrower.get(f"/v1/offers/{decided['offer_id']}"))
    assert loan["status"] == "active", loan
    return loan


async def live(api_url: str, person: Json, on_accepted: Callable[[str], None]) -> Balances:
    """From registration to the third instalment, paid ahead; returns what is left."""
    async with httpx.AsyncClient(base_url=api_url, timeout=30) as http:
        borrower = WatchedBorrower(http)
        borrower.on_accepted = on_accepted
        loan = (await borrow(borrower, person))["loan"]
        for _ in range(INSTALMENTS):
            payment = await borrower.pay(loan)
            assert payment["status"] == "confirmed", payment
        return await balances(borrower, loan)


async def balances(borrower: Borrower, loan: str) -> Balances:
    state = await borrower.get(f"/v1/loans/{loan}")
    cash = await borrower.get(f"/v1/subjects/{borrower.subject}/cash")
    return Balances(
        status=state["status"],
        principal_minor=state["principal_minor"],
        outstanding_principal_minor=state["outstanding_principal_minor"],
        paid_minor=state["paid_minor"],
        cash_minor=cash["balance_minor"],
        rows_paid=sum(row["status"] == "paid" for row in state["rows"]),
        payments=len(state["payments"]),
    )
