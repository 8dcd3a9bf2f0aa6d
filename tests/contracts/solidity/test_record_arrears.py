"""LoanBook.recordArrears: buckets by days past due, each change an event."""

import pytest

from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused

DUE = FIRST_DAY + 28
GRACE = 3


@pytest.mark.parametrize(("days", "bucket"), [(4, 1), (29, 1), (30, 2), (59, 2), (60, 3), (89, 3), (90, 4), (4_000, 4)])
def test_the_bucket_follows_the_days(system: System, days: int, bucket: int) -> None:
    loan = system.lend()
    system.at_day(DUE + days)
    receipt = system.send("LoanBook", "recordArrears", loan)
    assert dict(system.events(receipt))["ArrearsChanged"] == {"loan": loan, "bucket": bucket, "days_past_due": days}
    assert system.loan(loan)["bucket"] == bucket


@pytest.mark.parametrize("day", [DUE - 1, DUE, DUE + GRACE])
def test_until_the_grace_has_passed_nothing_changes(system: System, refused: Refused, day: int) -> None:
    loan = system.lend()
    system.at_day(day)
    with refused("ArrearsUnchanged", loan=loan, bucket=0):
        system.send("LoanBook", "recordArrears", loan)


def test_a_bucket_is_recorded_once(system: System, refused: Refused) -> None:
    loan = system.lend()
    system.at_day(DUE + 5)
    system.send("LoanBook", "recordArrears", loan)
    system.at_day(DUE + 6)
    with refused("ArrearsUnchanged", bucket=1):
        system.send("LoanBook", "recordArrears", loan)


def test_a_payment_cures(system: System) -> None:
    loan = system.lend()
    system.at_day(DUE + 70)
    system.send("LoanBook", "recordArrears", loan)
    overdue = system.read("LoanBook", "owed", loan, DUE + 70)["overdue_minor"]
    events = system.events(system.pay(loan, overdue, 0))
    assert ("ArrearsChanged", {"loan": loan, "bucket": 0, "days_past_due": 0}) in events
    assert system.loan(loan)["bucket"] == 0


def test_a_payment_records_the_bucket_it_leaves_behind(system: System) -> None:
    loan = system.lend()
    system.at_day(DUE + 70)
    events = dict(system.events(system.pay(loan, 100, 0)))
    assert events["ArrearsChanged"] == {"loan": loan, "bucket": 3, "days_past_due": 70}


def test_a_closed_loan_has_no_arrears(system: System, refused: Refused) -> None:
    loan = system.lend()
    system.pay(loan, system.read("LoanBook", "owed", loan, FIRST_DAY)["total_minor"], 0)
    system.at_day(DUE + 5)
    with refused("LoanNotActive", status=2):
        system.send("LoanBook", "recordArrears", loan)
