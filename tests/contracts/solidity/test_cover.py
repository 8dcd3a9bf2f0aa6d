"""LoanBook.applyCover: guarantees have paid the lender; what is paid after that is the lender's first, then theirs."""

import pytest

from contracts.schedule import Row
from contracts.typed_data import digest
from scripts.workbench.system import Draft, System, proven
from tests.contracts.conftest import Refused
from tests.contracts.solidity.conftest import EVERYTHING, START
from tests.contracts.solidity.twinned import DUE, Events, Twinned


@pytest.fixture
def loan(system: System) -> Twinned:
    loan = Twinned.begun(system)
    loan.go_to(DUE + 91).default()
    return loan


def _uncovered(loan: Twinned) -> dict[str, object]:
    found: dict[str, object] = loan.system.read("LoanBook", "uncovered", loan.loan)
    return found


def test_cover_lowers_what_the_lender_has_outstanding_and_not_what_is_owed(loan: Twinned) -> None:
    owed = loan.owed
    [event] = loan.cover(600_000)
    assert event == (
        "CoverApplied",
        {"loan": loan.loan, "fund": loan.system.contracts["GuaranteeFund"], "amount_minor": 600_000},
    )
    assert loan.owed == owed
    assert _uncovered(loan)["uncovered_minor"] == 400_000


def test_what_can_be_covered_is_told_of_a_default_only(system: System) -> None:
    loan = Twinned.begun(system)
    found = {"borrower": loan.person.subject, "lender": loan.agreement.lender, "status": 1, "uncovered_minor": 0}
    assert _uncovered(loan) == found
    loan.go_to(DUE + 91).default()
    assert _uncovered(loan) == found | {"status": 4, "uncovered_minor": 1_000_000}


def test_cover_lowers_an_impairment(loan: Twinned) -> None:
    loan.impair(900_000)
    assert dict(loan.cover(600_000))["ImpairmentChanged"]["impaired_minor"] == 400_000


def test_no_more_than_the_lender_has_in_the_loan(loan: Twinned, refused: Refused) -> None:
    loan.cover(600_000)
    with refused("CoverTooHigh", amount_minor=400_001, most_minor=400_000):
        loan.cover(400_001)
    loan.cover(400_000)


def test_a_loan_that_is_not_in_default_is_not_covered(system: System, refused: Refused) -> None:
    with refused("LoanNotActive", status=1):
        Twinned.begun(system).cover(1)


def test_of_a_loan_written_off_cover_is_recovered(loan: Twinned, refused: Refused) -> None:
    loan.write_off()
    assert _uncovered(loan)["uncovered_minor"] == 1_000_000
    assert [name for name, _ in loan.cover(600_000)] == ["CoverApplied"]
    assert (loan.state.written_off_minor, loan.state.covered_minor) == (400_000, 600_000)
    with refused("CoverTooHigh", amount_minor=400_001, most_minor=400_000):
        loan.cover(400_001)


