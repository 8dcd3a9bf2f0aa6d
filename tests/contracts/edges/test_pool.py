"""LendingPool's requests and claims at their edges: other periods, other claims, other accounts."""

from typing import Any

from eth_utils.address import to_checksum_address

from scripts.workbench.system import CAPITAL_MINOR, System
from tests.contracts.conftest import Refused
from tests.contracts.solidity.pool_acts import NOTICE_DAYS, SHARES, Depositor, settle, valuate, wait

MAX_SETTLEMENTS = 16
NEXT = 2
"""The period after that of the opening capital."""
Events = list[tuple[str, dict[str, Any]]]


def _read(system: System, name: str, *values: object) -> int:
    return int(system.read("LendingPool", name, *values))


def test_a_request_is_shown_in_its_own_period_and_only_while_it_waits(system: System) -> None:
    depositor = Depositor.admitted(system, "risk", 1_000)
    depositor.request_deposit(1_000)
    account = depositor.account
    waiting = [_read(system, "pendingDepositRequest", period, account) for period in (NEXT - 1, NEXT, NEXT + 1)]
    assert waiting == [0, 1_000, 0]
    settle(system)
    assert _read(system, "pendingDepositRequest", NEXT, account) == 0
    claimable = [_read(system, "claimableDepositRequest", period, account) for period in (NEXT - 1, NEXT, NEXT + 1)]
    assert claimable == [0, 1_000, 0]


def test_shares_on_their_way_out_are_shown_the_same_way(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    treasurer.request_redeem(5 * SHARES)
    account = treasurer.account
    assert _read(system, "pendingRedeemRequest", 1, account) == 5 * SHARES
    assert [_read(system, "claimableRedeemRequest", period, account) for period in (1, 2)] == [0, 0]
    settle(system)
    assert _read(system, "pendingRedeemRequest", 1, account) == 0
    assert [_read(system, "claimableRedeemRequest", period, account) for period in (1, 2)] == [5 * SHARES, 0]
    assert _read(system, "maxWithdraw", account) == 5


def test_an_exact_number_of_shares_is_claimed_from_what_settled(system: System, refused: Refused) -> None:
    depositor = Depositor.admitted(system, "risk", 1_000)
    depositor.request_deposit(1_000)
    account = depositor.account
    with refused("ClaimTooLarge", controller=account, wanted=1, claimable=0):
        depositor.send("mint", 1, account)
    settle(system)
    with refused("ClaimTooLarge", wanted=1_000 * SHARES + 1, claimable=1_000 * SHARES):
        depositor.send("mint", 1_000 * SHARES + 1, account)
    for form in ((0, account), (0, account, account)):
        with refused("ClaimTooLarge", wanted=0, claimable=1_000 * SHARES):
            depositor.send("mint", *form)
    depositor.send("mint", 400 * SHARES, account)
    depositor.send("mint", 600 * SHARES, account, account)
    assert (depositor.shares, _read(system, "maxMint", account), _read(system, "maxDeposit", account)) == (
        1_000 * SHARES,
        0,
        0,
    )


def test_nothing_is_no_claim(system: System, refused: Refused) -> None:
    depositor = Depositor.admitted(system, "risk", 1_000)
    depositor.request_deposit(1_000)
    settle(system)
    with refused("ClaimTooLarge", wanted=0, claimable=1_000):
        depositor.send("deposit", 0, depositor.account)


def test_shares_are_claimed_for_another_depositor_and_nobody_else(system: System, refused: Refused) -> None:
    giver, taker = Depositor.admitted(system, "risk", 1_000), Depositor.admitted(system, "governor", 0)
    giver.request_deposit(1_000)
    settle(system)
    with refused("DepositorNotAdmitted", account=system.role("rails")):
        giver.send("deposit", 1_000, system.role("rails"))
    giver.send("deposit", 1_000, taker.account)
    assert (giver.shares, taker.shares) == (0, 1_000 * SHARES)
    assert system.read("LendingPool", "isDepositor", taker.account)
    assert not system.read("LendingPool", "isDepositor", system.role("rails"))


def test_the_first_deposit_waits_when_another_waits_already(system: System) -> None:
    """Whoever is first in an emptied pool settles at once; whoever comes while one waits, waits with it."""
    treasurer = Depositor(system, "treasurer")
    early, late = Depositor.admitted(system, "risk", 1_000), Depositor.admitted(system, "governor", 1_000)
    treasurer.request_redeem()
    wait(system, 1)
    early.request_deposit(1_000)
    wait(system, NOTICE_DAYS - 1)
    valuate(system)
    assert _read(system, "totalSupply") == 0
    late.request_deposit(1_000)
    assert [_read(system, "maxDeposit", depositor.account) for depositor in (early, late)] == [0, 0]
    settle(system)
    assert early.claim_shares() == late.claim_shares() == 1_000 * SHARES


def test_a_valuation_settles_sixteen_periods_and_leaves_the_rest_to_the_next(system: System) -> None:
    treasurer = Depositor(system, "treasurer")
    system.lend()
    treasurer.request_redeem(treasurer.shares - MAX_SETTLEMENTS * SHARES)
    for number in range(MAX_SETTLEMENTS):
        _valuate_tomorrow(system)
        heir = to_checksum_address("0x" + f"{0xD0 + number:02x}" * 20)
        system.send("LendingPool", "setOperator", treasurer.account, True, sender=heir)
        treasurer.send("requestRedeem", SHARES, heir, treasurer.account)
    assert _settled(settle(system)) == 0
    system.mint(system.contracts["LendingPool"], CAPITAL_MINOR)
    assert [_settled(_valuate_tomorrow(system)) for _ in range(3)] == [MAX_SETTLEMENTS, 1, 0]


def _valuate_tomorrow(system: System) -> Events:
    wait(system, 1)
    return valuate(system)


def _settled(events: Events) -> int:
    return sum(name == "RedemptionsSettled" for name, _ in events)


def test_a_sponsor_gets_nothing_back_below_its_minimum(system: System) -> None:
    sponsor = Depositor.admitted(system, "governor", 1_000)
    risk = system.role("risk")
    system.restricted("LendingPool", "setSponsor", sponsor.account, 300, sender=risk)
    sponsor.send("addFirstLoss", 1_000)
    system.restricted("LendingPool", "setSponsor", sponsor.account, 2_000, sender=risk)
    sponsor.send("requestFirstLossWithdrawal", 900)
    events = settle(system)
    assert "FirstLossReleased" not in dict(events)
    found = system.read("LendingPool", "firstLoss")
    assert (found["minimum_minor"], found["reserve_minor"], found["claimable_minor"]) == (2_000, 1_000, 0)


def test_a_share_is_a_millionth_of_a_minor_unit_at_first(system: System) -> None:
    assert _read(system, "decimals") == system.read("CashToken", "decimals") + 6
    assert _read(system, "convertToShares", 7) == 7 * SHARES
    assert _read(system, "convertToAssets", 7 * SHARES) == 7
