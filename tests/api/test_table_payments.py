"""Payments of a loan by a table are accepted one at a time, with the rows of the day and of the day after."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from api.kit.facade import Facade
from api.kit.settings import Settings
from api.kit.types import hex_of
from contracts.clients.contract import function_of
from contracts.schedule import Row
from contracts.sender.tables import sender_transactions
from contracts.typed_data import Payment, typed_data
from tests.api.conftest import Json, Person, slug
from tests.api.local_server import LedgerTime
from tests.api.test_arrears import DAY_SECONDS, HOUR_SECONDS, ZONE, begin
from tests.api.test_payment_turns import LOAN, borrowed
from tests.contracts.loan.strategies import AGREEMENT, HARVESTS

pytestmark = pytest.mark.anyio

FIRST, SECOND = HARVESTS[:2]
WITH_ROWS, WITHOUT_ROWS = 4, 3
"""Arguments of the two forms of repayBySignature."""


@pytest.fixture
def ledger_time() -> Iterator[LedgerTime]:
    with LedgerTime(begin(FIRST.due_day, ZONE) + HOUR_SECONDS) as server:
        yield server


@pytest.fixture
def settings(settings: Settings, ledger_time: LedgerTime) -> Settings:
    return settings.model_copy(update={"rpc": ledger_time.url})


async def pays(
    person: Person, facade: Facade, ledger_time: LedgerTime, amount_minor: int, nonce: int, days: int = 0
) -> str:
    """The status of an accepted payment that may be relayed for an hour or for days, or the kind of refusal."""
    deadline = ledger_time.instant + (days * DAY_SECONDS or HOUR_SECONDS)
    payment = Payment(LOAN, amount_minor, nonce, deadline)
    terms = {"amount_minor": amount_minor, "nonce": nonce, "deadline": deadline}
    body = {**terms, **person.proof(typed_data(payment, facade.domains.loans))}
    answer = await person.post(f"/v1/loans/{hex_of(LOAN)}/payments", body)
    return str(answer.json()["status"]) if answer.status_code == 202 else slug(answer)


async def acts(facade: Facade, arguments: int) -> list[Json]:
    """What waits in the outbox, as the form of so many arguments reads it."""
    found = await facade.database.read(lambda c: c.scalars(select(sender_transactions.c.data)).all())
    return [function_of("LoanBook", "repayBySignature", arguments).decode_inputs(data) for data in found]


async def test_of_two_payments_at_once_one_is_accepted(person: Person, facade: Facade, ledger_time: LedgerTime) -> None:
    await borrowed(person, facade, HARVESTS)
    found = await asyncio.gather(*(pays(person, facade, ledger_time, FIRST.due_minor, nonce) for nonce in range(2)))
    assert sorted(found) == ["accepted", "payment-under-way"]
    assert len(await acts(facade, WITH_ROWS)) == 1


async def test_two_payments_of_a_loan_by_a_formula_are_both_accepted(
    person: Person, facade: Facade, ledger_time: LedgerTime
) -> None:
    await borrowed(person, facade, ())
    found = await asyncio.gather(*(pays(person, facade, ledger_time, 1, nonce) for nonce in range(2)))
    assert found == ["accepted", "accepted"]
    assert [act["payment"].loan for act in await acts(facade, WITHOUT_ROWS)] == [LOAN, LOAN]


@pytest.mark.parametrize(
    ("day", "amount_minor", "brought"),
    [
        (FIRST.due_day - 1, FIRST.due_minor, [FIRST]),
        (FIRST.due_day, FIRST.due_minor, [FIRST, SECOND]),
        (FIRST.due_day - 1, FIRST.due_minor + 1, [FIRST, SECOND]),
        (FIRST.due_day + AGREEMENT.grace_days, 1, [FIRST, SECOND]),
    ],
)
async def test_a_payment_brings_what_it_needs_today_or_tomorrow(
    person: Person, facade: Facade, ledger_time: LedgerTime, day: int, amount_minor: int, brought: list[Row]
) -> None:
    ledger_time.instant = begin(day, ZONE) + HOUR_SECONDS
    await borrowed(person, facade, HARVESTS)
    assert await pays(person, facade, ledger_time, amount_minor, 0) == "accepted"
    (act,) = await acts(facade, WITH_ROWS)
    assert [row["word"] for row in act["rows"]] == [row.word for row in brought]


@pytest.mark.parametrize(("days", "brought"), [(1, [FIRST]), (2, [FIRST, SECOND]), (30, [FIRST, SECOND])])
async def test_a_payment_brings_what_it_needs_until_its_deadline(
    person: Person, facade: Facade, ledger_time: LedgerTime, days: int, brought: list[Row]
) -> None:
    ledger_time.instant = begin(FIRST.due_day - 2, ZONE) + HOUR_SECONDS
    await borrowed(person, facade, HARVESTS)
    assert await pays(person, facade, ledger_time, FIRST.due_minor, 0, days) == "accepted"
    (act,) = await acts(facade, WITH_ROWS)
    assert [row["word"] for row in act["rows"]] == [row.word for row in brought]
