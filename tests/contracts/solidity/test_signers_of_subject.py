"""IdentityRegistry: a subject's signers change after a wait, by order of one of them or by recovery."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts.deployment import Role
from contracts.deployment.roles import DELAYS
from contracts.typed_data import Registration, SignerChange, Struct, Veto, digest, sign, sign_digest
from scripts.workbench.evm import Receipt
from scripts.workbench.passkey import SoftPasskey
from scripts.workbench.system import DAY_SECONDS, Person, System
from tests.contracts.conftest import Refused

SIGNER_CHANGE_SECONDS = 3 * DAY_SECONDS
RECOVERY_SECONDS = 7 * DAY_SECONDS
CONTESTED_RECOVERY_SECONDS = 14 * DAY_SECONDS
CONTEST_SECONDS = 90 * DAY_SECONDS
MAX_SIGNERS = 8


def key(name: str) -> LocalAccount:
    """A wallet key of a name."""
    found: LocalAccount = Account.from_key(keccak(text=name))
    return found


def signer_of(account: LocalAccount) -> bytes:
    return bytes.fromhex(account.address[2:])


NEW, OTHER, THIEF = key("new phone"), key("other phone"), key("thief")


@dataclass
class Registry:
    """The acts of a subject, a thief and a registrar in one line each."""

    system: System
    person: Person

    @property
    def subject(self) -> str:
        return self.person.subject

    def send(self, name: str, *values: Any, role: str | None = None) -> Receipt:
        sender = {"sender": self.system.role(role)} if role else {}
        return self.system.send("IdentityRegistry", name, *values, **sender)

    def sign(self, account: LocalAccount, message: Struct) -> bytes:
        return sign(account, message, self.system.domain("IdentityRegistry"))

    def digest(self, message: Struct) -> bytes:
        return digest(message, self.system.domain("IdentityRegistry"))

    def order(self, add: bytes = b"", remove: bytes = b"", **changes: Any) -> SignerChange:
        deadline = self.system.evm.timestamp + 600
        return replace(SignerChange(self.subject, add, remove, self.signing()["nonce"], deadline), **changes)

    def announce(
        self,
        by: LocalAccount,
        add: LocalAccount | None = None,
        remove: LocalAccount | None = None,
        **changes: Any,
    ) -> SignerChange:
        order = self.order(signer_of(add) if add else b"", signer_of(remove) if remove else b"", **changes)
        possession = self.sign(add, order) if add else b""
        self.send("announceSignerChange", order, signer_of(by), self.sign(by, order), possession)
        return order

    def apply(self, order: SignerChange) -> Receipt:
        return self.send("applySignerChange", order)

    def change(self, by: LocalAccount, add: LocalAccount | None = None, remove: LocalAccount | None = None) -> None:
        order = self.announce(by, add, remove)
        self.wait(SIGNER_CHANGE_SECONDS)
        self.apply(order)

    def veto(self, by: LocalAccount, change: bytes, **changes: Any) -> Receipt:
        objection = replace(Veto(self.subject, change, self.system.evm.timestamp + 600), **changes)
        return self.send("veto", objection, signer_of(by), self.sign(by, objection))

    def announce_recovery(self, to: LocalAccount, **changes: Any) -> Registration:
        registration = Registration(self.subject, signer_of(to), self.system.evm.timestamp + 600)
        registration = replace(registration, **changes)
        self.send("announceRecovery", registration, self.sign(to, registration), role="registrar")
        return registration

    def wait(self, seconds: int) -> None:
        self.system.evm.go_to(self.system.evm.timestamp + seconds)

    def signing(self) -> dict[str, Any]:
        found: dict[str, Any] = self.system.read("IdentityRegistry", "signing", self.subject)
        return found

    def speaks(self, account: LocalAccount) -> bool:
        message = keccak(b"anything")
        signature = sign_digest(account, message)
        values = (self.subject, message, signer_of(account), signature)
        spoken = self.system.read("IdentityRegistry", "speaksFor", *values)
        in_standing = self.system.read("IdentityRegistry", "speaksInStanding", *values)
        assert spoken == in_standing["speaks"] == self.system.read("IdentityRegistry", "isSigner", *values[::2])
        return bool(spoken)


@pytest.fixture
def registry(system: System) -> Registry:
    return Registry(system, system.person())


@pytest.fixture
def own(registry: Registry) -> LocalAccount:
    """The subject's first key."""
    return registry.person.key


