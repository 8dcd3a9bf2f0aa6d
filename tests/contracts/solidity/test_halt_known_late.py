"""A halt that becomes known only after a loan was charged: no late fee twice, no day's penalty twice."""

from scripts.workbench.system import DAY_SECONDS, Draft, System
from tests.contracts.solidity.halts import Halt, halt_for, record
from tests.contracts.solidity.twinned import DUE, Events, Twinned

GRACE, FEE = 3, 2_000
FIFTEEN_DAYS = 657
"""Penalty on an instalment of 88,849 at 18 % for so many days."""
HALTED = 12
PART = 3_000


def _charges(events: Events) -> tuple[int, int]:
    paid = dict(events)["PaymentApplied"]
    return paid["late_fee_minor"], paid["penalty_minor"]


def _charged_through_a_halt(system: System, draft: Draft | None = None) -> tuple[Twinned, Halt]:
    """A loan that paid a little 15 days late, when nobody had recorded that 12 of them did not count."""
    loan = Twinned.begun(system, draft)
    loan.go_to(DUE + 1)
    halt = halt_for(system, HALTED * DAY_SECONDS)
    loan.go_to(DUE + 15)
    loan.repay(PART)
    return loan, halt


def _known_at_last(system: System) -> Twinned:
    """The same loan, once anybody has recorded the halt."""
    loan, halt = _charged_through_a_halt(system)
    record(system, halt)
    return loan


def test_before_it_is_known_all_days_count(system: System) -> None:
    loan = Twinned.begun(system).go_to(DUE + 1)
    halt_for(system, HALTED * DAY_SECONDS)
    loan.go_to(DUE + 15)
    assert _charges(loan.repay(PART)) == (FEE, FIFTEEN_DAYS)


def test_the_late_fee_is_borne_once(system: System) -> None:
    loan = _known_at_last(system)
    assert loan.state.days_late(loan.day, loan.stops) == GRACE
    loan.go_to(DUE + 30)
    assert _charges(loan.repay(PART))[0] == 0


def test_no_day_bears_penalty_twice_and_none_is_given_back(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 30)
    assert _charges(loan.repay(PART)) == (0, FIFTEEN_DAYS - 3)  # of what is left of the row


def test_no_row_bears_penalty_for_more_days_than_were_agreed(system: System) -> None:
    loan, halt = _charged_through_a_halt(system, Draft(penalty_max_days=10))
    assert loan.state.penalty_due_minor == 0  # ten days of it are paid
    record(system, halt)
    loan.go_to(DUE + 25)
    assert _charges(loan.repay(PART)) == (0, 0)


def test_a_payment_while_the_row_is_back_within_the_grace_changes_nothing(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 17)
    loan.repay(1)
    loan.go_to(DUE + 30)
    assert _charges(loan.repay(PART))[0] == 0


def test_what_is_owed_tells_the_same_beforehand(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 17)
    owed = system.read("LoanBook", "owed", loan.loan, DUE + 30)
    loan.go_to(DUE + 30)
    loan.repay(1)
    assert owed["overdue_minor"] == loan.owed.overdue_minor + 1


def test_the_next_row_bears_its_own_late_fee(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 31)
    loan.repay(loan.owed.overdue_minor)
    next_due = loan.state.next_due_day
    loan.go_to(next_due + GRACE + 1)
    assert _charges(loan.repay(PART))[0] == FEE


def test_a_second_halt_known_late_changes_nothing_either(system: System) -> None:
    loan = _known_at_last(system)
    second = halt_for(system, 2 * HALTED * DAY_SECONDS)
    loan.go_to(DUE + 45)
    loan.repay(PART)
    record(system, second)
    loan.go_to(DUE + 47)
    assert _charges(loan.repay(PART))[0] == 0


def test_a_returned_payment_makes_no_late_fee_due_again_but_its_own(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 20)
    loan.repay_valued(loan.owed.overdue_minor, loan.day)
    loan.go_to(DUE + 22).return_payment()
    loan.go_to(DUE + 29)
    assert _charges(loan.repay(PART))[0] == 0


def test_a_payment_returned_while_the_row_is_back_within_its_grace_bears_one_late_fee(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 1)
    halt = halt_for(system, HALTED * DAY_SECONDS)
    loan.go_to(DUE + 15)
    assert _charges(loan.repay_valued(PART, loan.day)) == (FEE, FIFTEEN_DAYS)
    record(system, halt)
    loan.return_payment()
    assert (loan.state.late_fee_due_minor, loan.state.penalty_due_minor) == (FEE, FIFTEEN_DAYS)
    loan.go_to(DUE + 30)
    assert [_charges(loan.repay(PART))[0] for _ in range(2)] == [FEE, 0]


def test_what_was_noted_of_a_row_is_nothing_to_the_next(system: System) -> None:
    loan = _known_at_last(system)
    loan.go_to(DUE + 20)
    loan.repay(loan.owed.overdue_minor)
    loan.go_to(DUE + 25)
    loan.repay(1)
    next_due = loan.state.next_due_day
    loan.go_to(next_due + 1)
    record(system, halt_for(system, HALTED * DAY_SECONDS))
    loan.go_to(next_due + HALTED + GRACE)
    assert _charges(loan.repay(1))[0] == 0
    loan.go_to(next_due + HALTED + GRACE + 2)
    assert _charges(loan.repay(PART))[0] == FEE
