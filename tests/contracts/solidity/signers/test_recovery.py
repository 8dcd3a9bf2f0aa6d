"""IdentityRegistry: a subject that lost its signers is recovered by the registrar, after a wait."""

from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts.deployment import Role
from contracts.deployment.roles import DELAYS
from contracts.typed_data import Registration
from tests.contracts.conftest import Refused
from tests.contracts.solidity.signers.registry import (
    CONTEST_SECONDS,
    CONTESTED_RECOVERY_SECONDS,
    NEW,
    OTHER,
    RECOVERY_SECONDS,
    SIGNER_CHANGE_SECONDS,
    THIEF,
    Registry,
    signer_of,
)


def test_one_new_signer_takes_the_place_of_all(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registry.change(own, add=OTHER)
    registration = registry.announce_recovery(NEW)
    signing, now = registry.signing(), registry.system.evm.timestamp
    assert (signing["recovery_at"], signing["contested"]) == (now + RECOVERY_SECONDS, False)
    registry.wait(RECOVERY_SECONDS - 1)
    with refused("StillWaiting", change=signing["recovery"], effective_at=now + RECOVERY_SECONDS):
        registry.send("applyRecovery", registration)
    registry.wait(1)
    events = registry.system.events(registry.send("applyRecovery", registration))
    told = {"subject": registry.subject, "recovery": signing["recovery"]}
    added = {"subject": registry.subject, "signer_hash": keccak(signer_of(NEW)), "signer": signer_of(NEW)}
    assert events == [("SubjectRecovered", told), ("SignerAdded", added)]
    assert [registry.speaks(each) for each in (own, OTHER, NEW)] == [False, False, True]
    assert registry.signing()["signers"] == 1
    with refused("NotPending"):
        registry.send("applyRecovery", registration)


def test_a_recovery_voids_the_change_that_waits(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registration = registry.announce_recovery(NEW)
    registry.wait(RECOVERY_SECONDS - SIGNER_CHANGE_SECONDS)
    order = registry.announce(own, add=OTHER)
    registry.wait(SIGNER_CHANGE_SECONDS)
    registry.send("applyRecovery", registration)
    with refused("NotPending"):
        registry.apply(order)
    assert not registry.speaks(OTHER)
    registry.change(NEW, add=OTHER)


def test_a_recovery_removes_signers_that_came_while_it_waited(registry: Registry, own: LocalAccount) -> None:
    registration = registry.announce_recovery(NEW)
    registry.change(own, add=THIEF)
    registry.wait(RECOVERY_SECONDS)
    registry.send("applyRecovery", registration)
    assert not registry.speaks(THIEF)


def test_while_a_recovery_waits_every_signer_speaks(registry: Registry, own: LocalAccount) -> None:
    registry.announce_recovery(NEW)
    assert registry.speaks(own)
    assert not registry.speaks(NEW)


def test_a_signer_that_is_not_lost_vetoes_a_recovery(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registration = registry.announce_recovery(NEW)
    registry.veto(own, registry.signing()["recovery"])
    registry.wait(RECOVERY_SECONDS)
    with refused("NotPending"):
        registry.send("applyRecovery", registration)
    assert registry.speaks(own)


def test_a_thief_cannot_hold_a_subject_by_vetoes(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registry.change(own, add=THIEF)
    registry.announce_recovery(NEW)
    registry.veto(THIEF, registry.signing()["recovery"])
    registration, now = registry.announce_recovery(NEW), registry.system.evm.timestamp
    signing = registry.signing()
    assert (signing["recovery_at"], signing["contested"]) == (now + CONTESTED_RECOVERY_SECONDS, True)
    registry.change(THIEF, add=OTHER)  # another key helps no more
    for account in (THIEF, OTHER):
        with refused("RecoveryContested", recovery=signing["recovery"]):
            registry.veto(account, signing["recovery"])
    registry.system.evm.go_to(now + CONTESTED_RECOVERY_SECONDS - 1)
    with refused("StillWaiting"):
        registry.send("applyRecovery", registration)
    registry.wait(1)
    registry.send("applyRecovery", registration)
    assert [registry.speaks(each) for each in (own, THIEF, OTHER, NEW)] == [False, False, False, True]
    assert registry.signing()["contested_until"] == 0


def test_a_veto_is_had_again_after_ninety_days(registry: Registry, own: LocalAccount) -> None:
    registry.announce_recovery(NEW)
    registry.veto(own, registry.signing()["recovery"])
    until = registry.signing()["contested_until"]
    assert until == registry.system.evm.timestamp + CONTEST_SECONDS
    moment = registry.system.evm.snapshot()
    for instant, contested in ((until, True), (until + 1, False)):
        registry.system.evm.go_to(instant)
        registry.announce_recovery(NEW)
        assert registry.signing()["contested"] is contested
        registry.system.evm.restore(moment)


def test_a_veto_is_good_for_one_recovery(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    deadline = registry.system.evm.timestamp + 2 * CONTEST_SECONDS
    registry.announce_recovery(NEW, deadline=deadline)
    first = registry.signing()["recovery"]
    registry.veto(own, first)
    registry.wait(CONTEST_SECONDS + 1)
    registry.announce_recovery(NEW, deadline=deadline)
    assert registry.signing()["recovery"] != first
    with refused("NotPending"):
        registry.veto(own, first)


def test_a_guardian_stops_even_a_contested_recovery(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registry.announce_recovery(THIEF)
    registry.veto(own, registry.signing()["recovery"])
    registration = registry.announce_recovery(THIEF)
    recovery = registry.signing()["recovery"]
    with refused("AccessManagedUnauthorized"):
        registry.send("cancelRecovery", registry.subject, recovery, role="registrar")
    for nothing in (bytes(32), keccak(b"other")):
        with refused("NotPending", change=nothing):
            registry.send("cancelRecovery", registry.subject, nothing, role="guardian")
    receipt = registry.send("cancelRecovery", registry.subject, recovery, role="guardian")
    told = {"subject": registry.subject, "recovery": recovery}
    assert registry.system.events(receipt) == [("RecoveryCancelled", told)]
    registry.wait(CONTESTED_RECOVERY_SECONDS)
    with refused("NotPending"):
        registry.send("applyRecovery", registration)


def test_a_contested_recovery_waits_longer_than_a_registrar_can_be_kept() -> None:
    assert DELAYS[Role.ADMIN] < CONTESTED_RECOVERY_SECONDS


def test_one_recovery_waits_at_a_time(registry: Registry, refused: Refused) -> None:
    registry.announce_recovery(NEW)
    with refused("RecoveryPending", recovery=registry.signing()["recovery"]):
        registry.announce_recovery(OTHER)


def test_a_recovery_needs_role_possession_and_time(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registration = Registration(registry.subject, signer_of(NEW), registry.system.evm.timestamp)
    with refused("AccessManagedUnauthorized"):
        registry.send("announceRecovery", registration, registry.sign(NEW, registration))
    with refused("InvalidSignature", party=registry.subject):
        registry.send("announceRecovery", registration, registry.sign(own, registration), role="registrar")
    with refused("DeadlinePassed"):
        registry.announce_recovery(NEW, deadline=registration.deadline - 1)
    registry.announce_recovery(NEW, deadline=registration.deadline)


def test_only_a_subject_is_recovered(registry: Registry, refused: Refused) -> None:
    for party in (registry.system.contracts["LendingPool"], "0x" + "99" * 20):
        with refused("NotASubject", party=party):
            registry.announce_recovery(NEW, subject=party)
