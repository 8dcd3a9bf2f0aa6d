"""LendingPool: shares, their price, and the key that signs for it."""

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import sign_digest
from scripts.workbench.system import CAPITAL_MINOR, System
from tests.contracts.solidity.conftest import Refused

MAGIC, NO = bytes.fromhex("1626ba7e"), bytes.fromhex("ffffffff")
DIGEST = bytes(range(32))


def _deposit(system: System, amount_minor: int) -> None:
    treasurer = system.role("treasurer")
    system.mint(treasurer, amount_minor)
    system.send("CashToken", "approve", system.contracts["LendingPool"], amount_minor, sender=treasurer)
    system.send("LendingPool", "deposit", amount_minor, treasurer, sender=treasurer)


def test_interest_and_fees_raise_the_share_price(system: System) -> None:
    loan = system.lend()
    shares = system.read("LendingPool", "totalSupply")
    total = system.read("LoanBook", "owed", loan, 20_484)["total_minor"]
    system.pay(loan, total, 0)
    assets = system.read("LendingPool", "totalAssets")
    assert assets == CAPITAL_MINOR + 10_000 + total - 1_000_000
    assert system.read("LendingPool", "convertToAssets", shares) in (assets, assets - 1)


def test_a_gift_does_not_inflate_shares_away(system: System) -> None:
    treasurer, pool = system.role("treasurer"), system.contracts["LendingPool"]
    everything = system.read("LendingPool", "balanceOf", treasurer)
    system.send("LendingPool", "redeem", everything, treasurer, treasurer, sender=treasurer)
    _deposit(system, 1)
    gift = 1_000_000
    system.send("CashToken", "transfer", pool, gift, sender=treasurer)
    victim_shares = system.read("LendingPool", "previewDeposit", gift)
    worth = system.read("LendingPool", "convertToAssets", victim_shares)
    assert victim_shares > 0
    assert gift - worth <= gift // 1_000_000 + 1


def test_only_the_treasurer_deposits(system: System, refused: Refused) -> None:
    with refused("AccessManagedUnauthorized"):
        system.send("LendingPool", "deposit", 1, system.role("risk"), sender=system.role("risk"))
    with refused("AccessManagedUnauthorized"):
        system.send("LendingPool", "mint", 1, system.role("risk"), sender=system.role("risk"))


def test_shares_do_not_move(system: System, refused: Refused) -> None:
    with refused("SharesNotTransferable"):
        values = (system.role("risk"), 1)
        system.send("LendingPool", "transfer", *values, sender=system.role("treasurer"))


def test_withdrawals_stop_at_the_cash_in_the_pool(system: System, refused: Refused) -> None:
    system.lend()
    treasurer = system.role("treasurer")
    free = CAPITAL_MINOR - 990_000
    assert system.read("LendingPool", "maxWithdraw", treasurer) == free
    assert system.read("LendingPool", "maxRedeem", treasurer) <= system.read("LendingPool", "convertToShares", free)
    with refused("ERC4626ExceededMaxWithdraw"):
        system.send("LendingPool", "withdraw", free + 1, treasurer, treasurer, sender=treasurer)
    system.send("LendingPool", "withdraw", free, treasurer, treasurer, sender=treasurer)
    assert system.cash(treasurer) == free


def _verdict(system: System, signature: bytes) -> bytes:
    answer: bytes = system.read("LendingPool", "isValidSignature", DIGEST, signature)
    return answer


def test_the_pool_accepts_its_underwriter_only(system: System) -> None:
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == MAGIC
    assert _verdict(system, sign_digest(load_key("risk", None, DEVNET_CHAIN_ID), DIGEST)) == NO
    assert _verdict(system, sign_digest(underwriter, bytes(32))) == NO
    for malformed in (b"", bytes(65), sign_digest(underwriter, DIGEST)[:64], b"\xff" * 65):
        assert _verdict(system, malformed) == NO


def test_an_underwriting_key_holds_through_its_last_second(system: System) -> None:
    underwriter = load_key("underwriter", None, DEVNET_CHAIN_ID)
    valid_until = system.read("LendingPool", "underwriter", underwriter.address)
    system.evm.go_to(valid_until)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == MAGIC
    system.evm.go_to(valid_until + 1)
    assert _verdict(system, sign_digest(underwriter, DIGEST)) == NO
