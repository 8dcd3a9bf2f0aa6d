"""What other lenders say about a subject: who may, what the subject can do about it, and when it stops counting."""

from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Attestation, Dispute, Retraction, digest, sign
from scripts.workbench.system import DAY_SECONDS, System
from tests.contracts.conftest import Refused

REASON = keccak(b"reason")
LONGEST_SECONDS = 366 * DAY_SECONDS


def _listed(system: System, listed: bool = True) -> None:
    furnisher = system.contracts["LendingPool"]
    system.restricted("CreditRegistry", "setFurnisher", furnisher, listed, sender=system.role("governor"))


def _attestation(system: System, **changes: Any) -> Attestation:
    attestation = Attestation(
        subject=system.person().subject,
        furnisher=system.contracts["LendingPool"],
        kind=keccak(b"consumer-instalment"),
        loans_paid=3,
        loans_late=1,
        worst_bucket=2,
        written_off_minor=0,
        outstanding_minor=40_000,
        observed_at=system.evm.timestamp,
        expires_at=system.evm.timestamp + 100 * DAY_SECONDS,
        consent_id=keccak(b"consent"),
        salt=keccak(b"salt"),
    )
    return replace(attestation, **changes)


def _signed(system: System, message: Any) -> bytes:
    return sign(load_key("underwriter", None, DEVNET_CHAIN_ID), message, system.domain("CreditRegistry"))


def _furnish(system: System, **changes: Any) -> bytes:
    _listed(system)
    attestation = _attestation(system, **changes)
    system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))
    return digest(attestation, system.domain("CreditRegistry"))


def _objection(system: System, uid: bytes, **changes: Any) -> tuple[Dispute, bytes, bytes]:
    person = system.person()
    objection = replace(Dispute(person.subject, uid, REASON, system.evm.timestamp + 600), **changes)
    return objection, person.signer, sign(person.key, objection, system.domain("CreditRegistry"))


def _counts(system: System, uid: bytes) -> Any:
    return system.read("CreditRegistry", "requireAttestation", uid)


def test_a_listed_furnishers_signature_makes_an_attestation(system: System) -> None:
    assert not system.read("CreditRegistry", "isFurnisher", system.contracts["LendingPool"])
    _listed(system)
    assert system.read("CreditRegistry", "isFurnisher", system.contracts["LendingPool"])
    attestation = _attestation(system)
    receipt = system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))
    [(name, event)] = system.events(receipt)
    uid = digest(attestation, system.domain("CreditRegistry"))
    assert (name, event["uid"], event["attestation"]) == ("AttestationFurnished", uid, attestation)
    assert system.read("CreditRegistry", "attestationOf", uid) == {
        "subject": attestation.subject,
        "expires_at": attestation.expires_at,
        "revoked": False,
        "disputed": False,
        "furnisher": attestation.furnisher,
    }
    assert _counts(system, uid) is False


def test_an_unlisted_institution_says_nothing(system: System, refused: Refused) -> None:
    attestation = _attestation(system)
    with refused("NotFurnisher", furnisher=attestation.furnisher):
        system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))


def test_nobody_speaks_for_a_furnisher(system: System, refused: Refused) -> None:
    _listed(system)
    attestation = _attestation(system)
    forged = sign(system.person().key, attestation, system.domain("CreditRegistry"))
    with refused("InvalidSignature", party=attestation.furnisher):
        system.send("CreditRegistry", "furnish", attestation, forged)


def test_an_attestation_is_furnished_once(system: System, refused: Refused) -> None:
    uid = _furnish(system)
    attestation = _attestation(system)
    assert digest(attestation, system.domain("CreditRegistry")) == uid
    with refused("AttestationExists", uid=uid):
        system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))


FIGURES: list[tuple[dict[str, Any], str]] = [
    ({"consent_id": bytes(32)}, "ConsentMissing"),
    ({"loans_paid": 2**16}, "AttestationOutOfRange"),
    ({"loans_late": 2**16}, "AttestationOutOfRange"),
    ({"worst_bucket": 5}, "AttestationOutOfRange"),
    ({"worst_bucket": 1}, "AttestationOutOfRange"),
    ({"loans_late": 0}, "AttestationOutOfRange"),
    ({"written_off_minor": 2**48}, "AttestationOutOfRange"),
    ({"outstanding_minor": 2**48}, "AttestationOutOfRange"),
]


@pytest.mark.parametrize(("changes", "error"), FIGURES)
def test_figures_without_consent_or_sense_are_refused(
    system: System, refused: Refused, changes: dict[str, Any], error: str
) -> None:
    with refused(error):
        _furnish(system, **changes)


