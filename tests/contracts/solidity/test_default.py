"""LoanBook.declareDefault: only of a loan that is late enough; a default ends when nothing is overdue."""

import pytest

from scripts.workbench.system import Draft, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def test_ninety_days_are_not_enough_and_one_more_is(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE + 90)
    with refused("NotLateEnough", loan=loan.loan, days_past_due=90, needed_days=90):
        loan.default()
    events = loan.go_to(DUE + 91).default()
    assert events[-1] == ("LoanDefaulted", {"loan": loan.loan, "days_past_due": 91})
    assert dict(events)["ArrearsChanged"]["bucket"] == 4


def test_a_longer_grace_is_waited_for(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system, Draft(grace_days=120))
    loan.go_to(DUE + 120)
    with refused("NotLateEnough", days_past_due=120, needed_days=120):
        loan.default()
    loan.go_to(DUE + 121).default()


def test_a_loan_that_is_paid_up_cannot_default(loan: Twinned, refused: Refused) -> None:
    loan.repay(loan.owed.total_minor - 1)
    loan.go_to(DUE + 200)
    with refused("NotLateEnough"):
        loan.default()


def test_paying_what_is_overdue_cures(loan: Twinned) -> None:
    loan.go_to(DUE + 91).default()
    overdue = loan.owed.overdue_minor
    assert "LoanCured" not in dict(loan.repay(overdue - 1))
    assert dict(loan.repay(1))["LoanCured"] == {"loan": loan.loan}
    assert (loan.state.status, loan.state.was_late) == (1, True)


def test_a_cured_loan_may_default_again(loan: Twinned) -> None:
    loan.go_to(DUE + 91).default()
    loan.repay(loan.owed.overdue_minor)
    loan.go_to(DUE + 300).default()


def test_a_defaulted_loan_defaults_once(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE + 91).default()
    with refused("LoanNotActive", status=4):
        loan.default()


def test_a_defaulted_loan_can_be_paid_in_full_or_settled(system: System) -> None:
    first, second = Twinned.begun(system), Twinned.begun(system, number=2)
    first.go_to(DUE + 91)
    second.day = first.day
    first.send("declareDefault", sender="risk")
    second.send("declareDefault", sender="risk")
    first.send("repay", first.owed.total_minor)
    second.send("settle", second.owed.total_minor)
    assert [system.loan(each.loan)["status"] for each in (first, second)] == [2, 2]


def test_only_a_collector(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE + 91)
    with refused("AccessManagedUnauthorized"):
        loan.send("declareDefault")
