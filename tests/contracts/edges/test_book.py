"""LoanBook where nothing, or not the expected, is there: unknown loans, taken places, loans with only charges left."""

from typing import Any

import pytest
from eth_utils.address import to_checksum_address

from scripts.workbench.system import DAY_SECONDS, Draft, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.twinned import DUE, FAR_DAY, Twinned

UNKNOWN = bytes(31) + b"\x07"
PRINCIPAL_BEFORE_CHARGES = 0x3412
COVER = 12
HOLDER, OTHER = (to_checksum_address("0x" + pair * 20) for pair in ("a1", "b2"))
HOLDERS_PRODUCT, OTHERS_PRODUCT = ((number).to_bytes(32, "big") for number in (47_391, 100_079))
"""The hashes of (HOLDER, HOLDERS_PRODUCT) and (OTHER, OTHERS_PRODUCT) end in the same 32 bits: one facility id."""

FIRST_PRODUCT, SECOND_PRODUCT = (number.to_bytes(32, "big") for number in (133_342, 148_216))
"""And so do those of (HOLDER, FIRST_PRODUCT) and (HOLDER, SECOND_PRODUCT)."""


def _open(system: System, lender: str, product_id: bytes, most_minor: int = 500) -> None:
    system.restricted("LoanBook", "openFacility", lender, product_id, most_minor, 100, sender=system.role("risk"))


def _facility(system: System, lender: str, product_id: bytes) -> tuple[int, int, int]:
    found = system.read("LoanBook", "facility", lender, product_id)
    return found["outstanding_minor"], found["max_outstanding_minor"], found["max_borrower_percent"]


def test_a_facility_is_not_opened_in_the_place_of_another_lenders(system: System, refused: Refused) -> None:
    _open(system, HOLDER, HOLDERS_PRODUCT)
    with refused("FacilityTaken", lender=OTHER, product_id=OTHERS_PRODUCT, holder=HOLDER):
        _open(system, OTHER, OTHERS_PRODUCT, 900)
    assert _facility(system, HOLDER, HOLDERS_PRODUCT) == (0, 500, 100)
    assert _facility(system, OTHER, OTHERS_PRODUCT) == (0, 0, 0)


def test_nor_in_the_place_of_another_product_of_the_same_lender(system: System, refused: Refused) -> None:
    _open(system, HOLDER, FIRST_PRODUCT)
    with refused("FacilityTaken", lender=HOLDER, product_id=SECOND_PRODUCT, holder=HOLDER):
        _open(system, HOLDER, SECOND_PRODUCT, 900)
    _open(system, HOLDER, FIRST_PRODUCT, 700)
    assert _facility(system, HOLDER, FIRST_PRODUCT) == (0, 700, 100)


def test_of_an_unknown_loan_nothing_is_uncovered_and_nothing_returned(system: System, refused: Refused) -> None:
    found = system.read("LoanBook", "uncovered", UNKNOWN)
    assert (int(found["borrower"], 16), int(found["lender"], 16)) == (0, 0)
    assert (found["status"], found["uncovered_minor"]) == (0, 0)
    with refused("LoanNotActive", loan=UNKNOWN, status=0):
        system.send("LoanBook", "returnPayment", UNKNOWN, bytes(32), sender=system.role("rails"))


def test_a_module_collects_nothing_for_whoever_calls_it(system: System, refused: Refused) -> None:
    """A collection of many calls itself, loan by loan; the module has that function for the book alone."""
    loan = Twinned.begun(system).loan
    with refused("OnlySelf", caller=HOLDER):
        system.send("LoanServicing", "collectOne", loan, sender=HOLDER)


def test_a_loan_is_covered_by_one_fund(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system)
    for fund in (HOLDER, OTHER):
        granted: dict[str, Any] = {"sender": system.role("governor"), "delay": 7 * DAY_SECONDS}
        system.restricted("AccessManager", "grantRole", COVER, fund, 0, **granted)
    loan.go_to(DUE + 91).default()
    system.send("LoanBook", "applyCover", loan.loan, 1_000, sender=HOLDER)
    with refused("CoveredByAnother", loan=loan.loan, fund=HOLDER):
        system.send("LoanBook", "applyCover", loan.loan, 1_000, sender=OTHER)
    system.send("LoanBook", "applyCover", loan.loan, 500, sender=HOLDER)
    assert system.read("LoanBook", "uncovered", loan.loan)["uncovered_minor"] == 1_000_000 - 1_500


