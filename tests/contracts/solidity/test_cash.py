"""CashToken: bank money in, bank money out, and who may move it between."""

from dataclasses import replace

from eth_account import Account
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Redemption, sign
from scripts.workbench.system import CAPITAL_MINOR, System
from tests.contracts.solidity.conftest import Refused

STRANGER = "0x" + "99" * 20


def _redemption(system: System, amount_minor: int) -> tuple[Redemption, bytes]:
    person = system.person()
    redemption = Redemption(person.subject, amount_minor, keccak(b"payout"), system.evm.timestamp + 60)
    return redemption, sign(person.key, redemption, system.domain("CashToken"))


def _redeem(system: System, redemption: Redemption, signature: bytes) -> None:
    values = (redemption, system.person().signer, signature)
    system.send("CashToken", "redeem", *values, sender=system.role("rails"))


def _freeze(system: System, party: str) -> None:
    system.send("IdentityRegistry", "setFrozen", party, True, sender=system.role("registrar"))


def test_a_bank_entry_is_minted_once(system: System, refused: Refused) -> None:
    person = system.person()
    system.mint(person.subject, 500, entry=7)
    with refused("EntryUsed"):
        system.mint(person.subject, 500, entry=7)
    assert system.cash(person.subject) == 500


def test_one_entry_is_not_both_minted_and_redeemed(system: System, refused: Refused) -> None:
    redemption, signature = _redemption(system, 100)
    values = (redemption.subject, 500, redemption.entry)
    system.send("CashToken", "mint", *values, sender=system.role("rails"))
    with refused("EntryUsed"):
        _redeem(system, redemption, signature)


def test_cash_is_minted_to_parties_only(system: System, refused: Refused) -> None:
    with refused("NotPermitted"):
        system.mint(STRANGER, 1)


def test_a_frozen_party_still_receives_its_bank_money(system: System) -> None:
    person = system.person()
    _freeze(system, person.subject)
    system.mint(person.subject, 500)
    assert system.cash(person.subject) == 500


def test_only_the_rails_mint(system: System, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        system.send("CashToken", "mint", system.role("treasurer"), 1, bytes(32), sender=system.role("risk"))


def test_a_redemption_burns_by_the_subjects_signature(system: System, refused: Refused) -> None:
    system.mint(system.person().subject, 500)
    redemption, signature = _redemption(system, 200)
    _redeem(system, redemption, signature)
    assert system.cash(redemption.subject) == 300
    with refused("EntryUsed"):
        _redeem(system, redemption, signature)


def test_a_redemption_by_another_key_or_after_its_time_is_refused(system: System, refused: Refused) -> None:
    system.mint(system.person().subject, 500)
    redemption, signature = _redemption(system, 200)
    other = sign(Account.from_key(keccak(b"other")), redemption, system.domain("CashToken"))
    for bad in (other, signature[:64], b"", signature + b"\x00"):
        with refused("InvalidSignature"):
            _redeem(system, redemption, bad)
    with refused("InvalidSignature"):
        _redeem(system, replace(redemption, amount_minor=500), signature)
    system.evm.go_to(redemption.deadline + 1)
    with refused("DeadlinePassed"):
        _redeem(system, redemption, signature)


def test_more_than_the_balance_is_not_redeemed(system: System, refused: Refused) -> None:
    system.mint(system.person().subject, 500)
    with refused("InsufficientCash", balance=500, needed=501):
        _redeem(system, *_redemption(system, 501))


def test_an_underwriting_key_does_not_empty_its_pool(system: System, refused: Refused) -> None:
    pool, underwriter = system.contracts["LendingPool"], load_key("underwriter", None, DEVNET_CHAIN_ID)
    redemption = Redemption(pool, CAPITAL_MINOR, keccak(b"payout"), system.evm.timestamp + 60)
    signature = sign(underwriter, redemption, system.domain("CashToken"))
    with refused("NotPermitted", account=pool):
        system.send("CashToken", "redeem", redemption, b"", signature, sender=system.role("rails"))
    signer = bytes.fromhex(underwriter.address[2:])
    with refused("InvalidSignature", party=pool):
        system.send("CashToken", "redeem", redemption, signer, signature, sender=system.role("rails"))
    assert system.cash(pool) == CAPITAL_MINOR


def test_frozen_cash_stays(system: System, refused: Refused) -> None:
    system.mint(system.person().subject, 500)
    _freeze(system, system.person().subject)
    with refused("NotPermitted"):
        _redeem(system, *_redemption(system, 100))


def test_transfers_are_between_parties_in_standing(system: System, refused: Refused) -> None:
    treasurer, pool = system.role("treasurer"), system.contracts["LendingPool"]
    system.mint(treasurer, 500)
    system.send("CashToken", "transfer", pool, 100, sender=treasurer)
    assert system.cash(pool) == CAPITAL_MINOR + 100
    with refused("NotPermitted", account="0x" + "99" * 20):
        system.send("CashToken", "transfer", STRANGER, 100, sender=treasurer)
    _freeze(system, pool)
    with refused("NotPermitted"):
        system.send("CashToken", "transfer", pool, 100, sender=treasurer)


def test_a_frozen_payer_does_not_get_round_by_allowance(system: System, refused: Refused) -> None:
    treasurer, pool = system.role("treasurer"), system.contracts["LendingPool"]
    system.mint(treasurer, 500)
    system.send("CashToken", "approve", STRANGER, 500, sender=treasurer)
    _freeze(system, treasurer)
    with refused("NotPermitted", account=treasurer):
        system.send("CashToken", "transferFrom", treasurer, pool, 100, sender=STRANGER)


def test_only_a_listed_loan_book_moves_cash_by_its_orders(system: System, refused: Refused) -> None:
    with refused("NotPermitted", account="0x" + "99" * 20):
        values = (system.contracts["LendingPool"], STRANGER, 1)
        system.send("CashToken", "bookTransfer", *values, sender=STRANGER)


def test_cash_has_two_decimals(system: System) -> None:
    assert system.read("CashToken", "decimals") == 2
    assert system.read("CashToken", "symbol") == "TCNY"
