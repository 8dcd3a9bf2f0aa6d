"""What an amendment means for a loan's other acts, and they for it."""

import pytest

from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned

NEXT = DUE + 31
"""2026-03-31."""


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def test_a_default_ends(loan: Twinned) -> None:
    loan.go_to(DUE + 91).default()
    assert "LoanCured" in dict(loan.amend(loan.new_terms(NEXT + 122)))
    assert loan.state.status == 1


def test_a_covered_loan_is_amended_with_its_cover(loan: Twinned) -> None:
    loan.guarantee(600_000)
    loan.go_to(DUE + 91).default()
    loan.call_cover()
    loan.amend(loan.new_terms(NEXT + 122))
    assert (loan.state.covered_minor, loan.state.lent_minor) == (600_000, 400_000)
    loan.repay(loan.owed.total_minor)
    assert loan.state.status == 2


def test_new_money_needs_standing_and_a_loan_book_that_runs(loan: Twinned, refused: Refused) -> None:
    system, subject = loan.system, loan.person.subject
    terms = loan.new_terms(DUE, principal_minor=1_400_000, deadline=system.evm.timestamp + 7_200)
    amendment = loan.amendment(terms, top_up_minor=400_000)
    system.send("LoanBook", "setPaused", True, sender=system.role("guardian"))
    with refused("PausedLoanBook"):
        loan.send_amendment(amendment)
    system.evm.go_to(system.evm.timestamp + 3_600)
    system.send("LoanBook", "setPaused", False, sender=system.role("guardian"))
    system.send("IdentityRegistry", "setFrozen", subject, True, sender=system.role("registrar"))
    with refused("PartyNotInStanding", party=subject):
        loan.send_amendment(amendment)


def test_a_frozen_borrower_may_amend_without_new_money_even_while_paused(loan: Twinned) -> None:
    system = loan.system
    system.send("IdentityRegistry", "setFrozen", loan.person.subject, True, sender=system.role("registrar"))
    system.send("LoanBook", "setPaused", True, sender=system.role("guardian"))
    loan.amend(loan.new_terms(NEXT, rate_ppm=60_000))


def test_a_payment_made_before_is_not_returned_after(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(50_000, FIRST_DAY)
    rebate = loan.system.payoff(loan.loan, FIRST_DAY)["rebate_minor"]
    loan.amend(loan.new_terms(NEXT, principal_minor=loan.state.outstanding_principal_minor - rebate))
    with refused("ReturnAfterAmendment"):
        loan.return_payment()


def test_an_amended_loan_is_neither_cancelled_nor_unwound(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system, cooling_off_days=14)
    loan.amend(loan.new_terms(NEXT))
    with refused("LoanAlreadyAmended", amendments=1):
        loan.cancel()
    with refused("LoanAlreadyAmended", amendments=1):
        loan.send("unwind", loan.agreement, bytes(32), sender="rails")


def test_a_loan_written_off_is_not_amended(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE + 91).default()
    loan.write_off()
    with refused("LoanNotActive", status=5):
        loan.amend(loan.new_terms(NEXT + 122))