@pytest.fixture
def charged(system: System) -> Twinned:
    """Every row is paid, late, and the late fee and penalty of it are not."""
    loan = Twinned.begun(system, Draft(periods=1, waterfall=PRINCIPAL_BEFORE_CHARGES, late_fee_minor=5_000))
    row_minor = loan.owed.total_minor
    loan.go_to(DUE + 40)
    loan.repay(row_minor)
    assert loan.state.charges_minor > 0
    return loan


def test_a_loan_with_only_charges_left_is_no_default(charged: Twinned, refused: Refused) -> None:
    charged.go_to(DUE + 200)
    with refused("NotLateEnough", loan=charged.loan, days_past_due=0, needed_days=90):
        charged.default()


def test_charges_alone_are_collected_and_end_the_loan(charged: Twinned) -> None:
    left = charged.state.charges_minor
    charged.system.allow(charged.loan, left - 1, FAR_DAY, nonce=0)
    assert _collected(charged) == 0
    charged.system.allow(charged.loan, left, FAR_DAY, nonce=1)
    assert _collected(charged) == 1
    assert charged.system.loan(charged.loan)["status"] == 2


def _collected(loan: Twinned) -> int:
    return int.from_bytes(loan.system.send("LoanBook", "collect", [loan.loan]).output, "big")


def test_a_payment_of_charges_alone_is_taken_back(charged: Twinned) -> None:
    left = charged.state.charges_minor
    charged.repay_valued(left, charged.day)
    assert charged.state.status == 2
    charged.go_to(charged.day + 1).return_payment()
    assert (charged.state.charges_minor, charged.state.outstanding_principal_minor) == (left, 0)


def test_interest_from_before_an_amendment_that_comes_back_keeps_the_loan_open(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE - 8)
    loan.amend(loan.new_terms(DUE))
    carried = loan.state.carried_interest_minor
    assert carried > 1
    loan.repay_valued(carried, loan.day)
    loan.repay(loan.owed.total_minor)
    assert loan.state.status == 2
    loan.return_payment()
    assert (loan.state.carried_interest_minor, loan.state.outstanding_principal_minor) == (carried, 0)
    loan.repay(1)
    assert (loan.state.status, loan.state.carried_interest_minor) == (1, carried - 1)
    loan.repay(carried - 1)
    assert loan.state.status == 2


def test_a_full_facility_tells_that_nothing_is_available(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system)
    lender, product = loan.agreement.lender, loan.agreement.product_id
    _open(system, lender, product, 400_000)
    person = system.person(2)
    loan.go_to(loan.day + 1)
    system.publish(person.subject)
    draft = Draft(disbursement_day=loan.day, principal_minor=1_000, upfront_fee_minor=0)
    beyond = {"lender": lender, "product_id": product, "wanted_minor": 1_000, "available_minor": 0}
    with refused("FacilityExceeded", **beyond):
        system.originate(person, system.agreement(person, draft))


def test_new_money_finds_nothing_in_a_facility_that_lends_less_than_is_out(system: System, refused: Refused) -> None:
    loan = Twinned.begun(system, Draft(principal_minor=100_000, upfront_fee_minor=0))
    Twinned.begun(system, number=2)
    _open(system, loan.agreement.lender, loan.agreement.product_id, 500_000)
    loan.go_to(loan.day + 1)
    topped_up = loan.amendment(loan.new_terms(DUE, principal_minor=100_001), top_up_minor=1)
    with refused("FacilityExceeded", wanted_minor=100_001, available_minor=0):
        loan.send_amendment(topped_up)


def test_a_default_is_cured_by_paying_exactly_the_rows_that_are_due(system: System) -> None:
    """The last row paid is due today or later, so that nobody looks at the one after it."""
    loan = Twinned.begun(system)
    loan.go_to(DUE + 92).default()
    events = dict(loan.repay(loan.owed.overdue_minor + loan.owed.current_due_minor))
    assert (events["LoanCured"], loan.state.status) == ({"loan": loan.loan}, 1)
    assert loan.owed.overdue_minor == 0
