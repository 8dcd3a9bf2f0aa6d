"""LoanBook.settle: exactly the payoff of the day, quoted beforehand, interest as earned and not as scheduled."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import loan as twin
from contracts.loan import LoanState
from contracts.schedule import Row
from contracts.typed_data import Agreement, Settlement, digest
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, Draft, System, proven
from tests.contracts.conftest import Refused
from tests.contracts.solidity.conftest import EVERYTHING, START
from tests.contracts.solidity.test_twin import DRAFTS

DUE = FIRST_DAY + 28
MAX = 2**60


def _settle(system: System, loan: bytes, most: int = MAX) -> dict[str, Any]:
    receipt = system.send("LoanBook", "settle", loan, most, sender=system.person().subject)
    return dict(system.events(receipt))


def _order(system: System, loan: bytes, most: int = MAX, nonce: int = 0) -> Settlement:
    return Settlement(loan, most, nonce, system.evm.timestamp + 600)


def test_settling_takes_the_payoff_to_the_minor_unit_and_closes_the_loan(system: System) -> None:
    loan = system.lend()
    system.at_day(DUE - 10)
    quoted = system.payoff(loan, DUE - 10)
    before = system.cash(system.person().subject)
    events = _settle(system, loan)
    assert before - system.cash(system.person().subject) == quoted["total_minor"]
    assert events["LoanSettled"] == {
        "loan": loan,
        "payer": system.person().subject,
        "late_fee_minor": 0,
        "penalty_minor": 0,
        "interest_minor": 5_918,
        "principal_minor": 1_000_000,
        "rebate_minor": 0,
        "day": DUE - 10,
    }
    assert events["LoanClosed"] == {"loan": loan, "day": DUE - 10}
    view = system.loan(loan)
    assert (view["status"], view["row"], view["balance_minor"], view["bucket"]) == (2, 12, 0, 0)
    assert system.read("LoanBook", "exposure", system.person().subject)["open_loans"] == 0
    assert system.read("LoanBook", "position", system.contracts["LendingPool"])["outstanding_minor"] == 0


def test_a_quote_holds_for_its_whole_day(system: System) -> None:
    loan = system.lend()
    quoted = system.payoff(loan, DUE + 40)["total_minor"]
    system.at_day(DUE + 40)
    with_seconds_left = system.evm.timestamp + 11 * 3_600
    system.evm.go_to(with_seconds_left)
    assert _settle(system, loan, quoted)["LoanSettled"]["day"] == DUE + 40


def test_more_than_the_caller_allows_is_never_taken(system: System, refused: Refused) -> None:
    loan = system.lend()
    total = system.payoff(loan, FIRST_DAY)["total_minor"]
    with refused("PayoffTooHigh", loan=loan, payoff_minor=total, max_amount_minor=total - 1):
        _settle(system, loan, total - 1)
    _settle(system, loan, total)


def test_on_the_first_day_no_interest_is_owed(system: System) -> None:
    loan = system.lend()
    quoted = system.payoff(loan, FIRST_DAY)
    assert (quoted["total_minor"], quoted["interest_minor"]) == (1_000_000, 0)


def test_interest_paid_ahead_is_given_back(system: System) -> None:
    loan = system.lend()
    instalment = system.read("LoanBook", "owed", loan, DUE)["current_due_minor"]
    system.pay(loan, 3 * instalment, 0)
    quoted = system.payoff(loan, FIRST_DAY + 1)
    assert quoted["interest_minor"] == 0
    assert quoted["principal_minor"] - quoted["rebate_minor"] == 1_000_000 - 3 * instalment + 329
    settled = _settle_at(system, loan, FIRST_DAY + 1)
    assert settled["rebate_minor"] == quoted["rebate_minor"] > 0


def _settle_at(system: System, loan: bytes, day: int) -> dict[str, Any]:
    system.at_day(day)
    found: dict[str, Any] = _settle(system, loan)["LoanSettled"]
    return found


def test_charges_are_part_of_it_and_the_history_says_late(system: System) -> None:
    loan = system.lend()
    system.at_day(DUE + 40)
    system.send("LoanBook", "recordArrears", loan)
    events = _settle(system, loan)
    assert events["LoanSettled"]["late_fee_minor"] == 4_000
    assert events["LoanSettled"]["penalty_minor"] > 0
    assert events["ArrearsChanged"] == {"loan": loan, "bucket": 0, "days_past_due": 0}
    assert system.loan(loan)["was_late"]


def test_a_signature_settles_once(system: System, refused: Refused) -> None:
    loan = system.lend()
    order = _order(system, loan)
    receipt = system.ordered("settleBySignature", order)
    assert dict(system.events(receipt))["LoanSettled"]["payer"] == system.person().subject
    with refused("LoanNotActive", loan=loan, status=2):
        system.ordered("settleBySignature", order)


def test_a_settlement_shares_the_loans_nonces(system: System, refused: Refused) -> None:
    loan = system.lend()
    system.pay(loan, 10, 0)
    with refused("NonceUsed", loan=loan, nonce=0):
        system.ordered("settleBySignature", _order(system, loan, nonce=0))


def test_a_settlement_ends_with_its_deadline(system: System, refused: Refused) -> None:
    loan = system.lend()
    order = replace(_order(system, loan), deadline=system.evm.timestamp - 1)
    with refused("DeadlinePassed"):
        system.ordered("settleBySignature", order)


def test_only_the_borrower_orders_a_settlement(system: System, refused: Refused) -> None:
    loan = system.lend()
    other = system.person(2)
    with refused("InvalidSignature", party=system.person().subject):
        system.ordered("settleBySignature", _order(system, loan), person=other)


def test_a_stranger_in_standing_may_settle_and_one_frozen_may_not(system: System, refused: Refused) -> None:
    loan, friend = system.lend(), system.person(2)
    system.mint(friend.subject, 2_000_000)
    system.send("IdentityRegistry", "setFrozen", friend.subject, True, sender=system.role("registrar"))
    with refused("PartyNotInStanding", party=friend.subject):
        system.send("LoanBook", "settle", loan, MAX, sender=friend.subject)
    system.send("IdentityRegistry", "setFrozen", friend.subject, False, sender=system.role("registrar"))
    receipt = system.send("LoanBook", "settle", loan, MAX, sender=friend.subject)
    assert dict(system.events(receipt))["LoanSettled"]["payer"] == friend.subject


def test_a_frozen_borrower_may_settle_its_own_loan(system: System) -> None:
    loan = system.lend()
    system.send("IdentityRegistry", "setFrozen", system.person().subject, True, sender=system.role("registrar"))
    assert "LoanClosed" in _settle(system, loan)


TABLE = tuple(Row(nr, START + 30 * nr, 21_000 - 1_000 * nr, 340 - 60 * nr) for nr in range(1, 6))


@pytest.fixture
def table_loan(ready: System) -> tuple[bytes, Agreement, tuple[Row, ...]]:
    draft = Draft(
        principal_minor=sum(row.principal_minor for row in TABLE),
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
    return digest(agreement, ready.domain("LoanBook")), agreement, TABLE


def test_the_interest_of_a_tables_row_is_earned_evenly(
    ready: System, table_loan: tuple[bytes, Agreement, tuple[Row, ...]], refused: Refused
) -> None:
    loan, agreement, table = table_loan
    words = [row.word for row in table]
    with refused("RowMissing", row=0):
        ready.payoff(loan, START + 45)
    state = twin.originate(agreement, table)
    for day in (START, START + 1, START + 30, START + 45, START + 149, START + 150):
        assert _same(ready.payoff(loan, day, words), twin.payoff(state, day))
    ready.send("LoanBook", "repay", loan, 45_000, proven(table, 0, 1, 2), sender=ready.person().subject)
    state, _ = twin.apply_payment(state, 45_000, START)
    ready.at_day(START + 2)
    assert _same(ready.payoff(loan, START + 2, words), twin.payoff(state, START + 2))
    receipt = ready.send("LoanBook", "settle", loan, MAX, words, sender=ready.person().subject)
    assert dict(ready.events(receipt))["LoanSettled"]["rebate_minor"] == twin.payoff(state, START + 2).rebate_minor


def _same(found: dict[str, Any], expected: twin.Payoff) -> bool:
    parts = {name: getattr(expected, name) for name in found}
    assert found == parts
    return True


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    DRAFTS,
    st.integers(0, 5),
    st.integers(0, 2_500),
    st.integers(0, 100),
    st.lists(st.integers(0, 400), min_size=1, max_size=4),
)
def test_the_payoff_is_the_twins_on_any_day(
    deployed: tuple[System, Snapshot], draft: Draft, day_count: int, permille: int, days: int, ahead: list[int]
) -> None:
    system, fresh = deployed
    system.evm.restore(fresh)
    system.people.clear()
    loan, state = _begun(system, replace(draft, day_count=day_count))
    day = FIRST_DAY + days
    system.at_day(day)
    owed = twin.owed(state, day)
    amount = min(owed.total_minor - 1, owed.current_due_minor * permille // 1_000)
    if amount > 0:
        system.send("LoanBook", "repay", loan, amount, sender=system.person().subject)
        state, _ = twin.apply_payment(state, amount, day)
    for later in ahead:
        assert _same(system.payoff(loan, day + later), twin.payoff(state, day + later))
    before = system.cash(system.person().subject)
    ended, expected = twin.settle(state, MAX, day)
    settled = _settle(system, loan)["LoanSettled"]
    assert before - system.cash(system.person().subject) == expected.total_minor
    assert settled["rebate_minor"] == expected.rebate_minor
    assert system.loan(loan)["was_late"] == ended.was_late


def _begun(system: System, draft: Draft) -> tuple[bytes, LoanState]:
    person = system.person()
    system.publish(person.subject)
    agreement = system.agreement(person, draft)
    system.originate(person, agreement)
    system.mint(person.subject, 100_000_000)
    return digest(agreement, system.domain("LoanBook")), twin.originate(agreement)
