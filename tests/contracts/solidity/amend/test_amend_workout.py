"""LoanBook.amend of loans in trouble: a default ends, cover and impairment stay right, a write-off and a pause hold."""

from typing import Any

import pytest

from contracts import loan as twin
from contracts.typed_data import Amendment
from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.amend.amending import Money, claims, drawn_up
from tests.contracts.solidity.twinned import DUE, Twinned

DEFAULTED = DUE + 91


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def _amend(loan: Twinned, amendment: Amendment) -> dict[str, Any]:
    """On both."""
    events = dict(loan.events(loan.system.amend(amendment)))
    loan.state, _ = twin.amend(loan.state, amendment, loan.day, loan.stops)
    loan.check()
    return events


def test_a_default_ends_with_new_terms(loan: Twinned) -> None:
    loan.go_to(DEFAULTED).default()
    owed = claims(loan.system, loan.loan)
    events = _amend(loan, drawn_up(loan.system, loan.loan, Money(capitalised=owed)))
    assert events["LoanCured"] == {"loan": loan.loan}
    assert events["ArrearsChanged"] == {"loan": loan.loan, "bucket": 0, "days_past_due": 0}
    assert (loan.state.status, loan.state.was_late) == (1, True)
    assert "LoanClosed" in dict(loan.repay(loan.owed.total_minor))


@pytest.mark.parametrize("covered", [400_000, 1_000_000])
def test_what_guarantees_have_paid_stays_theirs_under_new_terms(loan: Twinned, covered: int) -> None:
    loan.guarantee(covered)
    loan.go_to(DEFAULTED).default()
    loan.call_cover()
    owed = claims(loan.system, loan.loan)
    _amend(loan, drawn_up(loan.system, loan.loan, Money(capitalised=owed, top_up=10_000)))
    lent = 1_010_000 - covered + owed
    assert (loan.state.covered_minor, loan.state.lent_minor) == (covered, lent)
    loan.go_to(DEFAULTED + 30)
    events = dict(loan.repay(loan.owed.total_minor))
    assert events["RecoveryPassed"] == {"loan": loan.loan, "to_lender_minor": lent, "to_fund_minor": covered}


def test_new_money_for_a_covered_loan_keeps_to_the_facility_by_the_lenders_part(
    loan: Twinned, refused: Refused
) -> None:
    loan.guarantee(400_000)
    loan.go_to(DEFAULTED).default()
    loan.call_cover()
    system, agreement = loan.system, loan.agreement
    values = agreement.lender, agreement.product_id, 1_000_999, 100
    system.restricted("LoanBook", "openFacility", *values, sender=system.role("risk"))
    loan.go_to(DEFAULTED + 1)
    with refused("BorrowerLimitExceeded", reserved_minor=1_001_000, most_minor=1_000_999):
        system.amend(drawn_up(system, loan.loan, Money(top_up=1_000)))
    _amend(loan, drawn_up(system, loan.loan, Money(top_up=999)))
    assert system.read("LoanBook", "position", agreement.lender)["outstanding_minor"] == 600_999


def test_no_more_is_impaired_than_the_new_principal(loan: Twinned) -> None:
    loan.repay(300_000)
    loan.impair(loan.state.uncovered_minor)
    impaired = loan.state.impaired_minor
    events = _amend(loan, drawn_up(loan.system, loan.loan))
    rebate = events["LoanAmended"]["found"]["rebate_minor"]
    assert rebate > 0
    assert events["ImpairmentChanged"] == {"loan": loan.loan, "impaired_minor": impaired - rebate}


def test_a_loan_that_is_written_off_is_not_amended(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DEFAULTED).default()
    loan.write_off()
    with refused("LoanNotActive", loan=loan.loan, status=5):
        loan.system.amend(drawn_up(loan.system, loan.loan))


def test_while_paused_loans_are_amended_without_new_money(loan: Twinned, refused: Refused) -> None:
    system = loan.system
    system.send("LoanBook", "setPaused", True, sender=system.role("guardian"))
    with refused("PausedLoanBook", loan_book=system.contracts["LoanBook"]):
        system.amend(drawn_up(system, loan.loan, Money(top_up=1_000)))
    _amend(loan, drawn_up(system, loan.loan))


def test_days_on_which_clocks_stood_still_are_not_charged(loan: Twinned) -> None:
    system = loan.system
    loan.go_to(DUE + 1)
    system.send("LoanBook", "setPaused", True, sender=system.role("guardian"))
    loan.go_to(DUE + 31)
    system.send("LoanBook", "setPaused", False, sender=system.role("guardian"))
    loan.go_to(DUE + 33)
    events = _amend(loan, drawn_up(system, loan.loan))
    assert events["LoanAmended"]["found"]["late_fee_minor"] == 0
    assert not loan.state.was_late


def test_a_payment_from_before_new_terms_is_not_returned(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    _amend(loan, drawn_up(loan.system, loan.loan))
    with refused("ReturnAfterAmendment", loan=loan.loan):
        loan.return_payment()
