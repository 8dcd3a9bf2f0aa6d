"""Against a whole running system: the facade's figures are the contract's, and its read model can be rebuilt."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.indexer.indexer import Indexer
from api.indexer.tables import ledger_loans, ledger_payments, ledger_signers
from api.kit.database import sync_engine
from api.kit.migrate import migrate
from contracts.clients import AddressBook, Ledger
from scripts.demo.borrower import Borrower, Json, Refused
from scripts.demo.story import applicants, application
from tests.e2e.life import borrow
from tests.system import RunningSystem

pytestmark = pytest.mark.processes

DAYS_LATE = 35
BUCKET = 2


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def ledger(system: RunningSystem) -> Ledger:
    return Ledger(system.plan.rpc_url, AddressBook.load(system.plan.addresses))


def run(system: RunningSystem, act: Callable[[Borrower], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        async with httpx.AsyncClient(base_url=system.plan.api_url, timeout=30) as http:
            return await act(Borrower(http))

    return asyncio.run(inside())


def approved(number: int) -> Json:
    """Applicants whom the shipped policy approves, by their place in the demo's list."""
    return [person for person in applicants() if person["row"] in (23, 24)][number]


def check_against_contract(ledger: Ledger, loan: Json) -> None:
    """What the API folds from events is what the contract says."""
    loan_id = bytes.fromhex(loan["loan"][2:])
    view, owed = ledger.loan_book.loan(loan_id), ledger.loan_book.owed(loan_id, loan["today_day"])
    assert loan["outstanding_principal_minor"] == view.outstanding_principal_minor
    assert loan["next_due_day"] == view.next_due_day
    assert loan["overdue_minor"] == owed.overdue_minor
    unpaid = sum(row["due_minor"] - row["paid_minor"] for row in loan["rows"])
    assert unpaid + loan["charges_due_minor"] == owed.total_minor


def test_a_late_payers_figures_are_those_of_the_contract(system: RunningSystem, ledger: Ledger) -> None:
    async def act(borrower: Borrower) -> None:
        loan = await borrow(borrower, approved(0))
        check_against_contract(ledger, loan)
        path = f"/v1/loans/{loan['loan']}"
        await asyncio.to_thread(system.calendar.go_to, loan["rows"][0]["due_day"] + DAYS_LATE)
        late = await borrower.until(path, lambda found: found["arrears"]["bucket"] == BUCKET)
        check_against_contract(ledger, late)
        due = (await borrower.get(f"{path}/payment-request"))["due"]
        assert due["overdue_minor"] == late["overdue_minor"] > late["rows"][0]["due_minor"]
        loan_id = bytes.fromhex(loan["loan"][2:])
        await until(lambda: ledger.loan_book.loan(loan_id).bucket == BUCKET)
        paid = await borrower.pay(loan["loan"], late["charges_due_minor"] + 1000)
        split = paid["allocation"]
        assert split["late_fee_minor"] + split["penalty_minor"] == late["charges_due_minor"]
        after = await borrower.get(path)
        check_against_contract(ledger, after)
        assert after["payments"][0] == {**after["payments"][0], **split, "tx_hash": paid["tx_hash"], "id": paid["id"]}

    run(system, act)


def test_payments_signed_at_once_are_all_booked(system: RunningSystem, ledger: Ledger) -> None:
    async def act(borrower: Borrower) -> None:
        loan = (await borrow(borrower, approved(1)))["loan"]
        posted = []
        for _ in range(4):
            signed = await borrower.payment(loan, 5_000)
            posted.append(await borrower.post(f"/v1/loans/{loan}/payments", signed))
        for payment in posted:
            booked = await borrower.until(f"/v1/payments/{payment['id']}", lambda p: p["status"] == "confirmed")
            assert sum(booked["allocation"].values()) == 5_000
        state = await borrower.get(f"/v1/loans/{loan}")
        assert state["paid_minor"] == 20_000 and {p["id"] for p in state["payments"]} == {p["id"] for p in posted}
        check_against_contract(ledger, state)

    run(system, act)


def test_an_offer_of_a_superseded_report_is_refused_before_it_is_stored(system: RunningSystem) -> None:
    async def act(borrower: Borrower) -> None:
        await borrower.register()
        await borrower.login()
        first, second = [await offered(borrower, approved(0)) for _ in range(2)]
        with pytest.raises(Refused) as refused:
            await borrower.accept(first)
        assert refused.value.status == 409 and "ReportSuperseded" in str(refused.value)
        assert (await borrower.get("/v1/loans"))["items"] == []
        assert (await borrower.accept(second))["status"] == "active"

    run(system, act)


async def offered(borrower: Borrower, person: Json) -> Json:
    draft = await borrower.apply(application(person))
    decided = await borrower.decision(draft["id"])
    return await borrower.get(f"/v1/offers/{decided['offer_id']}")


def test_the_read_model_rebuilt_from_block_0_is_the_same(system: RunningSystem, ledger: Ledger, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rebuilt.db'}"
    migrate(url, tmp_path)
    rebuilt = sync_engine(url)
    indexer = Indexer(rebuilt, ledger)
    while indexer.step():
        pass
    running = sync_engine(f"sqlite:///{system.folder / 'api' / 'api.db'}")
    for table in (ledger_signers, ledger_loans, ledger_payments):
        query = select(table).order_by(*table.primary_key.columns)
        with rebuilt.connect() as one, running.connect() as other:
            assert one.execute(query).all() == other.execute(query).all()


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    for _ in range(int(seconds / 0.1)):
        if await asyncio.to_thread(true):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("waited in vain")
