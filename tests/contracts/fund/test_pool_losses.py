"""Losses, impairments and recoveries of real loans in a pool's price and its first loss."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from scripts.workbench.system import DAY_SECONDS, Draft
from tests.contracts.fund.world import CAPITAL_MINOR, DEFAULT_DAYS, LOANS, PRINCIPAL_MINOR, World
from tests.contracts.solidity.pool_acts import SHARES, Depositor, settle, valuate


@pytest.fixture
def world() -> Iterator[World]:
    shared = World.shared()
    shared.reset()
    yield shared


def _assets(world: World) -> int:
    return int(world.system.read("LendingPool", "totalAssets"))


def _lose(world: World) -> None:
    world.pass_days(DEFAULT_DAYS)
    world.decide(0, "declareDefault")
    world.decide(0, "writeOff")


def _sponsor(world: World, amount_minor: int) -> Depositor:
    sponsor = Depositor.admitted(world.system, "governor", amount_minor)
    world.system.restricted("LendingPool", "setSponsor", sponsor.account, 0, sender=world.system.role("risk"))
    sponsor.send("addFirstLoss", amount_minor)
    return sponsor


def _first_loss(world: World) -> tuple[int, int, int]:
    found = world.system.read("LendingPool", "firstLoss")
    return found["reserve_minor"], found["absorbed_minor"], found["borne_minor"]


def test_an_impairment_is_in_the_price_at_once_and_its_lifting_vests(world: World) -> None:
    valuate(world.system)
    risk = world.system.role("risk")
    world.system.send("LoanBook", "setImpairment", world.loans[0], 400_000, sender=risk)
    assert _assets(world) == CAPITAL_MINOR - 400_000
    shares = world.system.read("LendingPool", "totalSupply")
    assert world.system.read("LendingPool", "convertToAssets", shares) in range(
        CAPITAL_MINOR - 400_001, CAPITAL_MINOR - 399_999
    )
    world.pass_days(1)
    valuate(world.system)
    world.system.send("LoanBook", "setImpairment", world.loans[0], 0, sender=risk)
    assert _assets(world) == CAPITAL_MINOR
    assert world.system.read("LendingPool", "unvestedMinor") == 400_000


def test_a_written_off_loan_is_a_loss_and_what_it_pays_later_a_gain(world: World) -> None:
    _lose(world)
    assert _assets(world) == CAPITAL_MINOR - PRINCIPAL_MINOR
    valuate(world.system)
    world.repay(0, 300_000)
    assert _assets(world) == CAPITAL_MINOR - PRINCIPAL_MINOR + 300_000
    assert world.system.read("LendingPool", "unvestedMinor") == 300_000


def test_the_sponsor_bears_the_first_loss_and_recovers_after_the_pool(world: World) -> None:
    _sponsor(world, 700_000)
    _lose(world)
    valuate(world.system)
    assert _first_loss(world) == (0, 700_000, 300_000)
    assert _assets(world) == CAPITAL_MINOR - 300_000
    world.repay(0, world.owed(0))
    world.pass_days(1)
    valuate(world.system)
    assert _first_loss(world) == (700_000, 0, 0)
    safe = world.system.read("LendingPool", "safe")
    assert world.system.cash(safe) == 700_000
    assert _assets(world) >= CAPITAL_MINOR


def test_a_loss_within_the_reserve_does_not_touch_the_price(world: World) -> None:
    _sponsor(world, PRINCIPAL_MINOR)
    valuate(world.system)
    _lose(world)
    valuate(world.system)
    assert _first_loss(world) == (0, PRINCIPAL_MINOR, 0)
    assert _assets(world) == CAPITAL_MINOR
    assert world.system.read("LendingPool", "unvestedMinor") == 0


def test_covered_principal_is_cash_in_the_pool_and_counted_once(world: World) -> None:
    person = world.guarantors[0]
    guarantee = world.bind(person, world.guarantee(person, 0, max_minor=600_000))
    world.send("attach", guarantee, world.agreements[0])
    world.pass_days(DEFAULT_DAYS)
    world.decide(0, "declareDefault")
    world.send("callCover", world.loans[0])
    assert _assets(world) == CAPITAL_MINOR
    world.decide(0, "writeOff")
    assert _assets(world) == CAPITAL_MINOR - 400_000


def test_the_sponsor_does_not_leave_before_a_loss_that_everybody_can_see(world: World) -> None:
    system, sponsor = world.system, _sponsor(world, 700_000)
    world.pass_days(80)
    system.send("LoanBook", "setImpairment", world.loans[0], 400_000, sender=system.role("risk"))
    sponsor.send("requestFirstLossWithdrawal", 700_000)
    settle(system)
    assert system.read("LendingPool", "firstLoss")["claimable_minor"] == 300_000
    _lose(world)
    valuate(system)
    assert _first_loss(world) == (0, 400_000, 600_000)


def test_a_sponsor_bears_nothing_that_was_lost_before_it_came(world: World) -> None:
    sponsor = _sponsor(world, 200_000)
    _lose(world)
    world.system.mint(sponsor.account, 500_000)
    sponsor.send("addFirstLoss", 500_000)
    valuate(world.system)
    assert _first_loss(world) == (500_000, 200_000, 800_000)


def test_a_loan_book_that_no_longer_counts_leaves_its_losses_with_who_bore_them(world: World) -> None:
    system = world.system
    _sponsor(world, 700_000)
    _lose(world)
    valuate(system)
    for number in (1, 2):
        world.repay(number, world.owed(number))
    before = _assets(world)
    for listed in (False, True, True):
        act = system.contracts["LoanBook"], listed
        system.restricted("LendingPool", "setLoanBook", *act, sender=system.role("governor"), delay=7 * DAY_SECONDS)
        valuate(system)
        assert _first_loss(world) == (0, 700_000, 300_000)
        assert _assets(world) == before


def test_what_nobody_is_left_to_have_leaves_with_the_last(world: World) -> None:
    """Interest that has not vested, where one depositor has all shares."""
    system, treasurer = world.system, Depositor(world.system, "treasurer")
    treasurer.request_redeem()
    world.pass_days(5)
    paid = sum(world.owed(number) for number in range(LOANS))
    for number in range(LOANS):
        world.repay(number, world.owed(number))
    settle(system)
    assert system.read("LendingPool", "unvestedMinor") == 0
    assert treasurer.claim_cash() == CAPITAL_MINOR - LOANS * PRINCIPAL_MINOR + paid
    assert (system.cash(world.lender), system.read("LendingPool", "totalSupply")) == (0, 0)
    treasurer.approve()
    treasurer.request_deposit(1_000)
    world.pass_days(1)
    valuate(system)
    assert system.read("LendingPool", "convertToAssets", 1_000 * SHARES) == 1_000


def test_the_last_shares_wait_for_cash_like_all_others(world: World) -> None:
    treasurer = Depositor(world.system, "treasurer")
    treasurer.request_redeem()
    settle(world.system)
    assert world.system.read("LendingPool", "maxRedeem", treasurer.account) == 0


def test_what_guarantees_pay_after_a_write_off_goes_back_to_the_first_loss(world: World) -> None:
    _sponsor(world, PRINCIPAL_MINOR)
    person = world.guarantors[0]
    guarantee = world.bind(person, world.guarantee(person, 0, max_minor=600_000))
    world.send("attach", guarantee, world.agreements[0])
    _lose(world)
    valuate(world.system)
    assert _first_loss(world) == (0, PRINCIPAL_MINOR, 0)
    world.send("callCover", world.loans[0])
    world.pass_days(1)
    valuate(world.system)
    assert _first_loss(world) == (600_000, 400_000, 0)
    assert _assets(world) == CAPITAL_MINOR


def test_a_recovery_that_was_lent_on_goes_back_to_the_first_loss_when_there_is_cash(world: World) -> None:
    system, treasurer = world.system, Depositor(world.system, "treasurer")
    _sponsor(world, PRINCIPAL_MINOR)
    treasurer.request_redeem((CAPITAL_MINOR - LOANS * PRINCIPAL_MINOR) * SHARES)
    settle(system)
    assert system.cash(world.lender) == 0
    _lose(world)
    valuate(system)
    world.repay(0, world.owed(0))
    recovered = system.cash(world.lender)
    borrower, today = world.borrowers[1], world.today
    days = Draft(disbursement_day=today, first_due_day=today + 30, period_unit=1, period_length=30, anchor_day=0)
    terms = replace(days, principal_minor=recovered, upfront_fee_minor=0)
    system.publish(borrower.subject)
    system.originate(borrower, system.agreement(borrower, terms, salt=keccak(b"lent on")))
    world.pass_days(1)
    valuate(system)
    assert _first_loss(world) == (0, PRINCIPAL_MINOR, 0)
    world.repay(1, 400_000)
    world.pass_days(1)
    valuate(system)
    assert _first_loss(world) == (400_000, PRINCIPAL_MINOR - 400_000, 0)