def test_a_signer_is_added_after_three_days(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    order = registry.announce(own, add=NEW)
    effective_at = registry.system.evm.timestamp + SIGNER_CHANGE_SECONDS
    assert registry.signing()["change_at"] == effective_at
    registry.wait(SIGNER_CHANGE_SECONDS - 1)
    with refused("StillWaiting", change=registry.digest(order), effective_at=effective_at, now_at=effective_at - 1):
        registry.apply(order)
    assert not registry.speaks(NEW)
    registry.wait(1)
    registry.apply(order)
    assert registry.speaks(NEW)
    assert registry.speaks(own)
    assert registry.signing()["signers"] == 2


def test_events_tell_a_change_whole(registry: Registry, own: LocalAccount) -> None:
    order = registry.order(signer_of(NEW), signer_of(own))
    signatures = (registry.sign(own, order), registry.sign(NEW, order))
    announced = registry.send("announceSignerChange", order, signer_of(own), *signatures)
    at, change = registry.signing()["change_at"], registry.digest(order)
    told = {"subject": registry.subject, "change": change}
    assert registry.system.events(announced) == [("SignerChangeAnnounced", told | {"order": order, "effective_at": at})]
    registry.wait(SIGNER_CHANGE_SECONDS)
    events = registry.system.events(registry.apply(order))
    of = {name: {"subject": registry.subject, "signer_hash": keccak(name), "signer": name} for name in _both(order)}
    assert events == [
        ("SignerChangeApplied", told),
        ("SignerRemoved", of[order.removed_signer]),
        ("SignerAdded", of[order.added_signer]),
    ]


def _both(order: SignerChange) -> tuple[bytes, bytes]:
    return order.removed_signer, order.added_signer


def test_a_signer_is_replaced_at_one_stroke(registry: Registry, own: LocalAccount) -> None:
    registry.change(own, add=NEW, remove=own)
    assert registry.speaks(NEW)
    assert not registry.speaks(own)
    assert registry.signing()["signers"] == 1


def test_the_last_signer_stays(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    with refused("LastSigner", subject=registry.subject):
        registry.announce(own, remove=own)


def test_when_the_first_signer_goes_another_takes_its_place(registry: Registry, own: LocalAccount) -> None:
    registry.change(own, add=NEW)
    registry.change(NEW, add=OTHER)
    registry.change(NEW, remove=own)
    assert [registry.speaks(each) for each in (own, NEW, OTHER)] == [False, True, True]
    registry.change(OTHER, remove=NEW)
    assert [registry.speaks(each) for each in (own, NEW, OTHER)] == [False, False, True]
    assert registry.signing()["signers"] == 1


def test_a_removed_signer_may_come_back(registry: Registry, own: LocalAccount) -> None:
    registry.change(own, add=NEW, remove=own)
    registry.change(NEW, add=own)
    assert registry.speaks(own)


def test_a_further_signer_orders_and_pays_like_the_first(registry: Registry, own: LocalAccount) -> None:
    system = registry.system
    loan = system.lend()
    registry.change(own, add=NEW)
    order = system.order(loan, 500, 0)
    system.send("LoanBook", "repayBySignature", order, signer_of(NEW), sign(NEW, order, system.domain("LoanBook")))
    assert system.loan(loan)["paid_row_minor"] == 500


def test_signers_are_at_most_eight(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    keys = [key(f"phone {number}") for number in range(MAX_SIGNERS)]
    for account in keys[1:]:
        registry.change(own, add=account)
    assert registry.signing()["signers"] == MAX_SIGNERS
    with refused("TooManySigners", signers=MAX_SIGNERS + 1, limit=MAX_SIGNERS):
        registry.announce(own, add=keys[0])
    registry.change(own, add=keys[0], remove=keys[1])
    assert registry.signing()["signers"] == MAX_SIGNERS
    assert all(registry.speaks(account) for account in (own, keys[0], *keys[2:]))


def test_a_change_that_does_not_fit_is_refused(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    with refused("EmptySignerChange", subject=registry.subject):
        registry.announce(own)
    with refused("SignerPresent", signer_hash=keccak(signer_of(own))):
        registry.announce(own, add=own)
    with refused("SignerPresent"):
        registry.announce(own, add=own, remove=own)
    with refused("SignerAbsent", signer_hash=keccak(signer_of(NEW))):
        registry.announce(own, remove=NEW)


def test_only_a_signer_orders(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    with refused("InvalidSignature", party=registry.subject):
        registry.announce(THIEF, add=THIEF, remove=own)
    order = registry.order(signer_of(THIEF), signer_of(own))
    for signature in (registry.sign(THIEF, order), registry.sign(own, replace(order, nonce=1)), b""):
        with refused("InvalidSignature"):
            registry.send("announceSignerChange", order, signer_of(own), signature, registry.sign(THIEF, order))


def test_an_added_signer_proves_possession(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    order = registry.order(signer_of(NEW))
    for proof in (b"", registry.sign(own, order), registry.sign(NEW, replace(order, deadline=0))):
        with refused("InvalidSignature"):
            registry.send("announceSignerChange", order, signer_of(own), registry.sign(own, order), proof)


@pytest.mark.parametrize("length", [1, 19, 21])
def test_bytes_that_are_no_signer_are_not_added(
    registry: Registry, own: LocalAccount, refused: Refused, length: int
) -> None:
    order = registry.order(b"\x01" * length)
    with refused("VerifierNotListed" if length > 20 else "InvalidSignature"):
        registry.send("announceSignerChange", order, signer_of(own), registry.sign(own, order), b"")


def test_an_order_is_announced_once_in_its_turn(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    with refused("WrongSignerNonce", nonce=1, expected=0):
        registry.announce(own, add=NEW, nonce=1)
    order = registry.announce(own, add=NEW)
    registry.veto(own, registry.digest(order))
    with refused("WrongSignerNonce", nonce=0, expected=1):
        registry.send(
            "announceSignerChange", order, signer_of(own), registry.sign(own, order), registry.sign(NEW, order)
        )


def test_an_expired_order_is_refused(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    now = registry.system.evm.timestamp
    with refused("DeadlinePassed", deadline=now - 1, now_at=now):
        registry.announce(own, add=NEW, deadline=now - 1)
    registry.announce(own, add=NEW, deadline=now)


def test_one_change_waits_at_a_time(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    order = registry.announce(own, add=NEW)
    with refused("SignerChangePending", change=registry.digest(order)):
        registry.announce(own, add=OTHER)


def test_what_was_not_announced_is_not_applied(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    with refused("NotPending"):
        registry.apply(registry.order(signer_of(NEW)))
    order = registry.announce(own, add=NEW)
    registry.wait(SIGNER_CHANGE_SECONDS)
    with refused("NotPending"):
        registry.apply(replace(order, added_signer=signer_of(THIEF)))
    registry.apply(order)
    with refused("NotPending", change=registry.digest(order)):
        registry.apply(order)


def test_the_signer_to_be_removed_vetoes(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    registry.change(own, add=NEW)
    order = registry.announce(NEW, remove=own)
    receipt = registry.veto(own, registry.digest(order))
    told = {"subject": registry.subject, "change": registry.digest(order), "signer_hash": keccak(signer_of(own))}
    assert registry.system.events(receipt) == [("ChangeVetoed", told)]
    registry.wait(SIGNER_CHANGE_SECONDS)
    with refused("NotPending"):
        registry.apply(order)
    assert registry.speaks(own)


def test_a_change_may_be_vetoed_until_it_is_applied(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    order = registry.announce(own, add=NEW)
    registry.wait(10 * SIGNER_CHANGE_SECONDS)
    registry.veto(own, registry.digest(order))
    with refused("NotPending"):
        registry.apply(order)


def test_a_stranger_does_not_veto(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    change = registry.digest(registry.announce(own, add=NEW))
    for stranger in (THIEF, NEW):  # who is to be added is not yet a signer
        with refused("InvalidSignature", party=registry.subject):
            registry.veto(stranger, change)
    other = registry.system.person(2)
    with refused("InvalidSignature"):
        registry.veto(other.key, change)


def test_a_veto_names_what_waits(registry: Registry, own: LocalAccount, refused: Refused) -> None:
    for nothing in (bytes(32), keccak(b"other")):
        with refused("NotPending", change=nothing):
            registry.veto(own, nothing)
    change, now = registry.digest(registry.announce(own, add=NEW)), registry.system.evm.timestamp
    with refused("DeadlinePassed"):
        registry.veto(own, change, deadline=now - 1)
    registry.veto(own, change, deadline=now)


def test_who_looks_once_in_three_days_keeps_everything(registry: Registry, own: LocalAccount) -> None:
    registry.change(own, add=THIEF)
    for _ in range(4):  # the thief announces again and again, the owner looks every three days
        order = registry.announce(THIEF, remove=own)
        registry.wait(SIGNER_CHANGE_SECONDS)
        registry.veto(own, registry.digest(order))
    assert registry.speaks(own)


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


def test_an_institution_has_no_signers_to_change(registry: Registry, refused: Refused) -> None:
    pool = registry.system.contracts["LendingPool"]
    order = replace(registry.order(signer_of(NEW)), subject=pool)
    with refused("InvalidSignature", party=pool):
        registry.send("announceSignerChange", order, b"", registry.sign(NEW, order), registry.sign(NEW, order))


def test_a_passkey_joins_unless_its_verifier_was_unlisted_meanwhile(
    registry: Registry, own: LocalAccount, refused: Refused
) -> None:
    verifier = registry.system.contracts["PasskeyVerifier"]
    passkey = SoftPasskey(verifier)
    order = registry.order(passkey.signer)
    proof = passkey.sign(registry.digest(order))
    registry.send("announceSignerChange", order, signer_of(own), registry.sign(own, order), proof)
    moment = registry.system.evm.snapshot()
    registry.wait(SIGNER_CHANGE_SECONDS)
    registry.apply(order)
    message = keccak(b"anything")
    values = (registry.subject, message, passkey.signer)
    assert registry.system.read("IdentityRegistry", "speaksFor", *values, passkey.sign(message))
    registry.system.evm.restore(moment)
    registry.system.restricted("IdentityRegistry", "setVerifier", verifier, False, sender=registry.system.role("risk"))
    registry.wait(SIGNER_CHANGE_SECONDS)
    with refused("VerifierNotListed", verifier=verifier):
        registry.apply(order)


def test_a_frozen_subject_changes_its_signers(registry: Registry, own: LocalAccount) -> None:
    registry.send("setFrozen", registry.subject, True, role="registrar")
    registry.change(own, add=NEW, remove=own)
    assert registry.system.read("IdentityRegistry", "standing", registry.subject)["frozen"]


def test_the_first_signer_costs_no_more_for_having_others(registry: Registry, own: LocalAccount) -> None:
    def gas(account: LocalAccount) -> int:
        message = keccak(b"anything")
        signature = sign_digest(account, message)
        values = (registry.subject, message, signer_of(account), signature)
        return registry.send("speaksInStanding", *values).gas_used

    alone = gas(own)
    registry.change(own, add=NEW)
    assert gas(own) == alone
    assert gas(NEW) - alone < 3_000  # one more look-up
