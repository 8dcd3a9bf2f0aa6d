"""A frozen depositor blocks nobody, has its own back once it is free, and gives nothing away meanwhile."""

from collections.abc import Iterator

import pytest

from tests.contracts.conftest import Refused
from tests.contracts.fund.world import World
from tests.contracts.solidity.pool_acts import SHARES, Depositor, settle

BROUGHT_MINOR = 1_000


@pytest.fixture
def world() -> Iterator[World]:
    shared = World.shared()
    shared.reset()
    yield shared


@pytest.fixture
def friend(world: World) -> Depositor:
    """Who would take it for a frozen one, and is admitted and in standing itself."""
    return Depositor.admitted(world.system, "governor", 0)


@pytest.fixture
def entered(world: World) -> Depositor:
    """Whose deposit is settled and not claimed."""
    depositor = Depositor.admitted(world.system, "risk", BROUGHT_MINOR)
    depositor.request_deposit(BROUGHT_MINOR)
    settle(world.system)
    return depositor


def _freeze(world: World, depositor: Depositor, frozen: bool = True) -> None:
    values = depositor.account, frozen
    world.system.send("IdentityRegistry", "setFrozen", *values, sender=world.system.role("registrar"))


def test_it_claims_no_shares_for_another(world: World, entered: Depositor, friend: Depositor, refused: Refused) -> None:
    _freeze(world, entered)
    with refused("PartyNotInStanding", party=entered.account):
        entered.send("deposit", BROUGHT_MINOR, friend.account)
    with refused("PartyNotInStanding", party=entered.account):
        entered.send("mint", BROUGHT_MINOR * SHARES, friend.account)
    assert entered.claim_shares() == BROUGHT_MINOR * SHARES


def test_it_leaves_its_shares_to_nobody(world: World, entered: Depositor, friend: Depositor, refused: Refused) -> None:
    entered.claim_shares()
    friend.send("setOperator", entered.account, True)
    _freeze(world, entered)
    with refused("PartyNotInStanding", party=entered.account):
        entered.send("requestRedeem", SHARES, friend.account, entered.account)
    entered.request_redeem()


def test_its_cash_is_paid_to_nobody_else(world: World, entered: Depositor, friend: Depositor, refused: Refused) -> None:
    entered.claim_shares()
    entered.request_redeem()
    settle(world.system)
    _freeze(world, entered)
    for name, amount in (("redeem", BROUGHT_MINOR * SHARES), ("withdraw", BROUGHT_MINOR)):
        with refused("PartyNotInStanding", party=entered.account):
            entered.send(name, amount, friend.account, entered.account)
    _freeze(world, entered, False)
    entered.send("withdraw", BROUGHT_MINOR, friend.account, entered.account)
    assert friend.cash == BROUGHT_MINOR
