"""Limits, history, steps and attestations follow from events alone; an altered one is named."""

from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.clients import Event
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Attestation, Dispute, sign
from scripts.workbench.system import DAY_SECONDS, FIRST_DAY, Draft, noon
from tests.contracts.recount.history import History, new_history

REASON = keccak(b"why")


@pytest.fixture(scope="module")
def lived() -> tuple[History, list[Event]]:
    """A late loan that is paid off, an open one, two steps, another market, another signer set, an attestation."""
    history = new_history()
    system = history.system
    late, open_ = history.lend(1, Draft(periods=2)), history.lend(2)
    person = system.person(1)
    system.evm.go_to(noon(FIRST_DAY + 100))
    system.send("LoanBook", "recordArrears", late)
    system.send("LoanBook", "recordArrears", open_)
    system.send("CreditRegistry", "step", person.subject)
    owed = system.read("LoanBook", "owed", late, FIRST_DAY + 100)["total_minor"]
    system.pay(late, owed, 0, person)
    system.restricted("CreditRegistry", "setMarketFactor", 950_000, sender=system.role("risk"))
    members, governor = [key.address for key in system.oracle_keys()], system.role("governor")
    system.restricted("CreditRegistry", "setSigners", members, 3, sender=governor, delay=2 * DAY_SECONDS)
    system.send("CreditRegistry", "revokeSignerSetsBefore", 2, REASON, sender=system.role("risk"))
    system.publish(person.subject)
    system.evm.go_to(noon(FIRST_DAY + 140))
    system.send("CreditRegistry", "step", person.subject)
    _attest(history)
    return history, history.events()


def _attest(history: History) -> None:
    system, person = history.system, history.system.person(1)
    pool, governor, now = system.contracts["LendingPool"], system.role("governor"), system.evm.timestamp
    system.restricted("CreditRegistry", "setFurnisher", pool, True, sender=governor)
    figures = (keccak(b"kind"), 3, 0, 0, 0, 0, now, now + 9 * DAY_SECONDS)
    attestation = Attestation(person.subject, pool, *figures, keccak(b"consent"), REASON)
    domain = system.domain("CreditRegistry")
    by_pool = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), attestation, domain)
    uid = system.send("CreditRegistry", "furnish", attestation, by_pool).output
    objection = Dispute(person.subject, uid, REASON, system.evm.timestamp + 600)
    system.send("CreditRegistry", "dispute", objection, person.signer, sign(person.key, objection, domain))
    system.restricted("CreditRegistry", "resolveDispute", uid, True, sender=governor)


def test_a_life_of_credit_recounts_clean(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    names = {event.name for event in events}
    told = {"LimitStepped", "HistoryChanged", "MarketFactorChanged", "SignerSetsRevoked", "DisputeResolved"}
    assert told <= names
    wrong = [str(difference) for difference in history.recount(events).differences if "apr_ppm" not in str(difference)]
    assert wrong == []


ALTERED: list[tuple[str, dict[str, Any], str]] = [
    ("LimitStepped", {"scale_after": 99}, "scale_after"),
    ("LimitStepped", {"reasons": 63}, "reasons"),
    ("MarketFactorChanged", {"factor_ppm": 1_300_000}, "within bounds"),
    ("SignerSetsRevoked", {"first_signer_set": 9}, "first within bounds"),
    ("HistoryChanged", {"history": {}}, "history"),
    ("DisputeResolved", {"upheld": False}, "standing"),
    ("FurnisherChanged", {"listed": False}, "furnisher listed"),
]


@pytest.mark.parametrize(("name", "args", "field"), ALTERED)
def test_an_altered_event_is_named(
    lived: tuple[History, list[Event]], name: str, args: dict[str, Any], field: str
) -> None:
    history, events = lived
    at = max(index for index, event in enumerate(events) if event.name == name)
    altered = [replace(e, args={**e.args, **args}) if index == at else e for index, e in enumerate(events)]
    assert field in {difference.field for difference in history.recount(altered).differences}


@pytest.mark.parametrize("name", ["LimitStepped", "MarketFactorChanged", "AttestationDisputed", "SignerSetsRevoked"])
def test_a_missing_event_is_noticed(lived: tuple[History, list[Event]], name: str) -> None:
    history, events = lived
    at = max(index for index, event in enumerate(events) if event.name == name)
    assert not history.recount(events[:at] + events[at + 1 :]).clean
