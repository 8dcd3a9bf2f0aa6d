"""Signed payments through the whole path: HTTP, checks, outbox, ledger, read model."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from scripts.demo.borrower import Borrower, Json
from scripts.demo.story import applicants, application
from scripts.system.plan import SystemPlan, free_ports
from scripts.system.supervisor import Supervisor

GOOD_APPLICANT = 1  # index into the demo's applicants: one the shipped policy approves
PAYMENT_MINOR = 100  # small, so that any number of payments fits a loan


def measure_payments(borrowers: int, each: int) -> dict[str, Any]:
    """Start the system in a scratch folder and let `borrowers` make `each` payments, all borrowers at once.

    A payment counts when the facade shows it confirmed: mined, sealed and in the read model. The baseline in the
    same run is one borrower alone, waiting for each payment before making the next: what a single person sees.
    """
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        plan = SystemPlan(Path(folder), free_ports())
        with Supervisor(plan), console.status("measuring payments through the whole path"):
            return asyncio.run(_measure(plan.api_url, borrowers, each))


async def _measure(api_url: str, borrowers: int, each: int) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=api_url, timeout=60) as http:
        people = [Borrower(http) for _ in range(borrowers)]
        loans = await asyncio.gather(*(_borrow(person) for person in people))
        alone = await _seconds(_pay_all([people[0]], [loans[0]], each))
        together = await _seconds(_pay_all(people, loans, each))
    return {
        "payments": borrowers * each,
        "payments_per_s": round(borrowers * each / together, 1),
        "one_borrower_payments_per_s": round(each / alone, 1),
        "one_borrower_seconds_a_payment": round(alone / each, 3),
        "ratio_together_to_alone": round((borrowers * each / together) / (each / alone), 2),
    }


async def _seconds(work: Any) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _borrow(person: Borrower) -> str:
    await person.register()
    await person.login()
    draft = await person.apply(application(applicants()[GOOD_APPLICANT]))
    decided = await person.decision(draft["id"])
    loan: Json = await person.accept(await person.get(f"/v1/offers/{decided['offer_id']}"))
    return str(loan["loan"])


async def _pay_all(people: list[Borrower], loans: list[str], each: int) -> None:
    await asyncio.gather(*(_pay_one(*pair, each) for pair in zip(people, loans, strict=True)))


async def _pay_one(person: Borrower, loan: str, each: int) -> None:
    for _ in range(each):
        paid = await person.pay(loan, PAYMENT_MINOR)
        if paid["status"] != "confirmed":
            raise RuntimeError(f"a payment failed: {paid}")
