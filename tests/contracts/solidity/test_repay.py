"""LoanBook.repay: what is taken, from whom, and what it pays."""

from typing import Any

import pytest

from contracts.typed_data import Agreement
from scripts.workbench.system import CAPITAL_MINOR, Draft, System
from tests.contracts.conftest import Refused

LATE_FEE = 2_000


def _loan(system: System, **draft: Any) -> tuple[bytes, Agreement]:
    agreements: list[Agreement] = []
    loan = system.lend(terms=Draft(**draft), seen=agreements.append)
    return loan, agreements[0]


def _repay(system: System, loan: bytes, amount_minor: int) -> dict[str, Any]:
    receipt = system.send("LoanBook", "repay", loan, amount_minor, sender=system.person().subject)
    return dict(system.events(receipt))


def test_an_instalment_pays_interest_then_principal(system: System) -> None:
    loan, agreement = _loan(system)
    system.at_day(agreement.first_due_day)
    events = _repay(system, loan, agreement.instalment_minor)
    interest = (1_000_000 * 120_000 * 28 * 2 + 365_000_000) // (2 * 365_000_000)
    assert events["PaymentApplied"] == {
        "loan": loan,
        "payer": system.person().subject,
        "amount_minor": agreement.instalment_minor,
        "late_fee_minor": 0,
        "penalty_minor": 0,
        "interest_minor": interest,
        "principal_minor": agreement.instalment_minor - interest,
        "day": agreement.first_due_day,
    }
    assert "ArrearsChanged" not in events


def test_money_in_is_money_out(system: System) -> None:
    loan, agreement = _loan(system)
    before = system.cash(agreement.lender)
    _repay(system, loan, 12_345)
    assert system.cash(agreement.lender) == before + 12_345
    supply = system.read("CashToken", "totalSupply")
    parties = (agreement.lender, system.person().subject, system.role("treasurer"))
    assert supply == sum(system.cash(party) for party in parties)


def test_paying_within_the_grace_costs_nothing(system: System) -> None:
    loan, agreement = _loan(system)
    system.at_day(agreement.first_due_day + agreement.grace_days)
    events = _repay(system, loan, agreement.instalment_minor)
    assert events["PaymentApplied"]["late_fee_minor"] == 0
    assert events["PaymentApplied"]["penalty_minor"] == 0


def test_a_day_after_the_grace_fee_and_penalty_count_from_the_due_day(system: System) -> None:
    loan, agreement = _loan(system)
    days = agreement.grace_days + 1
    system.at_day(agreement.first_due_day + days)
    penalty = (agreement.instalment_minor * agreement.penalty_rate_ppm * days + 182_500_000) // 365_000_000
    events = _repay(system, loan, agreement.instalment_minor + LATE_FEE + penalty)
    paid = events["PaymentApplied"]
    assert (paid["late_fee_minor"], paid["penalty_minor"]) == (LATE_FEE, penalty)
    view = system.loan(loan)
    assert (view["row"], view["late_fee_due_minor"], view["penalty_due_minor"], view["bucket"]) == (1, 0, 0, 0)


def test_an_overdue_loan_can_always_be_repaid(system: System) -> None:
    loan, agreement = _loan(system, periods=3)
    system.at_day(agreement.first_due_day + 2_000)
    total = system.read("LoanBook", "owed", loan, agreement.first_due_day + 2_000)["total_minor"]
    assert "LoanClosed" in _repay(system, loan, total)


def test_the_penalty_stops_growing_at_its_cap(system: System) -> None:
    loan, agreement = _loan(system, penalty_max_days=30)
    at_cap = system.read("LoanBook", "owed", loan, agreement.first_due_day + 30)["overdue_minor"]
    much_later = agreement.first_due_day + 30
    system.at_day(much_later)
    _repay(system, loan, 1)
    one_row = (agreement.instalment_minor * agreement.penalty_rate_ppm * 30 + 182_500_000) // 365_000_000
    assert at_cap == agreement.instalment_minor + LATE_FEE + one_row


def test_touching_a_late_loan_daily_changes_nothing(system: System) -> None:
    loan, agreement = _loan(system)
    last_day = agreement.first_due_day + 75
    untouched = system.read("LoanBook", "owed", loan, last_day)
    past_grace = agreement.first_due_day + agreement.grace_days + 1
    for day in range(past_grace, last_day):
        system.at_day(day)
        if day in (past_grace, agreement.first_due_day + 30, agreement.first_due_day + 60):
            system.send("LoanBook", "recordArrears", loan)
    assert system.read("LoanBook", "owed", loan, last_day) == untouched


def test_more_than_everything_owed_is_refused_and_nothing_is_taken(system: System, refused: Refused) -> None:
    loan, _ = _loan(system)
    total = system.read("LoanBook", "owed", loan, 20_484)["total_minor"]
    before = system.cash(system.person().subject)
    with refused("Overpayment", loan=loan, amount_minor=total + 1, owed_minor=total):
        _repay(system, loan, total + 1)
    with refused("Overpayment", owed_minor=total):
        _repay(system, loan, 2**255)
    assert system.cash(system.person().subject) == before
    _repay(system, loan, total)


