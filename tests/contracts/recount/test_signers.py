"""A subject's signers, and what waits for them, follow from the events alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.clients import Event
from tests.contracts.recount.history import History
from tests.contracts.solidity.signers.registry import (
    NEW,
    OTHER,
    RECOVERY_SECONDS,
    THIEF,
    Registry,
)


@pytest.fixture
def registry(history: History) -> Registry:
    return Registry(history.system, history.system.person())


def _joined(registry: Registry) -> None:
    registry.change(registry.person.key, add=NEW)


def _replaced(registry: Registry) -> None:
    registry.change(registry.person.key, add=NEW, remove=registry.person.key)


def _came_back(registry: Registry) -> None:
    _replaced(registry)
    registry.change(NEW, add=registry.person.key)


def _announced(registry: Registry) -> None:
    registry.announce(registry.person.key, add=NEW)
    registry.announce_recovery(OTHER)


def _vetoed(registry: Registry) -> None:
    _announced(registry)
    for name in ("change", "recovery"):
        registry.veto(registry.person.key, registry.signing()[name])


def _contested(registry: Registry) -> None:
    _vetoed(registry)
    registry.announce_recovery(THIEF)


def _cancelled(registry: Registry) -> None:
    _contested(registry)
    registry.send("cancelRecovery", registry.subject, registry.signing()["recovery"], role="guardian")


def _recovered(registry: Registry) -> None:
    _joined(registry)
    registration = registry.announce_recovery(OTHER)
    registry.announce(NEW, add=THIEF)
    registry.wait(RECOVERY_SECONDS)
    registry.send("applyRecovery", registration)


def _unlisted(registry: Registry) -> None:
    verifier, risk = registry.system.contracts["PasskeyVerifier"], registry.system.role("risk")
    registry.system.restricted("IdentityRegistry", "setVerifier", verifier, False, sender=risk)


LIVES = (_joined, _replaced, _came_back, _announced, _vetoed, _contested, _cancelled, _recovered, _unlisted)


@pytest.mark.parametrize("live", LIVES)
def test_a_subjects_life_recounts_clean(history: History, registry: Registry, live: Callable[[Registry], None]) -> None:
    before = history.recount().comparisons
    live(registry)
    findings = history.recount()
    assert findings.differences == []
    assert findings.comparisons >= before


DROPPED = [
    (_joined, "SignerAdded", "signers"),
    (_replaced, "SignerRemoved", "signers"),
    (_joined, "SignerChangeAnnounced", "nonce"),
    (_joined, "SignerChangeApplied", "change"),
    (_announced, "SignerChangeAnnounced", "change_at"),
    (_announced, "RecoveryAnnounced", "recovery"),
    (_contested, "RecoveryAnnounced", "contested"),
    (_contested, "ChangeVetoed", "contested_until"),
    (_cancelled, "RecoveryCancelled", "recovery_at"),
    (_recovered, "SubjectRecovered", "signers"),
    (_unlisted, "VerifierChanged", "listed"),
]


@pytest.mark.parametrize(("live", "name", "field"), DROPPED)
def test_an_event_that_is_lacking_is_named(
    history: History, registry: Registry, live: Callable[[Registry], None], name: str, field: str
) -> None:
    live(registry)
    events = history.events()
    last = max(place for place, event in enumerate(events) if event.name == name)
    assert field in _fields(history, events[:last] + events[last + 1 :])


def test_another_signer_than_the_ledgers_is_named(history: History, registry: Registry) -> None:
    _joined(registry)
    events = [
        replace(event, args={**event.args, "signer": bytes(20)}) if event.name == "SignerAdded" else event
        for event in history.events()
    ]
    assert f"signer 0x{bytes(20).hex()}" in _fields(history, events)


def _fields(history: History, events: list[Event]) -> set[str]:
    return {difference.field for difference in history.recount(events).differences}
