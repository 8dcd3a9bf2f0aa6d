"""The arrears keeper lets the ledger record each late loan once a day, by the loan's own day and with its rows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.indexer import repository as index
from api.indexer.indexer import Indexer
from api.kit.database import sync_engine
from api.kit.facade import Facade
from api.kit.types import hex_of
from api.worker.arrears import ArrearsKeeper
from contracts.clients import Ledger, table_rows
from contracts.clients.contract import function_of
from contracts.schedule import Row
from contracts.sender.tables import sender_transactions
from contracts.typed_data import Agreement
from tests.api.conftest import Json
from tests.api.local_server import LedgerTime
from tests.contracts.loan.strategies import AGREEMENT, HARVESTS, TABLE_AGREEMENT

pytestmark = pytest.mark.anyio

DAY_SECONDS, MINUTE_SECONDS, HOUR_SECONDS = 86_400, 60, 3_600
ZONE = AGREEMENT.time_zone_minutes
GRACE = AGREEMENT.grace_days
LATE_DAY = AGREEMENT.first_due_day + GRACE + 1


def begin(day: int, zone: int) -> int:
    """The instant at which a day begins in a time zone."""
    return day * DAY_SECONDS - zone * MINUTE_SECONDS


@pytest.fixture
def ledger_time(seen_ledger: None) -> Iterator[LedgerTime]:
    with LedgerTime(begin(LATE_DAY, ZONE)) as server:
        yield server


@pytest.fixture
def keeper(facade: Facade, ledger_time: LedgerTime) -> ArrearsKeeper:
    engine, ledger = sync_engine(facade.settings.database), Ledger(ledger_time.url, facade.book)
    return ArrearsKeeper(engine, ledger, Indexer(engine, ledger), ZONE, facade.relays.relayer)


async def borrowed(facade: Facade, loan: bytes, agreement: Agreement, table: tuple[Row, ...] = ()) -> None:
    """The loan is in the read model."""
    values = {"loan": hex_of(loan), "borrower": agreement.borrower, "agreement": agreement.message()}
    words = [f"{row.word:#066x}" for row in table]
    if table:
        await facade.database.write(lambda c: index.add_table(c, hex_of(loan), words, 7))
    await facade.database.write(lambda c: index.add_loan(c, **values, tx_hash="0x01", block_number=7))


async def paid(facade: Facade, loan: bytes, amount_minor: int, day: int) -> None:
    parts = dict.fromkeys(("late_fee_minor", "penalty_minor", "interest_minor"), 0)
    values = {"loan": hex_of(loan), "payer": AGREEMENT.borrower, "amount_minor": amount_minor, "day": day, **parts}
    place = {"tx_hash": hex_of(loan), "log_index": 0, "block_number": 7}
    await facade.database.write(lambda c: index.add_payment(c, **values, **place, principal_minor=amount_minor))


async def acts(facade: Facade, arguments: int) -> list[Json]:
    """What waits in the outbox, as the entry with so many arguments reads it."""
    found = await facade.database.read(lambda c: c.scalars(select(sender_transactions.c.data)).all())
    return [function_of("LoanBook", "recordArrears", arguments).decode_inputs(data) for data in found]


async def test_a_late_loan_is_recorded_once_a_day(
    facade: Facade, keeper: ArrearsKeeper, ledger_time: LedgerTime
) -> None:
    await borrowed(facade, b"\1" * 32, AGREEMENT)
    await borrowed(facade, b"\2" * 32, AGREEMENT)
    await paid(facade, b"\2" * 32, AGREEMENT.instalment_minor, AGREEMENT.first_due_day)
    ledger_time.instant -= 1
    assert keeper.step() == 0
    ledger_time.instant += 1
    assert (keeper.step(), keeper.step()) == (1, 0)
    assert await acts(facade, 1) == [{"loan_id": b"\1" * 32}]


async def test_a_late_loan_by_a_table_brings_its_open_row(
    facade: Facade, keeper: ArrearsKeeper, ledger_time: LedgerTime
) -> None:
    await borrowed(facade, b"\3" * 32, TABLE_AGREEMENT, HARVESTS)
    await paid(facade, b"\3" * 32, HARVESTS[0].due_minor, HARVESTS[0].due_day)
    ledger_time.instant = begin(HARVESTS[1].due_day + TABLE_AGREEMENT.grace_days + 1, ZONE)
    assert keeper.step() == 1
    (act,) = await acts(facade, 2)
    (open_row, *_) = table_rows(HARVESTS, range(1, 2))
    assert [(row["word"], tuple(row["proof"])) for row in act["rows"]] == [(open_row.word, open_row.proof)]


async def test_a_loan_is_late_by_its_own_time_zone(
    facade: Facade, keeper: ArrearsKeeper, ledger_time: LedgerTime
) -> None:
    west = replace(AGREEMENT, time_zone_minutes=ZONE - 60)
    await borrowed(facade, b"\4" * 32, west)
    assert keeper.step() == 0
    ledger_time.instant += DAY_SECONDS
    assert keeper.step() == 1
