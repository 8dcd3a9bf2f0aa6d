"""CashToken: bank money in, bank money out, and who may move it between."""

from dataclasses import replace
from typing import Any

from eth_account import Account
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Redemption, sign
from scripts.workbench.evm import Receipt
from scripts.workbench.system import CAPITAL_MINOR, DAY_SECONDS, System
from tests.contracts.conftest import Refused

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


PAYOUT = keccak(b"payout")


def _rails(system: System, name: str, *values: Any) -> Receipt:
    return system.send("CashToken", name, *values, sender=system.role("rails"))


def test_an_institutions_cash_leaves_by_its_own_order_and_the_rails_booking(system: System, refused: Refused) -> None:
    treasurer = system.role("treasurer")
    system.mint(treasurer, 500)
    with refused("NoOrder", institution=treasurer):
        _rails(system, "redeemOrdered", treasurer, PAYOUT)
    system.send("CashToken", "orderRedemption", 200, PAYOUT, sender=treasurer)
    assert system.read("CashToken", "orderedRedemption", treasurer, PAYOUT) == 200
    with refused("AccessManagedUnauthorized"):
        system.send("CashToken", "redeemOrdered", treasurer, PAYOUT, sender=treasurer)
    with refused("NoOrder"):
        _rails(system, "redeemOrdered", system.contracts["LendingPool"], PAYOUT)
    _rails(system, "redeemOrdered", treasurer, PAYOUT)
    assert system.cash(treasurer) == 300
    assert system.read("CashToken", "redemption", PAYOUT) == {"subject": treasurer, "amount_minor": 200}
    with refused("NoOrder"):
        _rails(system, "redeemOrdered", treasurer, PAYOUT)
    with refused("EntryUsed"):
        system.send("CashToken", "orderRedemption", 200, PAYOUT, sender=treasurer)


def test_an_institution_withdraws_its_order(system: System, refused: Refused) -> None:
    treasurer = system.role("treasurer")
    system.mint(treasurer, 500)
    for amount in (200, 0):
        system.send("CashToken", "orderRedemption", amount, PAYOUT, sender=treasurer)
    with refused("NoOrder"):
        _rails(system, "redeemOrdered", treasurer, PAYOUT)


def test_only_institutions_in_standing_order_and_a_freeze_stops_the_booking(system: System, refused: Refused) -> None:
    treasurer, person = system.role("treasurer"), system.person()
    for stranger in (person.subject, STRANGER):
        with refused("NotPermitted", account=to_checksum_address(stranger)):
            system.send("CashToken", "orderRedemption", 1, PAYOUT, sender=stranger)
    system.mint(treasurer, 500)
    system.send("CashToken", "orderRedemption", 200, PAYOUT, sender=treasurer)
    _freeze(system, treasurer)
    with refused("NotPermitted", account=treasurer):
        _rails(system, "redeemOrdered", treasurer, PAYOUT)
    with refused("NotPermitted", account=treasurer):
        system.send("CashToken", "orderRedemption", 1, keccak(b"other"), sender=treasurer)


def test_a_rejected_payout_comes_back_once_and_whole(system: System, refused: Refused) -> None:
    person = system.person()
    system.mint(person.subject, 500)
    supply = system.read("CashToken", "totalSupply")
    redemption, signature = _redemption(system, 200)
    with refused("NotRedeemed", entry=redemption.entry):
        _rails(system, "rejectRedemption", redemption.entry)
    _redeem(system, redemption, signature)
    assert system.read("CashToken", "totalSupply") == supply - 200
    _freeze(system, person.subject)
    with refused("AccessManagedUnauthorized"):
        system.send("CashToken", "rejectRedemption", redemption.entry, sender=system.role("risk"))
    _rails(system, "rejectRedemption", redemption.entry)
    assert system.cash(person.subject) == 500
    assert system.read("CashToken", "totalSupply") == supply
    named = {"subject": person.subject, "amount_minor": 200}
    assert system.read("CashToken", "rejectedRedemption", redemption.entry) == named
    assert system.read("CashToken", "redemption", redemption.entry)["amount_minor"] == 0
    assert system.read("CashToken", "entryUsed", redemption.entry)
    with refused("NotRedeemed"):
        _rails(system, "rejectRedemption", redemption.entry)


def test_a_minted_entry_is_not_rejected(system: System, refused: Refused) -> None:
    _rails(system, "mint", system.role("treasurer"), 5, PAYOUT)
    with refused("NotRedeemed"):
        _rails(system, "rejectRedemption", PAYOUT)
    assert system.read("CashToken", "rejectedRedemption", PAYOUT)["amount_minor"] == 0


def test_a_listed_fund_moves_only_what_touches_it(system: System, refused: Refused) -> None:
    fund, treasurer, pool = system.contracts["GuaranteeFund"], system.role("treasurer"), system.contracts["LendingPool"]
    assert system.read("CashToken", "isEscrow", fund)
    system.mint(treasurer, 500)
    with refused("NotPermitted", account=fund):
        system.send("CashToken", "escrowTransfer", treasurer, pool, 1, sender=fund)
    with refused("NotPermitted", account=treasurer):
        system.send("CashToken", "escrowTransfer", pool, treasurer, 1, sender=treasurer)
    with refused("NotPermitted", account=fund):
        system.send("CashToken", "bookTransfer", treasurer, fund, 1, sender=fund)
    with refused("InsufficientCash", balance=500, needed=501):
        system.send("CashToken", "escrowTransfer", treasurer, fund, 501, sender=fund)
    system.send("CashToken", "escrowTransfer", treasurer, fund, 500, sender=fund)
    system.send("CashToken", "escrowTransfer", fund, treasurer, 200, sender=fund)
    assert (system.cash(fund), system.cash(treasurer)) == (300, 200)


def test_moving_cash_to_oneself_changes_nothing(system: System) -> None:
    treasurer = system.role("treasurer")
    system.mint(treasurer, 500)
    system.send("CashToken", "transfer", treasurer, 500, sender=treasurer)
    assert system.cash(treasurer) == 500


def test_the_first_loan_book_moves_cash_for_good(system: System, refused: Refused) -> None:
    first, governor = system.contracts["LoanBook"], system.role("governor")
    with refused("FirstLoanBook", loan_book=first):
        system.restricted("CashToken", "setLoanBook", first, False, sender=governor, delay=7 * DAY_SECONDS)
    assert system.read("CashToken", "isLoanBook", first)
    assert not system.read("CashToken", "isLoanBook", STRANGER)
