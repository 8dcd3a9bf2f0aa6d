"""LoanBook.returnPayment: a payment that the bank takes back is due again, charged for no day in between."""

from dataclasses import replace

import pytest

from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned, entry


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def _histories(loan: Twinned) -> dict[str, int]:
    found: dict[str, int] = loan.system.read("CreditRegistry", "historyOf", loan.person.subject)
    return found


def test_what_it_paid_is_due_again_and_the_cash_goes_back(loan: Twinned) -> None:
    rails, pool = loan.system.role("rails"), loan.agreement.lender
    untouched = loan.state
    before = loan.system.cash(rails), loan.system.cash(pool)
    loan.repay_valued(100_000, FIRST_DAY)
    events = loan.return_payment()
    assert (loan.system.cash(rails), loan.system.cash(pool)) == before
    assert loan.state == replace(untouched, borne_day=loan.state.borne_day)
    returned = dict(events)["PaymentReturned"]
    assert returned["interest_minor"] + returned["principal_minor"] == 100_000


def test_lateness_counts_on_from_the_due_days_without_charge_for_the_days_between(loan: Twinned) -> None:
    loan.go_to(DUE)
    loan.repay_valued(loan.agreement.instalment_minor, DUE)
    loan.go_to(DUE + 45)
    events = loan.return_payment()
    assert dict(events)["ArrearsChanged"] == {"loan": loan.loan, "bucket": 2, "days_past_due": 45}
    assert (loan.state.charges_minor, loan.state.accrued_day) == (0, DUE + 45)


def test_charges_that_it_paid_are_due_again(loan: Twinned) -> None:
    loan.go_to(DUE + 10)
    overdue = loan.owed.overdue_minor
    loan.repay_valued(overdue, DUE + 10)
    paid = loan.splits[entry(1)][0]
    loan.go_to(DUE + 12).return_payment()
    assert (loan.state.late_fee_due_minor, loan.state.penalty_due_minor) == (paid.late_fee_minor, paid.penalty_minor)
    assert paid.late_fee_minor == 2_000


def test_a_later_payment_stays_and_takes_the_place_of_the_one_returned(loan: Twinned) -> None:
    loan.repay_valued(150_000, FIRST_DAY)
    loan.repay(100_000)
    loan.return_payment()
    assert loan.state.paid_rows_minor == 100_000


def test_a_closed_loan_opens_again_and_its_limit_is_in_use_again(loan: Twinned) -> None:
    loan.repay_valued(loan.owed.total_minor, FIRST_DAY)
    assert _histories(loan)["loans_on_time"] == 1
    loan.go_to(FIRST_DAY + 9).return_payment()
    assert (loan.state.status, loan.state.row) == (1, 0)
    assert _histories(loan)["loans_on_time"] == 0


def test_a_settled_loan_opens_again_from_its_end(loan: Twinned) -> None:
    loan.repay_valued(40_000, FIRST_DAY)
    loan.settle()
    loan.go_to(FIRST_DAY + 3).return_payment()
    assert loan.state.row == len(loan.state.rows) - 1


def test_a_cancelled_loan_opens_again_when_an_earlier_payment_comes_back(system: System) -> None:
    loan = Twinned.begun(system, cooling_off_days=14)
    loan.repay_valued(300_000, FIRST_DAY)
    loan.cancel()
    loan.go_to(FIRST_DAY + 2).return_payment()
    assert (loan.state.status, loan.state.row) == (1, len(loan.state.rows) - 4)
    assert not any(_histories(loan).values())


def test_a_payment_is_returned_once(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    loan.return_payment()
    with refused("NothingToReturn", loan=loan.loan, entry=entry(1)):
        loan.send("returnPayment", entry(1), sender="rails")
    with refused("EntryUsed"):
        loan.send("repayValued", 1_000, FIRST_DAY, entry(1), sender="rails")


def test_only_a_payment_by_entry_is_returned(loan: Twinned, refused: Refused) -> None:
    loan.repay(1_000)
    with refused("NothingToReturn"):
        loan.send("returnPayment", entry(1), sender="rails")


def test_only_the_rails_return(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    with refused("AccessManagedUnauthorized"):
        loan.send("returnPayment", entry(1))


def test_a_bank_has_four_hundred_days(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    loan.go_to(FIRST_DAY + 401)
    with refused("ReturnTooLate", loan=loan.loan, today=FIRST_DAY + 401, last_day=FIRST_DAY + 400):
        loan.return_payment()


def test_on_the_last_day_it_is_still_returned(loan: Twinned) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    loan.go_to(FIRST_DAY + 400).return_payment()


def test_what_was_recovered_of_a_loan_written_off_is_lost_again(loan: Twinned) -> None:
    loan.go_to(DUE + 91).default()
    loan.write_off()
    loan.repay_valued(300_000, DUE + 91)
    loan.return_payment()
    position = loan.system.read("LoanBook", "position", loan.agreement.lender)
    assert position["lost_minor"] - position["recovered_minor"] == loan.state.written_off_minor == 1_000_000
