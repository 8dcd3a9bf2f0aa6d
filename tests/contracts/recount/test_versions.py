"""LoanBooks beside each other: one recount for all of them, and a fault in any is found."""

from dataclasses import replace

import pytest

from contracts.clients import AddressBook, Event
from contracts.keys import DEVNET_CHAIN_ID
from tests.contracts.recount.history import History, new_history
from tests.contracts.versions import opened, weekly


@pytest.fixture(scope="module")
def both() -> tuple[History, bytes, bytes]:
    """A ledger with a loan of one borrower on each version, both paid on afterwards."""
    history = new_history()
    old, first = history.system, history.lend(1)
    history.system = new = opened(old)
    second = history.lend(1, weekly(new, salt=2))
    old.pay(first, 30_000, 0)
    new.pay(second, 40_000, 0)
    return history, first, second


def test_the_ledger_recounts_clean_with_the_loans_of_both(both: tuple[History, bytes, bytes]) -> None:
    findings = both[0].recount()
    assert findings.differences == []
    assert (findings.loans, findings.payments) == (2, 2)


@pytest.mark.parametrize("name", ["PaymentApplied", "LoanOriginated", "FacilityChanged"])
def test_what_either_leaves_out_is_found(both: tuple[History, bytes, bytes], name: str) -> None:
    history = both[0]
    events = history.events()
    of_a_kind = [at for at, event in enumerate(events) if event.name == name]
    assert len(of_a_kind) == 2
    for at in of_a_kind:
        assert not history.recount(events[:at] + events[at + 1 :]).clean


def test_a_payment_is_not_taken_for_one_of_the_other_version(both: tuple[History, bytes, bytes]) -> None:
    history = both[0]
    old, new = (book.contracts["LoanBook"] for book in history.book.versions)

    def swapped(event: Event) -> Event:
        return replace(event, address=new) if event.name == "PaymentApplied" and event.address == old else event

    found = [str(one) for one in history.recount([swapped(event) for event in history.events()]).differences]
    assert any("an earlier origination" in one for one in found)


def test_an_address_book_lists_its_versions_oldest_first() -> None:
    shared, modules = {"CashToken": "0xc"}, {"LoanBook": "0x3", "LoanBook#1": "0x1", "LoanBook#2": "0x2"}
    book = AddressBook(DEVNET_CHAIN_ID, 0, shared | modules)
    assert [one.contracts for one in book.versions] == [shared | {"LoanBook": f"0x{n}"} for n in (1, 2, 3)]
