"""LoanBook.repayValued: lateness counts to the bank's value day, within bounds, once for each entry."""

import pytest

from scripts.workbench.system import FIRST_DAY, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, Twinned, entry


@pytest.fixture
def loan(system: System) -> Twinned:
    return Twinned.begun(system)


def test_a_payment_that_the_bank_had_in_time_is_in_time(loan: Twinned) -> None:
    loan.go_to(DUE + 5)
    events = loan.repay_valued(loan.agreement.instalment_minor, DUE)
    paid = dict(events)["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"], paid["day"]) == (0, 0, DUE)
    assert dict(events)["PaymentValued"] == {
        "loan": loan.loan,
        "entry": entry(1),
        "carried_interest_minor": 0,
        "value_day": DUE,
    }
    assert not loan.state.was_late


def test_the_rails_pay_from_their_own_cash(loan: Twinned) -> None:
    rails = loan.system.role("rails")
    before = loan.system.cash(rails), loan.system.cash(loan.person.subject)
    loan.repay_valued(10_000, FIRST_DAY)
    assert (loan.system.cash(rails), loan.system.cash(loan.person.subject)) == (before[0] - 10_000, before[1])


def test_a_late_value_day_is_charged_to_that_day(loan: Twinned) -> None:
    loan.go_to(DUE + 40)
    paid = dict(loan.repay_valued(50_000, DUE + 37))["PaymentApplied"]
    assert paid["late_fee_minor"] == 4_000
    assert loan.state.accrued_day == DUE + 37


@pytest.mark.parametrize("value_day", [DUE - 6, DUE + 1])
def test_a_value_day_is_neither_old_nor_ahead(loan: Twinned, refused: Refused, value_day: int) -> None:
    loan.go_to(DUE)
    values = 1_000, value_day, entry(1)
    with refused("ValueDayOutOfRange", loan=loan.loan, value_day=value_day, first_day=DUE - 5, today=DUE):
        loan.send("repayValued", *values, sender="rails")
    loan.repay_valued(1_000, DUE - 5)


def test_a_value_day_is_not_before_the_last_payment(loan: Twinned, refused: Refused) -> None:
    loan.go_to(DUE)
    loan.repay(500)
    loan.go_to(DUE + 2)
    with refused("ValueDayOutOfRange", first_day=DUE, today=DUE + 2):
        loan.send("repayValued", 1_000, DUE - 1, entry(1), sender="rails")
    loan.repay_valued(1_000, DUE)


def test_arrears_recorded_meanwhile_do_not_spoil_a_value_day(loan: Twinned) -> None:
    loan.go_to(DUE + 4)
    loan.record_arrears()
    loan.repay_valued(loan.agreement.instalment_minor, DUE)
    assert (loan.state.bucket, loan.state.late_fee_due_minor) == (0, 0)


def test_an_entry_pays_a_loan_once(loan: Twinned, refused: Refused) -> None:
    loan.repay_valued(1_000, FIRST_DAY)
    with refused("EntryUsed", loan=loan.loan, entry=entry(1)):
        loan.send("repayValued", 1_000, FIRST_DAY, entry(1), sender="rails")
    loan.repay_valued(1_000, FIRST_DAY, number=2)


def test_one_entry_may_pay_two_loans(system: System) -> None:
    first, second = Twinned.begun(system), Twinned.begun(system, number=2)
    for loan in (first, second):
        loan.send("repayValued", 1_000, FIRST_DAY, entry(1), sender="rails")


def test_only_the_rails_book_value_days(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.send("repayValued", 1_000, FIRST_DAY, entry(1))


def test_more_than_everything_owed_is_refused(loan: Twinned, refused: Refused) -> None:
    total = loan.owed.total_minor
    with refused("Overpayment", owed_minor=total):
        loan.repay_valued(total + 1, FIRST_DAY)
    loan.repay_valued(total, FIRST_DAY)
    assert loan.state.status == 2