@pytest.mark.parametrize(("observed", "lasts"), [(1, 100), (0, 0), (-100, 100), (0, LONGEST_SECONDS + 1)])
def test_an_attestation_is_seen_before_now_and_ends_within_a_year(
    system: System, refused: Refused, observed: int, lasts: int
) -> None:
    _listed(system)
    seen = system.evm.timestamp + observed
    with refused("AttestationTimes"):
        _furnish_at(system, seen, lasts)
    _furnish_at(system, system.evm.timestamp, LONGEST_SECONDS)


def _furnish_at(system: System, observed_at: int, lasts: int) -> None:
    attestation = _attestation(system, observed_at=observed_at, expires_at=observed_at + lasts)
    system.send("CreditRegistry", "furnish", attestation, _signed(system, attestation))


def test_expired_and_revoked_are_told_apart(system: System, refused: Refused) -> None:
    uid = _furnish(system)
    with refused("UnknownAttestation"):
        _counts(system, bytes(32))
    system.evm.go_to(system.evm.timestamp + 101 * DAY_SECONDS)
    with refused("ExpiredAttestation", uid=uid):
        _counts(system, uid)
    retraction = Retraction(uid, REASON, system.evm.timestamp + 60)
    system.send("CreditRegistry", "revokeAttestationBySignature", retraction, _signed(system, retraction))
    with refused("RevokedAttestation", uid=uid):
        _counts(system, uid)


def test_only_the_furnisher_takes_it_back_and_only_once(system: System, refused: Refused) -> None:
    uid = _furnish(system)
    with refused("NotFurnisher"):
        system.send("CreditRegistry", "revokeAttestation", uid, REASON)
    late = Retraction(uid, REASON, system.evm.timestamp - 1)
    with refused("DeadlinePassed"):
        system.send("CreditRegistry", "revokeAttestationBySignature", late, _signed(system, late))
    retraction = Retraction(uid, REASON, system.evm.timestamp + 60)
    forged = sign(system.person().key, retraction, system.domain("CreditRegistry"))
    with refused("InvalidSignature"):
        system.send("CreditRegistry", "revokeAttestationBySignature", retraction, forged)
    system.send("CreditRegistry", "revokeAttestation", uid, REASON, sender=system.contracts["LendingPool"])
    with refused("RevokedAttestation"):
        system.send("CreditRegistry", "revokeAttestationBySignature", retraction, _signed(system, retraction))


def test_what_an_unlisted_furnisher_said_no_longer_counts(system: System, refused: Refused) -> None:
    uid = _furnish(system)
    _listed(system, False)
    with refused("NotFurnisher"):
        _counts(system, uid)
    _listed(system)
    assert _counts(system, uid) is False


def test_the_subject_marks_an_attestation_and_the_mark_is_decided_upon(system: System, refused: Refused) -> None:
    uid, governor = _furnish(system), system.role("governor")
    objection = _objection(system, uid)
    system.send("CreditRegistry", "dispute", *objection)
    assert _counts(system, uid) is True
    with refused("AlreadyDisputed", uid=uid):
        system.send("CreditRegistry", "dispute", *objection)
    system.restricted("CreditRegistry", "resolveDispute", uid, False, sender=governor)
    assert _counts(system, uid) is False


def test_an_upheld_objection_revokes_it(system: System, refused: Refused) -> None:
    uid, governor = _furnish(system), system.role("governor")
    system.send("CreditRegistry", "dispute", *_objection(system, uid))
    system.restricted("CreditRegistry", "resolveDispute", uid, True, sender=governor)
    with refused("RevokedAttestation"):
        _counts(system, uid)
    with refused("NotDisputed"):
        system.restricted("CreditRegistry", "resolveDispute", uid, True, sender=governor)


def test_an_objection_that_was_decided_is_not_brought_again(system: System, refused: Refused) -> None:
    uid, governor = _furnish(system), system.role("governor")
    objection = _objection(system, uid, deadline=system.evm.timestamp + 5 * DAY_SECONDS)
    system.send("CreditRegistry", "dispute", *objection)
    system.restricted("CreditRegistry", "resolveDispute", uid, False, sender=governor)
    with refused("AlreadyDisputed"):
        system.send("CreditRegistry", "dispute", *objection)
    system.send("CreditRegistry", "dispute", *_objection(system, uid, reason=keccak(b"another reason")))
    assert _counts(system, uid) is True


def test_only_the_subject_objects(system: System, refused: Refused) -> None:
    uid, other = _furnish(system), system.person(2)
    objection, signer, _ = _objection(system, uid)
    forged = sign(other.key, objection, system.domain("CreditRegistry"))
    with refused("InvalidSignature"):
        system.send("CreditRegistry", "dispute", objection, signer, forged)
    foreign = replace(objection, subject=other.subject)
    signature = sign(other.key, foreign, system.domain("CreditRegistry"))
    with refused("NotAbout", subject=other.subject):
        system.send("CreditRegistry", "dispute", foreign, other.signer, signature)
    with refused("DeadlinePassed"):
        system.send("CreditRegistry", "dispute", *_objection(system, uid, deadline=system.evm.timestamp - 1))
