"""LoanBook.writeOff: the lender's loss is told, the claim stands, and what is paid after all is recovery."""

import pytest

from scripts.workbench.system import System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned


@pytest.fixture
def loan(system: System) -> Twinned:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 91).default()
    return loan


def _position(loan: Twinned) -> dict[str, int]:
    found: dict[str, int] = loan.system.read("LoanBook", "position", loan.agreement.lender)
    return found


def test_only_a_loan_in_default_is_written_off(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system).go_to(DUE + 91)
    with refused("LoanNotActive", status=1):
        loan.write_off()


def test_the_lenders_principal_is_lost_and_its_impairment_with_it(loan: Twinned) -> None:
    loan.impair(600_000)
    events = loan.write_off()
    assert ("LoanWrittenOff", {"loan": loan.loan, "principal_minor": 1_000_000}) in events
    assert dict(events)["ImpairmentChanged"]["impaired_minor"] == 0
    assert _position(loan) == {
        "outstanding_minor": 0,
        "impaired_minor": 0,
        "lost_minor": 1_000_000,
        "recovered_minor": 0,
    }
    history = loan.system.read("CreditRegistry", "historyOf", loan.person.subject)
    assert history["written_off"] == 1


def test_charges_stop_and_the_claim_stands(loan: Twinned) -> None:
    loan.write_off()
    owed = loan.owed.total_minor
    loan.go_to(DUE + 400)
    assert loan.system.read("LoanBook", "owed", loan.loan, DUE + 400)["total_minor"] == owed == loan.owed.total_minor


def test_what_is_paid_is_recovered(loan: Twinned) -> None:
    loan.write_off()
    events = loan.go_to(DUE + 400).repay(500_000)
    paid = dict(events)["PaymentApplied"]["principal_minor"]
    assert dict(events)["RecoveryPassed"] == {"loan": loan.loan, "to_lender_minor": paid, "to_fund_minor": 0}
    assert _position(loan)["recovered_minor"] == paid > 0
    assert loan.state.written_off_minor == 1_000_000 - paid


def test_a_loan_paid_after_all_is_closed_and_its_limit_free(loan: Twinned) -> None:
    loan.write_off()
    loan.repay(loan.owed.total_minor)
    assert loan.state.status == 2
    assert _position(loan)["recovered_minor"] == _position(loan)["lost_minor"] == 1_000_000


def test_a_loan_written_off_can_be_settled(loan: Twinned) -> None:
    loan.write_off()
    loan.settle()
    assert _position(loan)["recovered_minor"] == 1_000_000


def test_it_is_written_off_once_and_impaired_no_more(loan: Twinned, refused: Refused) -> None:
    loan.write_off()
    with refused("LoanNotActive", status=5):
        loan.write_off()
    with refused("LoanNotActive", status=5):
        loan.impair(1)


def test_only_a_collector(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.send("writeOff")
