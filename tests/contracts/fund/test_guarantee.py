"""GuaranteeFund's rules one by one, on real loans."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from contracts.clients.errors import ContractError
from contracts.typed_data import Release, sign
from tests.contracts.fund.world import DEFAULT_DAYS, PERSON_MINOR, World


@pytest.fixture
def world() -> Iterator[World]:
    shared = World.shared()
    shared.reset()
    yield shared


def _refused(name: str, act: Any) -> None:
    with pytest.raises(ContractError) as caught:
        act()
    assert caught.value.name == name, caught.value


def _freeze(world: World, party: str, frozen: bool = True) -> None:
    registrar = world.system.role("registrar")
    world.system.send("IdentityRegistry", "setFrozen", party, frozen, sender=registrar)


def _covered(world: World, who: int = 0, **terms: Any) -> bytes:
    """A guarantee of 300,000 for the first loan, attached."""
    person = world.guarantors[who]
    guarantee = world.bind(person, world.guarantee(person, 0, **{"max_minor": 300_000} | terms))
    world.send("attach", guarantee, world.agreements[0])
    return guarantee


def _default(world: World) -> None:
    world.pass_days(DEFAULT_DAYS)
    world.decide(0, "declareDefault")


def test_the_cap_moves_when_both_have_signed_and_the_premium_when_there_is_a_loan(world: World) -> None:
    person, pool_cash = world.guarantors[0], world.system.cash(world.lender)
    terms = world.guarantee(person, 0, max_minor=300_000, premium_minor=60_000)
    guarantee = world.bind(person, terms)
    assert world.system.cash(person.subject) == PERSON_MINOR - 300_000
    assert world.system.cash(world.fund) == 300_000
    assert world.system.cash(world.lender) == pool_cash
    world.send("attach", guarantee, world.agreements[0])
    assert world.system.cash(person.subject) == PERSON_MINOR - 240_000
    assert world.system.cash(world.lender) == pool_cash - 60_000
    assert world.read("cover", guarantee)["loan"] == world.loans[0]


def test_nobody_is_bound_by_another_hand(world: World) -> None:
    person, other = world.guarantors[:2]
    terms = world.guarantee(person, 0)
    domain = world.system.domain("GuaranteeFund")
    by_lender, by_person = sign(world.underwriter, terms, domain), sign(person.key, terms, domain)
    by_other = sign(other.key, terms, domain)
    _refused("InvalidSignature", lambda: world.send("bind", terms, person.signer, by_other, by_lender))
    _refused("InvalidSignature", lambda: world.send("bind", terms, other.signer, by_other, by_lender))
    _refused("InvalidSignature", lambda: world.send("bind", terms, person.signer, by_person, by_other))
    raised = replace(terms, max_minor=terms.max_minor + 1)
    _refused("InvalidSignature", lambda: world.send("bind", raised, person.signer, by_person, by_lender))
    late = replace(terms, deadline=world.system.evm.timestamp - 1)
    _refused("DeadlinePassed", lambda: world.bind(person, late))


def test_terms_beyond_their_edges_are_refused(world: World) -> None:
    person = world.guarantors[0]
    edges = {
        "UnknownKind": {"kind": 2},
        "PremiumOutOfRange": {"max_minor": 1_000, "premium_minor": 201},
        "GuaranteeExpired": {"last_day": world.today - 1},
    }
    for error, terms in edges.items():
        _refused(error, lambda terms=terms: world.bind(person, world.guarantee(person, 0, **terms)))
    _refused("PremiumOutOfRange", lambda: world.bind(person, world.guarantee(person, 0, max_minor=0)))
    _refused("OwnLoan", lambda: world.bind(world.borrowers[0], world.guarantee(world.borrowers[0], 0)))
    world.bind(person, world.guarantee(person, 0, max_minor=1_000, premium_minor=200, last_day=world.today))
    _freeze(world, person.subject)
    _refused("PartyNotInStanding", lambda: world.bind(person, world.guarantee(person, 0, salt=b"\1" * 32)))


def test_an_institution_is_bound_by_its_own_call_or_its_allowance(world: World) -> None:
    system, treasurer = world.system, world.system.role("treasurer")
    system.mint(treasurer, 5_000)
    terms = replace(world.guarantee(world.guarantors[0], 0, kind=1), guarantor=treasurer)
    by_lender = sign(world.underwriter, terms, system.domain("GuaranteeFund"))
    _refused("InvalidSignature", lambda: world.send("bind", terms, b"", b"", by_lender))
    system.send("GuaranteeFund", "bind", terms, b"", b"", by_lender, sender=treasurer)
    assert system.cash(treasurer) == 4_000


def test_an_underwriting_key_does_not_make_its_pool_a_guarantor(world: World) -> None:
    system, before = world.system, world.system.cash(world.lender)
    other = system.role("treasurer")
    terms = replace(world.guarantee(world.guarantors[0], 0), guarantor=world.lender, lender=other)
    by_pool = sign(world.underwriter, terms, system.domain("GuaranteeFund"))
    with pytest.raises(ContractError):
        world.send("bind", terms, b"", by_pool, by_pool)
    assert system.cash(world.lender) == before


def test_guarantors_pay_before_insurers_and_insurers_recover_first(world: World) -> None:
    insurer = _covered(world, 0, kind=1, max_minor=400_000)
    guarantor = _covered(world, 1, max_minor=250_000)
    assert list(world.read("coversOf", world.loans[0])) == [guarantor, insurer]
    before = world.system.cash(world.lender)
    _default(world)
    world.send("callCover", world.loans[0])
    assert world.system.cash(world.lender) - before == 650_000
    assert world.seen(0) == (4, 350_000)
    _refused("NothingCovered", lambda: world.send("callCover", world.loans[0]))
    to_fund = world.repay(0, world.owed(0) - 200_000)
    assert 400_000 < to_fund < 650_000
    assert world.read("withdrawable", insurer) == 400_000
    assert world.read("withdrawable", guarantor) == to_fund - 400_000
    world.repay(0, world.owed(0))
    assert world.read("withdrawable", guarantor) == 250_000


def test_cover_is_for_a_default_and_until_its_last_day(world: World) -> None:
    _covered(world, 0, last_day=world.today + DEFAULT_DAYS - 1)
    _refused("WrongLoanStatus", lambda: world.send("callCover", world.loans[0]))
    _default(world)
    _refused("NothingCovered", lambda: world.send("callCover", world.loans[0]))


def test_cover_begins_before_the_default(world: World) -> None:
    person = world.guarantors[0]
    guarantee = world.bind(person, world.guarantee(person, 0))
    _refused("WrongAgreement", lambda: world.send("attach", guarantee, world.agreements[1]))
    _default(world)
    _refused("WrongLoanStatus", lambda: world.send("attach", guarantee, world.agreements[0]))


def test_only_the_loan_book_says_what_was_recovered(world: World) -> None:
    _covered(world)
    _refused("NotLoanBook", lambda: world.send("recovered", world.loans[0], 1))


def test_a_guarantee_ends_by_its_lender_its_day_or_its_loan(world: World) -> None:
    by_lender, by_loan, by_day = (_covered(world, who, max_minor=1_000) for who in range(3))
    for guarantee in (by_lender, by_loan, by_day):
        _refused("NotReleasable", lambda guarantee=guarantee: world.send("release", guarantee))
    order = Release(by_lender, world.system.evm.timestamp + 60)
    domain = world.system.domain("GuaranteeFund")
    by_stranger = sign(world.guarantors[0].key, order, domain)
    _refused("InvalidSignature", lambda: world.send("releaseBySignature", order, by_stranger))
    world.release_by_lender(by_lender)
    _refused("GuaranteeNotOpen", lambda: world.release_by_lender(by_lender))
    world.repay(0, world.owed(0))
    world.send("release", by_loan)
    world.pass_days(401)
    world.send("release", by_day)
    for guarantee in (by_lender, by_loan, by_day):
        world.send("withdraw", guarantee)
    assert world.system.cash(world.fund) == 0


def test_a_frozen_guarantor_blocks_nobody_and_receives_its_own(world: World) -> None:
    person = world.guarantors[0]
    guarantee = _covered(world)
    _freeze(world, person.subject)
    _default(world)
    world.send("callCover", world.loans[0])
    world.repay(0, world.owed(0))
    world.send("release", guarantee)
    world.send("withdraw", guarantee)
    assert world.system.cash(person.subject) == PERSON_MINOR


def test_a_write_off_lets_no_guarantor_go(world: World) -> None:
    """Not even when default and write-off come in one moment, before anybody could call."""
    guarantee, lender = _covered(world), world.lender
    _default(world)
    world.decide(0, "writeOff")
    _refused("NotReleasable", lambda: world.send("release", guarantee))
    before = world.system.cash(lender)
    world.send("callCover", world.loans[0])
    assert world.system.cash(lender) - before == 300_000
    assert world.seen(0) == (5, 700_000)
    position = world.system.read("LoanBook", "position", lender)
    assert (position["lost_minor"], position["recovered_minor"]) == (1_000_000, 300_000)
    _refused("NothingCovered", lambda: world.send("callCover", world.loans[0]))


def test_of_a_loan_covered_after_its_write_off_the_lender_recovers_first(world: World) -> None:
    guarantee = _covered(world)
    _default(world)
    world.decide(0, "writeOff")
    world.send("callCover", world.loans[0])
    assert world.repay(0, 700_000) == 0
    assert world.repay(0, world.owed(0)) == 300_000
    assert world.read("withdrawable", guarantee) == 300_000
    position = world.system.read("LoanBook", "position", world.lender)
    assert position["lost_minor"] == position["recovered_minor"] == 1_000_000
    world.send("release", guarantee)
