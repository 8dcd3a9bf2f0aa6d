"""The ways in which one key alone could change policy sooner than its delay says, each found by name."""

from dataclasses import replace

import pytest

from contracts.access import Bypass, Holder, Opened, Picture, Role, Target, bypasses

DAY = 86_400
GOVERNOR, GUARDIAN, RISK, TRUSTEE = ("0x" + byte * 20 for byte in ("aa", "bb", "cc", "ee"))
PRODUCT = Opened("LoanBook", "setProduct(bytes32,ProductCaps)")


def _held(account: str, delay: int, pending: int | None = None) -> Holder:
    return Holder(account, 0, delay, pending, None if pending is None else 10**10)


def _role(
    role: int, name: str, *holders: Holder, admin: int = 0, guardian: int = 8, opens: tuple[Opened, ...] = ()
) -> Role:
    return Role(role, name, admin, guardian, 0, holders, opens)


def _guardians(*holders: Holder, admin: int = 17) -> Role:
    return _role(8, "GUARDIAN", *holders, admin=admin, guardian=0)


SOUND = Picture(
    chain_id=1,
    block=1,
    timestamp=10**9,
    manager="0x" + "99" * 20,
    roles=(
        _role(0, "ADMIN", _held(GOVERNOR, 7 * DAY), guardian=0),
        _role(3, "RISK", _held(RISK, DAY), opens=(PRODUCT,)),
        _guardians(_held(GUARDIAN, 0)),
        _role(17, "TRUSTEE", _held(TRUSTEE, 0)),
    ),
    targets=(Target("LoanBook", "0x" + "88" * 20, False, 0),),
    operations=(),
)


def _with(role: Role) -> Picture:
    return replace(SOUND, roles=tuple(role if each.role == role.role else each for each in SOUND.roles))


def _subjects(picture: Picture) -> set[tuple[str, str]]:
    return {(found.account, found.subject) for found in bypasses(picture)}


def test_waiting_for_the_longest_delay_before_handing_out_roles_is_no_bypass() -> None:
    assert bypasses(SOUND) == []


@pytest.mark.parametrize("delay", [0, 3_600, DAY - 1])
def test_an_admin_that_waits_shorter_than_a_role_could_give_that_role_to_itself(delay: int) -> None:
    found = _subjects(_with(_role(0, "ADMIN", _held(GOVERNOR, delay), guardian=0)))
    assert (GOVERNOR, "role RISK") in found
    assert ((GOVERNOR, "role ADMIN") in found) is True


def test_an_admin_about_to_lose_its_delay_counts_as_without() -> None:
    found = _subjects(_with(_role(0, "ADMIN", _held(GOVERNOR, 7 * DAY, pending=0), guardian=0)))
    assert (GOVERNOR, "role ADMIN") in found


def test_one_holder_without_the_delay_of_the_others_is_named() -> None:
    second = "0x" + "dd" * 20
    found = bypasses(_with(_role(3, "RISK", _held(RISK, DAY), _held(second, 0), opens=(PRODUCT,))))
    assert found == [Bypass(second, "role RISK", f"reaches it in 0 s, others wait {DAY} s")]


def test_a_role_handed_out_by_a_role_without_delay_is_reached_through_it() -> None:
    handed_out = replace(_role(3, "RISK", _held(RISK, DAY), opens=(PRODUCT,)), admin=8)
    assert _subjects(_with(handed_out)) == {(GUARDIAN, "role RISK"), (TRUSTEE, "role RISK")}
    slow = replace(handed_out, grant_delay_seconds=DAY)
    assert _subjects(_with(slow)) == set()


def test_a_proposer_that_alone_may_cancel_its_acts_is_unwatched() -> None:
    found = bypasses(_with(_guardians(_held(RISK, 0))))
    assert found == [Bypass(RISK, "role RISK", "announces acts that nobody else can cancel")]
    assert bypasses(_with(_guardians(_held(RISK, 0), _held(GUARDIAN, 0)))) == []


def test_an_admin_whose_acts_nobody_else_can_cancel_is_unwatched() -> None:
    unwatched = Bypass(GOVERNOR, "role ADMIN", "announces acts that nobody else can cancel")
    assert unwatched in bypasses(_with(_guardians()))
    assert unwatched in bypasses(_with(_guardians(_held(GOVERNOR, 0))))
    assert unwatched not in bypasses(SOUND)


def test_a_guardian_who_could_cancel_its_dismissal_is_found() -> None:
    lasting = Bypass(GUARDIAN, "role GUARDIAN", "cancels whatever would dismiss it")
    assert bypasses(_with(_guardians(_held(GUARDIAN, 0), admin=0))) == [lasting]
    assert bypasses(_with(_role(17, "TRUSTEE", _held(TRUSTEE, DAY)))) == [lasting]
    assert bypasses(_with(_role(17, "TRUSTEE", _held(GUARDIAN, 0)))) == [lasting]
