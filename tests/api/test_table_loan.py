"""A loan by a table on a whole running system: shown, counted late, paid with its rows' proofs, scored and audited."""

import asyncio
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.indexer.indexer import Indexer
from api.indexer.tables import ledger_tables
from api.kit.database import sync_engine
from api.kit.migrate import migrate
from contracts.clients import AddressBook, Ledger
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.schedule import Method, Row, ScheduleTerms, schedule_apr_ppm, schedule_root
from contracts.sender import Sender, durable_engine
from contracts.typed_data import Agreement, digest, sign
from scripts.demo.bank import Bank
from scripts.demo.borrower import Borrower, Json, check_offer
from scripts.demo.story import application
from tests.api.test_flow import approved, until
from tests.system import RunningSystem, tally

pytestmark = pytest.mark.processes

DAYS_LATE = 35
BUCKET = 2
SIXTH = 6


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    running.start()
    yield running
    running.stop()


@dataclass(frozen=True)
class TableLoan:
    """An agreement over a table, and its rows."""

    agreement: Agreement
    rows: tuple[Row, ...]


def seasonal(offered: Agreement) -> TableLoan:
    """The offer's amount repaid by a sixth at once and the rest after two seasons; interest is asked for at the end."""
    start, part = offered.disbursement_day, offered.principal_minor // SIXTH
    rows = (
        Row(1, start, part, 0),
        Row(2, start + 90, 2 * part, 0),
        Row(3, start + 270, offered.principal_minor - 3 * part, offered.principal_minor // 100),
    )
    bare = replace(
        offered,
        method=Method.CUSTOM,
        periods=len(rows),
        period_length=0,
        anchor_day=0,
        latest_origination_day=start,
        first_due_day=start,
        instalment_minor=0,
        schedule_root=schedule_root(Method.CUSTOM, rows),
        salt=secrets.token_bytes(32),
    )
    apr = schedule_apr_ppm(ScheduleTerms.of(bare), rows, bare.upfront_fee_minor)
    return TableLoan(replace(bare, apr_ppm=apr), rows)


def originate(system: RunningSystem, ledger: Ledger, borrower: Borrower, made: TableLoan) -> str:
    """Both sides sign, anybody brings it: here the risk officer's key."""
    domain = ledger.loan_book.domain
    by_borrower = sign(borrower.account, made.agreement, domain)
    by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), made.agreement, domain)
    signer = bytes.fromhex(borrower.signer[2:])
    call = ledger.loan_book.originate_call(made.agreement, signer, by_borrower, by_lender, made.rows)
    sender = Sender(
        durable_engine(f"sqlite:///{system.folder / 'desk.db'}"), load_key("risk", None, DEVNET_CHAIN_ID), ledger.rpc
    )
    sender.enqueue("table loan", call.to, call.data)
    assert sender.wait("table loan").error is None
    return "0x" + digest(made.agreement, domain).hex()


def check(ledger: Ledger, made: TableLoan, loan: Json) -> None:
    """What the API folds from events is what the contract says."""
    loan_id = bytes.fromhex(loan["loan"][2:])
    view, owed = ledger.loan_book.loan(loan_id, made.rows), ledger.loan_book.owed(loan_id, loan["today_day"], made.rows)
    assert loan["outstanding_principal_minor"] == view.outstanding_principal_minor
    assert (loan["next_due_day"], loan["overdue_minor"]) == (view.next_due_day, owed.overdue_minor)
    unpaid = sum(row["due_minor"] - row["paid_minor"] for row in loan["rows"])
    assert unpaid + loan["charges_due_minor"] == owed.total_minor
    assert [row["due_day"] for row in loan["rows"]] == [row.due_day for row in made.rows]


