"""LoanBook.applyCover: guarantees have paid the lender; what is paid after that is the lender's first, then theirs."""

import pytest

from contracts.schedule import Row
from contracts.typed_data import digest
from scripts.workbench.system import Draft, System, proven
from tests.contracts.solidity.conftest import EVERYTHING, START, Refused
from tests.contracts.solidity.twinned import DUE, Twinned


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


def test_only_a_loan_in_default_is_covered(system: System, refused: Refused) -> None:
    with refused("LoanNotActive", status=1):
        Twinned.begun(system).cover(1)


def test_only_the_fund_applies_cover(loan: Twinned, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        loan.send("applyCover", 1, sender="risk")


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
