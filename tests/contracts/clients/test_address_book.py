"""The address book is read whole or refused."""

import json
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address

from contracts.clients import CONTRACT_NAMES, AddressBook, UnreadableAddressBook

BOOK = AddressBook(5, 7, {name: "0x" + f"{index:02d}" * 20 for index, name in enumerate(CONTRACT_NAMES, 11)})


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "addresses.json"
    BOOK.save(path)
    assert AddressBook.load(path) == BOOK
    assert list(tmp_path.iterdir()) == [path]


def test_a_domain_is_of_one_contract_on_one_chain() -> None:
    domain = BOOK.domain("LoanBook")
    assert (domain.chain_id, domain.verifying_contract) == (5, BOOK.contracts["LoanBook"])
    assert BOOK.name_of(BOOK.contracts["CashToken"]) == "CashToken"
    assert BOOK.name_of("0x" + "00" * 20) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("nonsense", "not JSON"),
        ("[]", "expected chain_id"),
        (json.dumps({"chain_id": "5", "block": 7, "contracts": {}}), "integers"),
        (json.dumps({"chain_id": 5, "block": 7, "contracts": {}}), "AccessManager has no address"),
    ],
)
def test_a_damaged_book_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "addresses.json"
    path.write_text(content)
    with pytest.raises(UnreadableAddressBook, match=reason):
        AddressBook.load(path)


def test_an_absent_book_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAddressBook, match=r"nowhere\.json"):
        AddressBook.load(tmp_path / "nowhere.json")


def test_older_versions_are_kept_under_their_number_and_known_by_their_name(tmp_path: Path) -> None:
    older = {"LoanBook#1": to_checksum_address("0x" + "77" * 20)}
    path = tmp_path / "addresses.json"
    AddressBook(1, 2, {**BOOK.contracts, **older}).save(path)
    read = AddressBook.load(path)
    assert read.contracts["LoanBook#1"] == older["LoanBook#1"]
    assert read.name_of(older["LoanBook#1"]) == "LoanBook" == read.name_of(read.contracts["LoanBook"])
