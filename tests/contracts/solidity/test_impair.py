"""LoanBook.setImpairment: what is not expected back, without moving a due day."""

import pytest

from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, LENDER, Twinned


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def test_an_impairment_moves_no_due_day_and_can_be_taken_back(loan: Twinned) -> None:
    owed = loan.owed
    assert loan.impair(400_000) == [("ImpairmentChanged", {"loan": loan.loan, "impaired_minor": 400_000})]
    assert loan.owed == owed
    loan.impair(0)
    assert loan.state.impaired_minor == 0


def test_impairments_of_a_lender_add_up(system: System) -> None:
    first, second = Twinned.begun(system), Twinned.begun(system, number=2)
    for loan, amount in ((first, 300_000), (second, 200_000)):
        loan.send("setImpairment", amount, sender="risk")
    assert system.read("LoanBook", "position", system.contracts[LENDER])["impaired_minor"] == 500_000


def test_a_payment_lowers_it_to_what_the_lender_still_has_in_the_loan(loan: Twinned) -> None:
    loan.impair(1_000_000)
    instalment = loan.agreement.instalment_minor
    events = loan.go_to(DUE).repay(instalment)
    assert dict(events)["ImpairmentChanged"]["impaired_minor"] == loan.state.outstanding_principal_minor < 1_000_000
    loan.impair(500_000)
    assert "ImpairmentChanged" not in dict(loan.repay(instalment))


def test_it_ends_with_the_loan(loan: Twinned) -> None:
    loan.impair(10_000)
    assert dict(loan.settle())["ImpairmentChanged"]["impaired_minor"] == 0


def test_no_more_than_is_outstanding(loan: Twinned, refused: Refused) -> None:
    with refused("ImpairmentTooHigh", impaired_minor=1_000_001, most_minor=1_000_000):
        loan.impair(1_000_001)


def test_the_same_again_says_nothing(loan: Twinned, refused: Refused) -> None:
    with refused("ImpairmentUnchanged", impaired_minor=0):
        loan.impair(0)


def test_an_impaired_loan_is_paid_like_any_other(loan: Twinned) -> None:
    loan.impair(100_000)
    assert loan.system.read("LoanBook", "owed", loan.loan, FIRST_DAY)["total_minor"] == loan.owed.total_minor
    loan.repay(loan.owed.total_minor)
    assert loan.state.status == 2


def test_only_an_impairer(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.send("setImpairment", 1)
    with refused("AccessManagedUnauthorized"):
        loan.send("setImpairment", 1, sender="rails")