def test_only_the_fund_applies_cover(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.send("applyCover", 1, sender="risk")


def test_the_fund_takes_no_more_than_it_has_paid(system: System, refused: Refused) -> None:
    book, loan = system.contracts["LoanBook"], Twinned.begun(system).loan
    with refused("RecoveryTooLarge", loan=loan, excess_minor=1):
        system.send("GuaranteeFund", "recovered", loan, 1, sender=book)
    system.send("GuaranteeFund", "recovered", loan, 0, sender=book)


@pytest.fixture
def guaranteed(system: System) -> Twinned:
    """In default, and 600,000 of 1,000,000 covered."""
    loan = Twinned.begun(system)
    loan.guarantee(600_000)
    loan.go_to(DUE + 91).default()
    loan.call_cover()
    return loan


def _recovered(events: Events) -> tuple[int, int]:
    passed = dict(events)["RecoveryPassed"]
    return passed["to_lender_minor"], passed["to_fund_minor"]


def test_the_lender_gets_its_own_before_the_fund(guaranteed: Twinned) -> None:
    fund, pool = guaranteed.system.contracts["GuaranteeFund"], guaranteed.agreement.lender
    before = guaranteed.system.cash(fund), guaranteed.system.cash(pool)
    events = guaranteed.repay(300_000)
    assert "RecoveryPassed" not in dict(events)
    rest = guaranteed.state.uncovered_minor
    assert 0 < rest < 400_000
    to_lender, to_fund = _recovered(guaranteed.repay(500_000))
    assert to_lender == rest
    assert guaranteed.state.covered_minor == guaranteed.state.outstanding_principal_minor == 600_000 - to_fund
    after = guaranteed.system.cash(fund), guaranteed.system.cash(pool)
    assert (after[0] - before[0], after[1] - before[1]) == (to_fund, 800_000 - to_fund)


def test_a_loan_paid_in_full_gives_the_fund_all_of_its_own(guaranteed: Twinned) -> None:
    fund = guaranteed.system.contracts["GuaranteeFund"]
    before = guaranteed.system.cash(fund)
    guaranteed.repay(guaranteed.owed.total_minor)
    assert guaranteed.system.cash(fund) - before == 600_000
    assert guaranteed.state.status == 2


def test_a_payoff_gives_the_fund_its_own_first(guaranteed: Twinned) -> None:
    events = guaranteed.settle()
    assert _recovered(events) == (400_000, 600_000)


def test_of_a_loan_written_off_the_lenders_loss_comes_first(guaranteed: Twinned) -> None:
    guaranteed.write_off()
    assert guaranteed.state.written_off_minor == 400_000
    events = guaranteed.repay(guaranteed.owed.total_minor - 100)
    to_lender, to_fund = _recovered(events)
    assert (to_lender, to_fund) == (400_000, 600_000 - 100)
    guaranteed.repay(100)
    position = guaranteed.system.read("LoanBook", "position", guaranteed.agreement.lender)
    assert position["lost_minor"] == position["recovered_minor"] == 400_000


def test_a_covered_loan_is_cured_and_its_cover_still_owed(guaranteed: Twinned) -> None:
    events = guaranteed.repay(guaranteed.owed.overdue_minor)
    assert "LoanCured" in dict(events)
    assert guaranteed.state.covered_minor == 600_000


def test_a_returned_payment_is_the_lenders_to_bear_alone(guaranteed: Twinned) -> None:
    guaranteed.repay_valued(1_000_000, guaranteed.day)
    covered = guaranteed.state.covered_minor
    guaranteed.return_payment()
    assert guaranteed.state.covered_minor == covered


TABLE = tuple(Row(nr, START + 30 * nr, 20_000, 150) for nr in range(1, 6))


def test_of_a_loan_by_a_table_cover_needs_no_row(ready: System, refused: Refused) -> None:
    draft = Draft(
        principal_minor=100_000,
        method=5,
        periods=5,
        period_length=0,
        anchor_day=0,
        disbursement_day=START,
        first_due_day=TABLE[0].due_day,
        upfront_fee_minor=0,
        product_id=EVERYTHING,
    )
    person, fund = ready.person(), ready.contracts["GuaranteeFund"]
    agreement = ready.agreement(person, draft, TABLE)
    ready.originate(person, agreement, TABLE)
    loan = digest(agreement, ready.domain("LoanBook"))
    ready.send("LoanBook", "repay", loan, 10_150, proven(TABLE, 0), sender=person.subject)
    ready.at_day(TABLE[0].due_day + 91)
    with refused("RowMissing", row=0):
        ready.send("LoanBook", "declareDefault", loan, sender=ready.role("risk"))
    ready.send("LoanBook", "declareDefault", loan, proven(TABLE, 0), sender=ready.role("risk"))
    assert ready.read("LoanBook", "uncovered", loan)["uncovered_minor"] == 90_000
    with refused("CoverTooHigh", most_minor=90_000):
        ready.send("LoanBook", "applyCover", loan, 90_001, sender=fund)
    ready.send("LoanBook", "applyCover", loan, 50_000, sender=fund)
    assert ready.read("LoanBook", "uncovered", loan)["uncovered_minor"] == 40_000
    with refused("RowMissing", row=0):
        ready.send("LoanBook", "writeOff", loan, sender=ready.role("risk"))
    ready.send("LoanBook", "writeOff", loan, proven(TABLE, 0, 1, 2, 3, 4), sender=ready.role("risk"))
    view = ready.loan(loan, proven(TABLE, 0))
    assert (view["written_off_minor"], view["covered_minor"]) == (40_000, 50_000)
