"""Payments of a loan that has a special word are refused and taken as any other's, by the module that has them."""

from dataclasses import replace

import pytest

from contracts.schedule import Row
from contracts.typed_data import digest
from scripts.workbench.system import Draft, System, proven
from tests.contracts.conftest import Refused
from tests.contracts.solidity.conftest import EVERYTHING, START
from tests.contracts.solidity.twinned import DUE, FAR_DAY, Twinned

MAX = 10_000_000
TABLE = tuple(Row(nr, START + 30 * nr, 20_000, 150) for nr in range(1, 6))


@pytest.fixture
def loan(system: System) -> Twinned:
    """Impaired, which changes nothing that is owed."""
    loan = Twinned.begun(system)
    loan.impair(100_000)
    return loan


@pytest.fixture
def table_loan(ready: System) -> bytes:
    """Of person 1, impaired."""
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
    agreement = ready.agreement(ready.person(), draft, TABLE)
    ready.originate(ready.person(), agreement, TABLE)
    loan = digest(agreement, ready.domain("LoanBook"))
    ready.send("LoanBook", "setImpairment", loan, 50_000, proven(TABLE, 0), sender=ready.role("risk"))
    return loan


def test_a_signature_pays_once(loan: Twinned, refused: Refused) -> None:
    loan.system.pay(loan.loan, 500, 0)
    with refused("NonceUsed", nonce=0):
        loan.system.pay(loan.loan, 500, 0)
    assert loan.system.loan(loan.loan)["paid_row_minor"] == 500


def test_an_order_of_another_or_after_its_time_is_refused(loan: Twinned, refused: Refused) -> None:
    system, order = loan.system, loan.system.order(loan.loan, 500, 0)
    with refused("InvalidSignature", party=loan.person.subject):
        system.ordered("repayBySignature", order, person=system.person(2))
    with refused("DeadlinePassed"):
        system.ordered("repayBySignature", replace(order, deadline=system.evm.timestamp - 1))


def test_nothing_and_too_much_are_refused(loan: Twinned, refused: Refused) -> None:
    with refused("ZeroPayment"):
        loan.repay(0)
    with refused("Overpayment", owed_minor=loan.owed.total_minor):
        loan.repay(loan.owed.total_minor + 1)


def test_a_stranger_in_standing_pays_and_one_frozen_does_not(loan: Twinned, refused: Refused) -> None:
    system, friend = loan.system, loan.system.person(2)
    system.mint(friend.subject, 1_000)
    system.send("IdentityRegistry", "setFrozen", friend.subject, True, sender=system.role("registrar"))
    with refused("PartyNotInStanding", party=friend.subject):
        system.send("LoanBook", "repay", loan.loan, 500, sender=friend.subject)
    system.send("IdentityRegistry", "setFrozen", friend.subject, False, sender=system.role("registrar"))
    system.send("LoanBook", "repay", loan.loan, 500, sender=friend.subject)


def test_what_is_due_is_collected_with_interest_carried_over(system: System) -> None:
    loan = Twinned.begun(system)
    loan.go_to(DUE - 10).amend(loan.new_terms(DUE + 31))
    system.allow(loan.loan, MAX, FAR_DAY)
    events = dict(system.events(system.send("LoanBook", "collect", [loan.loan])))
    assert events["PaymentApplied"]["amount_minor"] == 5_918
    assert dict(system.events(system.send("LoanBook", "collect", [loan.loan])))["CollectionFailed"]


@pytest.mark.parametrize(("most", "last_day"), [(0, FAR_DAY), (1, FAR_DAY), (MAX, DUE - 1)])
def test_a_collection_keeps_to_its_mandate(loan: Twinned, most: int, last_day: int) -> None:
    loan.system.allow(loan.loan, most, last_day)
    loan.go_to(DUE)
    [(name, _)] = loan.system.events(loan.system.send("LoanBook", "collect", [loan.loan]))
    assert name == "CollectionFailed"


def test_one_collection_of_many_is_no_entry_of_its_own(loan: Twinned, refused: Refused) -> None:
    loan.system.allow(loan.loan, MAX, FAR_DAY)
    loan.go_to(DUE)
    with refused("OnlySelf", caller=loan.person.subject):
        loan.send("collectOne")


def test_a_table_loan_brings_its_rows(ready: System, table_loan: bytes, refused: Refused) -> None:
    person = ready.person()
    with refused("RowMissing", row=0):
        ready.send("LoanBook", "repay", table_loan, 100, sender=person.subject)
    ready.send("LoanBook", "repay", table_loan, 10_150, proven(TABLE, 0), sender=person.subject)
    ready.pay(table_loan, 10_000, 0, rows=proven(TABLE, 0))
    assert ready.loan(table_loan, proven(TABLE, 1))["row"] == 1
    ready.allow(table_loan, MAX, FAR_DAY, nonce=1)
    ready.at_day(TABLE[1].due_day)
    ready.send("LoanBook", "collect", table_loan, proven(TABLE, 1, 2))
    view = ready.loan(table_loan, proven(TABLE, 2))
    assert (view["row"], view["impaired_minor"], view["outstanding_principal_minor"]) == (2, 50_000, 60_000)


def test_a_table_loan_lives_with_its_rows(ready: System, table_loan: bytes) -> None:
    words = [row.word for row in TABLE]
    rails, entry = ready.role("rails"), b"\x07" * 32
    ready.mint(rails, 100_000)
    ready.send("LoanBook", "repayValued", table_loan, 30_000, START, entry, proven(TABLE, 0, 1), sender=rails)
    ready.send("LoanBook", "returnPayment", table_loan, entry, words, sender=rails)
    assert ready.loan(table_loan, proven(TABLE, 0))["outstanding_principal_minor"] == 100_000
    ready.at_day(TABLE[0].due_day + 40)
    ready.send("LoanBook", "recordArrears", table_loan, proven(TABLE, 0))
    assert ready.loan(table_loan, proven(TABLE, 0))["bucket"] == 2
    receipt = ready.send("LoanBook", "settle", table_loan, MAX, words, sender=ready.person().subject)
    assert "LoanClosed" in dict(ready.events(receipt))
