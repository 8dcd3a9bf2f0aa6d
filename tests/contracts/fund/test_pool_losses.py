"""Losses, impairments and recoveries of real loans in a pool's price and its first loss."""

from collections.abc import Iterator

import pytest

from tests.contracts.fund.world import CAPITAL_MINOR, DEFAULT_DAYS, PRINCIPAL_MINOR, World
from tests.contracts.solidity.pool_acts import Depositor, valuate


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
