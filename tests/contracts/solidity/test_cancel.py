"""LoanBook.cancelBySignature: within the cooling-off days what was paid out goes back, with the cost of the days."""

from dataclasses import replace

import pytest

from contracts.typed_data import Cancellation
from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import MAX, Twinned

COOLING_OFF_DAYS = 14
LAST_DAY = FIRST_DAY + 2 + COOLING_OFF_DAYS


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system, cooling_off_days=COOLING_OFF_DAYS)


def test_what_was_paid_out_goes_back_with_the_interest_of_the_days_and_no_fee(loan: Twinned) -> None:
    before = loan.system.cash(loan.person.subject)
    cancelled = dict(loan.go_to(FIRST_DAY + 10).cancel())["LoanCancelled"]
    assert cancelled["interest_minor"] == 3_288
    assert cancelled["amount_minor"] == 1_000_000 - 10_000 + 3_288
    assert before - loan.system.cash(loan.person.subject) == cancelled["amount_minor"]
    assert loan.state.status == 3


def test_it_leaves_no_history(loan: Twinned) -> None:
    loan.cancel()
    history = loan.system.read("CreditRegistry", "historyOf", loan.person.subject)
    assert not any(history.values())


def test_what_was_paid_already_counts(loan: Twinned) -> None:
    loan.repay(200_000)
    assert dict(loan.cancel())["LoanCancelled"]["amount_minor"] == 790_000


def test_when_more_was_paid_nothing_is_owed_and_nothing_comes_back(loan: Twinned) -> None:
    loan.repay(995_000)
    before = loan.system.cash(loan.person.subject)
    assert dict(loan.cancel())["LoanCancelled"]["amount_minor"] == 0
    assert loan.system.cash(loan.person.subject) == before


def test_the_last_day_counts_from_the_latest_origination_day(loan: Twinned, refused: Refused) -> None:
    loan.go_to(LAST_DAY + 1)
    with refused("CoolingOffOver", loan=loan.loan, today=LAST_DAY + 1, last_day=LAST_DAY):
        loan.cancel()


def test_on_the_last_day_it_is_still_possible(loan: Twinned) -> None:
    loan.go_to(LAST_DAY).cancel()


def test_without_cooling_off_days_there_is_no_withdrawal(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system)
    with refused("CoolingOffOver"):
        loan.cancel()


def test_never_more_than_the_borrower_signed(loan: Twinned, refused: Refused) -> None:
    with refused("PayoffTooHigh", payoff_minor=990_000, max_amount_minor=989_999):
        loan.cancel(989_999)
    loan.cancel(990_000)


def test_the_agreement_must_be_the_loans(loan: Twinned, refused: Refused) -> None:
    order = Cancellation(loan.loan, MAX, 0, loan.system.evm.timestamp + 600)
    milder = replace(loan.agreement, cooling_off_days=90)
    with refused("AgreementMismatch", loan=loan.loan):
        loan.system.ordered("cancelBySignature", order, milder)


def test_only_the_borrower_withdraws_in_time(loan: Twinned, refused: Refused) -> None:
    order = Cancellation(loan.loan, MAX, 0, loan.system.evm.timestamp + 600)
    with refused("InvalidSignature", party=loan.person.subject):
        loan.system.ordered("cancelBySignature", order, loan.agreement, person=loan.system.person(2))
    with refused("DeadlinePassed"):
        late = replace(order, deadline=loan.system.evm.timestamp - 1)
        loan.system.ordered("cancelBySignature", late, loan.agreement)


def test_a_loan_is_cancelled_once(loan: Twinned, refused: Refused) -> None:
    loan.cancel()
    with refused("LoanNotActive", status=3):
        loan.cancel()
    with refused("LoanNotActive"):
        loan.repay(1)
