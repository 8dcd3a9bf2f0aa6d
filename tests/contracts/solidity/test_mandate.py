"""LoanBook.setMandate and collect: a standing permission with a cap, and many borrowers of whom one may fail."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.clients.reverts import decode_revert
from contracts.typed_data import Mandate
from scripts.workbench.system import FIRST_DAY, Person, System
from tests.contracts.conftest import Refused

DUE = FIRST_DAY + 28
FAR = FIRST_DAY + 4_000
MAX = 10_000_000


@pytest.fixture
def loan(system: System) -> bytes:
    return system.lend()


def _mandate(system: System, loan: bytes, **changes: Any) -> Mandate:
    return replace(Mandate(loan, MAX, FAR, 0, system.evm.timestamp + 600), **changes)


def _collect(system: System, *loans: bytes) -> list[tuple[str, dict[str, Any]]]:
    return system.events(system.send("LoanBook", "collect", list(loans)))


def _named(events: list[tuple[str, dict[str, Any]]], name: str) -> list[dict[str, Any]]:
    return [values for found, values in events if found == name]


def _reason(events: list[tuple[str, dict[str, Any]]]) -> Any:
    [failed] = _named(events, "CollectionFailed")
    return decode_revert(failed["reason"])


def test_a_mandate_is_recorded_and_told(system: System, loan: bytes) -> None:
    receipt = system.allow(loan, 90_000, FAR)
    assert system.events(receipt) == [("MandateSet", {"loan": loan, "max_amount_minor": 90_000, "last_day": FAR})]
    view = system.loan(loan)
    assert (view["mandate_max_minor"], view["mandate_last_day"], view["nonce_base"]) == (90_000, FAR, 1)


def test_exactly_what_is_due_is_collected(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, FAR)
    system.at_day(DUE + 31)
    owed = system.read("LoanBook", "owed", loan, DUE + 31)
    due = owed["overdue_minor"] + owed["current_due_minor"]
    before = system.cash(system.person().subject)
    [paid] = _named(_collect(system, loan), "PaymentApplied")
    assert (paid["amount_minor"], paid["payer"]) == (due, system.person().subject)
    assert before - system.cash(system.person().subject) == due


def test_nothing_is_collected_before_it_is_due(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, FAR)
    system.at_day(DUE - 1)
    assert _reason(_collect(system, loan)).name == "NothingDue"
    system.at_day(DUE)
    _collect(system, loan)
    assert _reason(_collect(system, loan)).name == "NothingDue"


def test_more_than_the_cap_is_left_alone_in_whole(system: System, loan: bytes) -> None:
    system.at_day(DUE)
    due = system.read("LoanBook", "owed", loan, DUE)["current_due_minor"]
    system.allow(loan, due - 1, FAR)
    refusal = _reason(_collect(system, loan))
    assert refusal.name == "MandateExceeded"
    assert refusal.values == {"loan": loan, "due_minor": due, "max_amount_minor": due - 1}
    assert system.loan(loan)["paid_row_minor"] == 0
    system.allow(loan, due, FAR, nonce=1)
    assert _named(_collect(system, loan), "PaymentApplied")[0]["amount_minor"] == due


def test_a_mandate_ends_with_its_last_day(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, DUE)
    system.at_day(DUE + 1)
    refusal = _reason(_collect(system, loan))
    assert (refusal.name, refusal.values["last_day"]) == ("MandateMissing", DUE)


def test_a_mandate_can_be_withdrawn(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, FAR)
    system.allow(loan, 0, FAR, nonce=1)
    system.at_day(DUE)
    assert _reason(_collect(system, loan)).name == "MandateMissing"


def test_only_the_borrower_gives_a_mandate_once_and_in_time(system: System, loan: bytes, refused: Refused) -> None:
    order = _mandate(system, loan)
    with refused("InvalidSignature", party=system.person().subject):
        system.ordered("setMandate", order, person=system.person(2))
    system.ordered("setMandate", order)
    with refused("NonceUsed", nonce=0):
        system.ordered("setMandate", order)
    with refused("DeadlinePassed"):
        system.ordered("setMandate", _mandate(system, loan, nonce=1, deadline=system.evm.timestamp - 1))


@pytest.mark.parametrize(("field", "most"), [("max_amount_minor", 2**44 - 1), ("last_day", 2**17 - 1)])
def test_a_mandate_fits_its_fields(system: System, loan: bytes, refused: Refused, field: str, most: int) -> None:
    with refused("TermOutOfRange", value=most + 1, least=0, most=most):
        system.ordered("setMandate", _mandate(system, loan, **{field: most + 1}))
    system.ordered("setMandate", _mandate(system, loan, **{field: most}))


def test_many_borrowers_are_collected_and_one_who_fails_stops_nobody(system: System) -> None:
    loans = {number: system.lend(number) for number in range(1, 6)}
    for number, loan in loans.items():
        system.allow(loan, MAX, FAR, person=system.person(number))
    poor = system.person(3)
    _spend_all(system, poor)
    system.at_day(DUE)
    receipt = system.send("LoanBook", "collect", list(loans.values()))
    events = system.events(receipt)
    paid = {values["loan"] for values in _named(events, "PaymentApplied")}
    assert paid == set(loans.values()) - {loans[3]}
    assert _reason(events).name == "InsufficientCash"
    assert int.from_bytes(receipt.output, "big") == 4
    assert system.loan(loans[3])["row"] == 0
    assert all(system.loan(loans[number])["row"] == 1 for number in (1, 2, 4, 5))


def _spend_all(system: System, person: Person) -> None:
    amount = system.cash(person.subject)
    system.send("CashToken", "transfer", system.contracts["LendingPool"], amount, sender=person.subject)


def test_a_loan_named_twice_is_collected_once(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, FAR)
    system.at_day(DUE)
    events = _collect(system, loan, loan)
    assert len(_named(events, "PaymentApplied")) == 1
    assert _reason(events).name == "NothingDue"


def test_an_unknown_loan_fails_alone(system: System, loan: bytes) -> None:
    system.allow(loan, MAX, FAR)
    system.at_day(DUE)
    events = _collect(system, bytes(32), loan)
    assert _reason(events).name == "LoanNotActive"
    assert len(_named(events, "PaymentApplied")) == 1


def test_so_many_loans_at_once_and_no_more(system: System, refused: Refused) -> None:
    with refused("TooManyCollections", loans=201, most=200):
        system.send("LoanBook", "collect", [bytes(32)] * 201)
    assert len(_named(_collect(system, *[bytes(32)] * 200), "CollectionFailed")) == 200


def test_one_collection_of_many_is_no_entry_of_its_own(system: System, loan: bytes, refused: Refused) -> None:
    system.allow(loan, MAX, FAR)
    system.at_day(DUE)
    with refused("OnlySelf"):
        system.send("LoanBook", "collectOne", loan)


def test_a_closed_loan_takes_no_mandate(system: System, loan: bytes, refused: Refused) -> None:
    system.send("LoanBook", "settle", loan, MAX, sender=system.person().subject)
    with refused("LoanNotActive", loan=loan, status=2):
        system.allow(loan, MAX, FAR)