async def live(system: RunningSystem, ledger: Ledger, borrower: Borrower) -> TableLoan:
    """From the application to the last row."""
    offer = await offered(borrower)
    made = seasonal(Agreement.from_message(offer["typed_data"]["message"]))
    loan = await asyncio.to_thread(originate, system, ledger, borrower, made)
    path, loan_id = f"/v1/loans/{loan}", bytes.fromhex(loan[2:])
    active = await eventually(borrower, path)
    check(ledger, made, active)
    assert (active["method"], active["instalment_minor"], active["period_length"]) == (Method.CUSTOM, 0, 0)
    assert active["apr_ppm"] == made.agreement.apr_ppm and active["all_in_ppm"] > 0

    down = await borrower.pay(loan)
    assert down["allocation"]["principal_minor"] == made.rows[0].due_minor
    await asyncio.to_thread(system.calendar.go_to, made.rows[1].due_day + DAYS_LATE)
    late = await borrower.until(path, lambda found: found["arrears"]["bucket"] == BUCKET)
    check(ledger, made, late)
    await until(lambda: ledger.loan_book.loan(loan_id, made.rows).bucket == BUCKET)
    again = await borrower.decision((await borrower.apply(application(approved(0))))["id"])
    assert "in_arrears" in json.dumps(again["decision"])

    cured = await borrower.pay(loan)
    assert cured["allocation"]["late_fee_minor"] == made.agreement.late_fee_minor
    after = await borrower.get(path)
    check(ledger, made, after)
    assert after["arrears"]["bucket"] == 0
    await asyncio.to_thread(pay_in, system, borrower, made.agreement.principal_minor)
    rest = (await borrower.get(f"{path}/payment-request"))["due"]["total_minor"]
    assert (await borrower.pay(loan, rest))["status"] == "confirmed"
    assert (await borrower.get(path))["status"] == "closed"
    return made


async def offered(borrower: Borrower) -> Json:
    await borrower.register()
    await borrower.login()
    decided = await borrower.decision((await borrower.apply(application(approved(0))))["id"])
    offer = await borrower.get(f"/v1/offers/{decided['offer_id']}")
    check_offer(offer)
    return offer


async def eventually(borrower: Borrower, path: str) -> Json:
    """The loan, once the read model has it."""
    loan = path.rsplit("/", 1)[-1]
    await borrower.until("/v1/loans", lambda page: loan in [item["loan"] for item in page["items"]])
    return await borrower.get(path)


def pay_in(system: RunningSystem, borrower: Borrower, amount_minor: int) -> None:
    Bank(system.plan.rpc_url, system.plan.addresses, system.folder / "bank").credit(
        {borrower.subject: amount_minor}, "s"
    )


def test_a_loan_by_a_table_lives_through_the_facade(system: RunningSystem, tmp_path: Path) -> None:
    ledger = Ledger(system.plan.rpc_url, AddressBook.load(system.plan.addresses))

    async def inside() -> TableLoan:
        async with httpx.AsyncClient(base_url=system.plan.api_url, timeout=30) as http:
            return await live(system, ledger, Borrower(http))

    made = asyncio.run(inside())
    check_read_model(system, ledger, made, tmp_path)
    check_audit(system, tmp_path)


def check_read_model(system: RunningSystem, ledger: Ledger, made: TableLoan, folder: Path) -> None:
    """Rebuilt from block 0 it holds the same table."""
    url = f"sqlite:///{folder / 'rebuilt.db'}"
    migrate(url, folder)
    rebuilt = sync_engine(url)
    indexer = Indexer(rebuilt, ledger)
    while indexer.step():
        pass
    found = [tables(rebuilt), tables(sync_engine(f"sqlite:///{system.folder / 'api' / 'api.db'}"))]
    assert found[0] == found[1] == [[f"{row.word:#066x}" for row in made.rows]]


def tables(engine: Any) -> list[list[str]]:
    with engine.connect() as connection:
        return list(connection.scalars(select(ledger_tables.c.words)))


def check_audit(system: RunningSystem, folder: Path) -> None:
    """Replayed and recounted from the export alone."""
    assert tally("export", str(folder / "export"), "--data", str(system.plan.data / "node")).returncode == 0
    audited = tally("audit", str(folder / "export"), "--json")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    loans = {part["name"]: part for part in json.loads(audited.stdout)["checks"]}["loans and cash"]
    assert (loans["loans"], loans["loans_closed"], loans["payments"]) == (1, 1, 3)
