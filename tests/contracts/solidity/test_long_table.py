"""A long table that nobody pays for long: what its rows ask for never outgrows a transaction."""

from dataclasses import replace

import pytest

from contracts import loan as twin
from contracts.clients import TableRow, table_rows
from contracts.loan import LoanState
from contracts.schedule import Method, Row, schedule_root
from contracts.sender.transactions import MAX_GAS
from contracts.typed_data import digest
from scripts.workbench.system import FIRST_DAY, Draft, System, function, proven
from tests.contracts.conftest import Refused

PERIODS = 480
TABLE = [Row(nr, FIRST_DAY + nr, 1_000, nr % 2) for nr in range(1, PERIODS + 1)]
OTHER = [*TABLE[:-1], replace(TABLE[-1], interest_minor=1)]
DRAFT = Draft(
    principal_minor=PERIODS * 1_000,
    rate_ppm=240_000,
    periods=PERIODS,
    first_due_day=TABLE[0].due_day,
    anchor_day=0,
    method=Method.CUSTOM,
    period_length=0,
    upfront_fee_minor=0,
)
LATE = FIRST_DAY + PERIODS + 100
MOST_BYTES = 128 * 1024
"""What nodes take as one transaction."""
SIGNATURES_BYTES = 2_000
"""More than the envelope of a transaction and the borrower's order take."""
Loan = tuple[bytes, LoanState]


@pytest.fixture
def loan(system: System) -> Loan:
    person = system.person()
    system.publish(person.subject)
    agreement = system.agreement(person, DRAFT, TABLE, latest_origination_day=FIRST_DAY)
    system.originate(person, agreement, TABLE)
    system.mint(person.subject, 10_000_000)
    return digest(agreement, system.domain("LoanBook")), twin.originate(agreement, TABLE)


def _whole(table: list[Row]) -> list[TableRow]:
    return [TableRow(row.word, ()) for row in table]


def test_with_every_row_late_it_is_paid_in_one_transaction(system: System, loan: Loan) -> None:
    loan_id, state = loan
    system.at_day(LATE)
    total = twin.owed(state, LATE).total_minor
    rows = table_rows(TABLE, twin.rows_needed(state, total, LATE))
    data = function("LoanBook", "repay", 3).encode((loan_id, total, rows))
    assert len(data) < MOST_BYTES - SIGNATURES_BYTES
    receipt = system.send("LoanBook", "repay", loan_id, total, rows, sender=system.person().subject)
    assert receipt.gas_used < MAX_GAS // 3
    events = dict(system.events(receipt))
    _, split = twin.apply_payment(state, total, LATE)
    assert events["PaymentApplied"]["late_fee_minor"] == split.late_fee_minor == PERIODS * DRAFT.late_fee_minor
    assert events["PaymentApplied"]["penalty_minor"] == split.penalty_minor
    assert "LoanClosed" in events


def test_the_whole_table_serves_every_act_without_a_proof(system: System, loan: Loan) -> None:
    loan_id, state = loan
    paid = sum(row.due_minor for row in TABLE[:7])
    system.pay(loan_id, paid, 0, rows=_whole(TABLE))
    state, _ = twin.apply_payment(state, paid, FIRST_DAY)
    assert system.loan(loan_id, _whole(TABLE))["next_due_day"] == state.next_due_day == TABLE[7].due_day
    system.at_day(LATE)
    receipt = system.send("LoanBook", "recordArrears", loan_id, _whole(TABLE))
    state, days = twin.record_arrears(state, LATE)
    assert dict(system.events(receipt))["ArrearsChanged"] == {"loan": loan_id, "bucket": 4, "days_past_due": days}
    view = system.loan(loan_id, proven(TABLE, 7))
    assert view["late_fee_due_minor"] == state.late_fee_due_minor
    assert view["penalty_due_minor"] == state.penalty_due_minor


def test_another_table_or_a_part_of_it_proves_nothing(system: System, loan: Loan, refused: Refused) -> None:
    loan_id, _ = loan
    with refused("ScheduleRootMismatch", signed=schedule_root(Method.CUSTOM, TABLE)):
        system.pay(loan_id, 1, 0, rows=_whole(OTHER))
    for part in (_whole(TABLE)[:-1], [*_whole(TABLE), *_whole(TABLE)[:1]]):
        with refused("RowProofInvalid", row=0):
            system.pay(loan_id, 1, 0, rows=part)


def test_rows_are_brought_whichever_way_is_shorter() -> None:
    assert table_rows(TABLE, range(1)) == proven(TABLE, 0)
    assert all(row.proof for row in table_rows(TABLE, range(147)))
    assert table_rows(TABLE, range(10, 158)) == _whole(TABLE)
    assert table_rows(TABLE, range(4, 4)) == []
