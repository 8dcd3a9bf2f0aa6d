"""IdentityRegistry: a subject's signers change after a wait, by order of one of them."""

from dataclasses import replace

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from contracts.typed_data import SignerChange, sign, sign_digest
from scripts.workbench.passkey import SoftPasskey
from tests.contracts.conftest import Refused
from tests.contracts.solidity.signers.registry import (
    MAX_SIGNERS,
    NEW,
    OTHER,
    SIGNER_CHANGE_SECONDS,
    THIEF,
    Registry,
    key,
    signer_of,
)


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
