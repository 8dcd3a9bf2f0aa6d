"""Lists that something walks over have an end, and an entry beyond it is refused by name."""

from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from scripts.workbench.system import DAY_SECONDS, System, function
from tests.contracts.conftest import Refused

BOOKKEEPER_SECONDS = 7 * DAY_SECONDS
MAX_CREDIT_BOOKS = 32
MAX_POOL_BOOKS = 8
MAX_FACILITIES = 32
MAX_SIGNER_SETS = 255


def _account(number: int) -> str:
    return to_checksum_address(keccak(b"account" + number.to_bytes(4, "big"))[12:])


def _list(system: System, contract: str, book: str, listed: bool = True) -> dict[str, Any]:
    data = function(contract, "setLoanBook", 2).encode((book, listed))
    target, governor = system.contracts[contract], system.role("governor")
    system.send("AccessManager", "schedule", target, data, 0, sender=governor)
    system.evm.go_to(system.evm.timestamp + BOOKKEEPER_SECONDS)
    return dict(system.events(system.evm.transact(target, data, governor)))


def test_a_credit_registry_knows_32_loan_books(system: System, refused: Refused) -> None:
    books = [system.contracts["LoanBook"], *map(_account, range(MAX_CREDIT_BOOKS - 1))]
    for book in books[1:]:
        _list(system, "CreditRegistry", book)
    with refused("TooManyLoanBooks", most=MAX_CREDIT_BOOKS):
        _list(system, "CreditRegistry", _account(99))
    assert system.read("CreditRegistry", "loanBooks") == books
    _list(system, "CreditRegistry", books[1], False)
    _list(system, "CreditRegistry", _account(99))
    assert system.read("CreditRegistry", "isLoanBook", _account(99))


def test_a_book_taken_out_of_the_middle_leaves_the_others_listed(system: System) -> None:
    first, second, third = (_account(number) for number in range(3))
    for book in (first, second, third):
        _list(system, "CreditRegistry", book)
    assert _list(system, "CreditRegistry", second, False)["LoanBookChanged"] == {"loan_book": second, "listed": False}
    assert system.read("CreditRegistry", "loanBooks") == [system.contracts["LoanBook"], first, third]
    assert [system.read("CreditRegistry", "isLoanBook", book) for book in (first, second, third)] == [1, 0, 1]


def test_listing_a_book_again_or_unlisting_a_strange_one_changes_nothing(system: System) -> None:
    book = system.contracts["LoanBook"]
    _list(system, "CreditRegistry", book)
    _list(system, "CreditRegistry", _account(1), False)
    assert system.read("CreditRegistry", "loanBooks") == [book]
    assert not system.read("CreditRegistry", "isLoanBook", _account(1))


def test_a_pool_values_eight_loan_books(system: System, refused: Refused) -> None:
    code = system.evm.code(system.contracts["LoanBook"])
    books = [_account(number) for number in range(MAX_POOL_BOOKS)]
    for book in books:
        system.evm.install(book, code, {})
    for book in books[:-1]:
        _list(system, "LendingPool", book)
    assert system.read("LendingPool", "loanBooks") == [system.contracts["LoanBook"], *books[:-1]]
    with refused("TooManyLoanBooks", most=MAX_POOL_BOOKS):
        _list(system, "LendingPool", books[-1])
    assert _list(system, "LendingPool", books[0], False)["LoanBookChanged"]["listed"] is False
    assert books[0] not in system.read("LendingPool", "loanBooks")


def test_a_lender_has_32_facilities(system: System, refused: Refused) -> None:
    pool, risk = system.contracts["LendingPool"], system.role("risk")
    before = 1
    for number in range(MAX_FACILITIES - before):
        system.restricted("LoanBook", "openFacility", pool, keccak(bytes([number])), 1_000, 100, sender=risk)
    with refused("TooManyFacilities", lender=pool, most=MAX_FACILITIES):
        system.restricted("LoanBook", "openFacility", pool, keccak(b"one more"), 1_000, 100, sender=risk)
    system.restricted("LoanBook", "openFacility", pool, keccak(bytes([0])), 2_000, 50, sender=risk)
    assert tuple(system.read("LoanBook", "facility", pool, keccak(bytes([0]))).values()) == (0, 2_000, 50)


def test_there_are_255_sets_of_signers(system: System, refused: Refused) -> None:
    members, governor = [key.address for key in system.oracle_keys()], system.role("governor")
    rotation: dict[str, Any] = {"sender": governor, "delay": 2 * DAY_SECONDS}
    for _ in range(MAX_SIGNER_SETS - 1):
        system.restricted("CreditRegistry", "setSigners", members, 3, **rotation)
    assert system.read("CreditRegistry", "policy")["signer_set_number"] == MAX_SIGNER_SETS
    with refused("SignerSetsExhausted", limit=MAX_SIGNER_SETS):
        system.restricted("CreditRegistry", "setSigners", members, 3, **rotation)