def test_closing_leaves_nothing(system: System, refused: Refused) -> None:
    loan, agreement = _loan(system)
    total = system.read("LoanBook", "owed", loan, 20_484)["total_minor"]
    events = _repay(system, loan, total)
    assert events["LoanClosed"]["loan"] == loan
    view = system.loan(loan)
    empty = ("balance_minor", "paid_row_minor", "late_fee_due_minor", "penalty_due_minor", "bucket", "next_due_day")
    assert [view[name] for name in empty] == [0] * len(empty)
    assert (view["status"], view["row"], view["outstanding_principal_minor"]) == (2, 12, 0)
    assert system.read("LoanBook", "position", agreement.lender)["outstanding_minor"] == 0
    assert system.read("LoanBook", "exposure", system.person().subject) == {"open_loans": 0, "reserved_minor": 0}
    assert system.cash(agreement.lender) == CAPITAL_MINOR - 990_000 + total
    with refused("LoanNotActive", status=2):
        _repay(system, loan, 1)


def test_the_last_row_takes_the_residue(system: System) -> None:
    loan, agreement = _loan(system, instalment_minor=88_900)
    rows = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    for row in rows:
        day, principal, interest = row >> 224, row >> 112 & (1 << 112) - 1, row & (1 << 112) - 1
        system.at_day(day)
        paid = _repay(system, loan, principal + interest)["PaymentApplied"]
        assert (paid["interest_minor"], paid["principal_minor"]) == (interest, principal)
    assert principal + interest != agreement.instalment_minor
    assert system.loan(loan)["status"] == 2


def test_a_partial_payment_pays_interest_first(system: System) -> None:
    loan, _ = _loan(system)
    paid = _repay(system, loan, 9_000)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (9_000, 0)
    paid = _repay(system, loan, 1_000)["PaymentApplied"]
    assert (paid["interest_minor"], paid["principal_minor"]) == (205, 795)
    view = system.loan(loan)
    assert (view["paid_row_minor"], view["outstanding_principal_minor"]) == (10_000, 1_000_000 - 795)


def test_a_payment_over_several_rows_goes_row_by_row(system: System) -> None:
    loan, agreement = _loan(system)
    rows = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    interest = [row & (1 << 112) - 1 for row in rows]
    paid = _repay(system, loan, 2 * agreement.instalment_minor + 10)["PaymentApplied"]
    assert paid["interest_minor"] == interest[0] + interest[1] + 10
    assert system.loan(loan)["row"] == 2


def test_charges_last_leave_the_loan_open_until_they_are_paid(system: System) -> None:
    loan, agreement = _loan(system, periods=1, waterfall=0x3412)
    day = agreement.first_due_day + 10
    system.at_day(day)
    owed = system.read("LoanBook", "owed", loan, day)
    row = system.read("LoanBook", "deriveSchedule", agreement)["rows"][0]
    scheduled = (row >> 112 & (1 << 112) - 1) + (row & (1 << 112) - 1)
    assert "LoanClosed" not in _repay(system, loan, scheduled)
    view = system.loan(loan)
    assert (view["status"], view["row"], view["bucket"], view["next_due_day"]) == (1, 1, 0, 0)
    events = _repay(system, loan, owed["total_minor"] - scheduled)
    assert events["PaymentApplied"]["late_fee_minor"] == LATE_FEE
    assert "LoanClosed" in events


@pytest.mark.parametrize("amount", [0])
def test_a_payment_moves_something(system: System, refused: Refused, amount: int) -> None:
    loan, _ = _loan(system)
    with refused("ZeroPayment"):
        _repay(system, loan, amount)


def test_an_unknown_loan_is_not_repaid(system: System, refused: Refused) -> None:
    with refused("LoanNotActive", status=0):
        system.send("LoanBook", "repay", bytes(32), 1)


def test_anyone_in_standing_pays_from_own_cash(system: System, refused: Refused) -> None:
    loan, agreement = _loan(system)
    treasurer, borrower = system.role("treasurer"), system.person().subject
    system.mint(treasurer, 100_000)
    before = system.cash(borrower)
    system.send("LoanBook", "repay", loan, agreement.instalment_minor, sender=treasurer)
    assert system.cash(borrower) == before
    assert system.cash(treasurer) == 100_000 - agreement.instalment_minor
    with refused("PartyNotInStanding"):
        system.send("LoanBook", "repay", loan, 1, sender="0x" + "99" * 20)


def test_missing_cash_is_told(system: System, refused: Refused) -> None:
    loan, agreement = _loan(system)
    treasurer = system.role("treasurer")
    with refused("InsufficientCash", account=treasurer, balance=0, needed=agreement.instalment_minor):
        system.send("LoanBook", "repay", loan, agreement.instalment_minor, sender=treasurer)


def _freeze(system: System, party: str) -> None:
    system.send("IdentityRegistry", "setFrozen", party, True, sender=system.role("registrar"))


def test_a_frozen_borrower_repays_its_own_loan_only(system: System, refused: Refused) -> None:
    loan, agreement = _loan(system)
    system.people.pop(1)
    other = system.lend(2)
    _freeze(system, system.person(1).subject)
    with refused("PartyNotInStanding"):
        _repay(system, other, 100)
    _repay(system, loan, agreement.instalment_minor)


def test_a_blocked_lender_does_not_stop_repayment(system: System) -> None:
    loan, agreement = _loan(system)
    _freeze(system, agreement.lender)
    before = system.cash(agreement.lender)
    _repay(system, loan, agreement.instalment_minor)
    assert system.cash(agreement.lender) == before + agreement.instalment_minor
