"""GuaranteeFund where its lists, days and signatures end, and what is refused there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from contracts.clients.errors import ContractError
from contracts.typed_data import Guarantee, Release, sign
from scripts.workbench.system import function
from tests.contracts.conftest import Refused
from tests.contracts.fund.world import DEFAULT_DAYS, PERSON_MINOR, PRINCIPAL_MINOR, World

MAX_COVERS = 8
LAST_DAY_THERE_IS = 2**24 - 1


@pytest.fixture
def world() -> Iterator[World]:
    shared = World.shared()
    shared.reset()
    yield shared


def _bound(world: World, who: int = 0, **terms: Any) -> bytes:
    person = world.guarantors[who]
    return world.bind(person, world.guarantee(person, 0, **terms))


def _freeze_lender(world: World) -> None:
    values = world.lender, True
    world.system.send("IdentityRegistry", "setFrozen", *values, sender=world.system.role("registrar"))


def test_a_guarantee_is_bound_once(world: World, refused: Refused) -> None:
    guarantee = _bound(world)
    with refused("GuaranteeExists", guarantee=guarantee):
        _bound(world)
    assert world.system.cash(world.guarantors[0].subject) == PERSON_MINOR - 1_000


def test_a_guarantee_that_is_not_there_does_nothing(world: World, refused: Refused) -> None:
    nothing = bytes(31) + b"\x01"
    for act in (
        lambda: world.send("attach", nothing, world.agreements[0]),
        lambda: world.send("release", nothing),
        lambda: world.release_by_lender(nothing),
    ):
        with refused("GuaranteeNotOpen", guarantee=nothing):
            act()


def test_a_loan_has_eight_covers(world: World, refused: Refused) -> None:
    for number in range(MAX_COVERS):
        world.send("attach", _bound(world, salt=bytes([number]) * 32), world.agreements[0])
    beyond = _bound(world, salt=b"\xff" * 32)
    with refused("TooManyCovers", loan=world.loans[0], most=MAX_COVERS):
        world.send("attach", beyond, world.agreements[0])
    assert len(world.read("coversOf", world.loans[0])) == MAX_COVERS


def test_covers_together_are_at_most_the_principal(world: World, refused: Refused) -> None:
    world.send("attach", _bound(world, max_minor=PRINCIPAL_MINOR), world.agreements[0])
    beyond = _bound(world, 1, max_minor=1)
    with refused("Overcovered", loan=world.loans[0]):
        world.send("attach", beyond, world.agreements[0])


def test_a_last_day_fits_its_field(world: World, refused: Refused) -> None:
    with refused("GuaranteeExpired", last_day=LAST_DAY_THERE_IS + 1):
        _bound(world, last_day=LAST_DAY_THERE_IS + 1)
    assert world.read("cover", _bound(world, last_day=LAST_DAY_THERE_IS))["last_day"] == LAST_DAY_THERE_IS


def test_a_lender_does_not_guarantee_its_own_loan(world: World, refused: Refused) -> None:
    terms = replace(world.guarantee(world.guarantors[0], 0), guarantor=world.lender)
    by_pool = sign(world.underwriter, terms, world.system.domain("GuaranteeFund"))
    with refused("OwnLoan", guarantor=world.lender):
        world.send("bind", terms, b"", by_pool, by_pool)


def test_a_frozen_lender_takes_no_guarantee_and_pays_no_premium(world: World, refused: Refused) -> None:
    with_premium = _bound(world, max_minor=1_000, premium_minor=200)
    _freeze_lender(world)
    with refused("PartyNotInStanding", party=world.lender):
        _bound(world, 1)
    with refused("PartyNotInStanding", party=world.lender):
        world.send("attach", with_premium, world.agreements[0])
    assert world.read("cover", with_premium)["loan"] == bytes(32)


def test_a_lender_releases_by_its_own_call(world: World) -> None:
    """A pool signs but does not call; another lender may."""
    institution = _contract_that_releases(world)
    terms = replace(world.guarantee(world.guarantors[0], 0, max_minor=1_000), lender=institution)
    by_guarantor = sign(world.guarantors[0].key, terms, world.system.domain("GuaranteeFund"))
    world.send("bind", terms, world.guarantors[0].signer, by_guarantor, b"")
    guarantee = world.id_of(terms)
    with pytest.raises(ContractError, match="NotReleasable"):
        world.send("release", guarantee)
    world.system.evm.transact(institution, _release_call(guarantee))
    assert world.read("cover", guarantee)["released"]
    assert world.read("withdrawable", guarantee) == 1_000


def _release_call(guarantee: bytes) -> bytes:
    return function("GuaranteeFund", "release", 1).encode((guarantee,))


def _contract_that_releases(world: World) -> str:
    """An institution whose contract takes every signature (ERC-1271), and passes on to the fund what else it is sent.

    The code answers isValidSignature with its selector in the highest bytes, and calls the fund with any other data.
    """
    account, magic = "0x" + "17" * 20, "1626ba7e"
    answer = f"63{magic}60e01b5f5260205ff3"
    passed_on = f"5b365f5f375f5f365f5f73{world.fund[2:]}5af100"
    jump = f"5f3560e01c63{magic}1415"
    code = f"{jump}60{len(jump) // 2 + 3 + len(answer) // 2:02x}57{answer}{passed_on}"
    world.system.evm.install(account, bytes.fromhex(code), {})
    registrar = world.system.role("registrar")
    world.system.send("IdentityRegistry", "registerInstitution", account, sender=registrar)
    return account


def test_a_release_is_good_until_its_deadline(world: World, refused: Refused) -> None:
    guarantee, now = _bound(world), world.system.evm.timestamp
    order = Release(guarantee, now)
    signature = sign(world.underwriter, order, world.system.domain("GuaranteeFund"))
    world.system.evm.go_to(now + 1)
    with refused("DeadlinePassed", deadline=now, now_at=now + 1):
        world.send("releaseBySignature", order, signature)


def test_a_contract_that_signs_is_bound_by_its_allowance(world: World, refused: Refused) -> None:
    system = world.system
    guarantor = _contract_that_releases(world)
    system.mint(guarantor, 5_000)
    terms: Guarantee = replace(world.guarantee(world.guarantors[0], 0, kind=1, max_minor=4_000), guarantor=guarantor)
    by_lender = sign(world.underwriter, terms, system.domain("GuaranteeFund"))
    with refused("ERC20InsufficientAllowance", allowance=0, needed=4_000):
        world.send("bind", terms, b"", b"", by_lender)
    _allow(world, guarantor, 4_000)
    world.send("bind", terms, b"", b"", by_lender)
    assert (system.cash(guarantor), system.cash(world.fund)) == (1_000, 4_000)


def _allow(world: World, owner: str, amount_minor: int) -> None:
    """By the owner's own code, for a moment one that passes all on to the token."""
    token = world.system.contracts["CashToken"]
    signing = world.system.evm.code(owner)
    world.system.evm.install(owner, bytes.fromhex(f"365f5f375f5f365f5f73{token[2:]}5af100"), {})
    world.system.evm.transact(owner, function("CashToken", "approve", 2).encode((world.fund, amount_minor)))
    world.system.evm.install(owner, signing, {})


def test_a_recovery_goes_to_the_last_in_line_until_it_has_its_own(world: World) -> None:
    insurer = _bound(world, 0, kind=1, max_minor=400_000)
    guarantor = _bound(world, 1, max_minor=250_000)
    for guarantee in (insurer, guarantor):
        world.send("attach", guarantee, world.agreements[0])
    world.pass_days(DEFAULT_DAYS)
    world.decide(0, "declareDefault")
    world.send("callCover", world.loans[0])
    to_fund = world.repay(0, world.owed(0) - 300_000)
    assert 0 < to_fund < 400_000
    recovered = [world.read("cover", guarantee)["recovered_minor"] for guarantee in (insurer, guarantor)]
    assert recovered == [to_fund, 0]
