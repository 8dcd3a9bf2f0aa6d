"""What the worker takes over from the publisher follows from the signed report; anything else is refused by name."""

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest

from api.worker.attested import Attested, NotAttested, attested
from contracts.typed_data import digest
from oracle.attest import reasons_salt
from oracle.decision import decide
from oracle.features import LedgerFeatures
from tests.api.conftest import Json
from tests.oracle.attest.strategies import DOMAIN, SALT, packet, report
from tests.oracle.shipped import model, policy


def published() -> Json:
    """What an honest publisher answers."""
    decision = decide(packet().features, LedgerFeatures(), packet().request, model(), policy())
    return {
        "status": "published",
        "decision": {**asdict(decision), "reasons_salt": "0x" + reasons_salt(SALT).hex()},
        "report": report().message(),
        "uid": "0x" + digest(report(), DOMAIN).hex(),
    }


def taken_over(state: Json) -> Attested:
    return attested(state, packet().request, DOMAIN, policy())


def test_an_honest_answer_is_taken_over() -> None:
    state = published()
    found = taken_over(state)
    assert (found.approved, found.rate_ppm) == (True, state["decision"]["rate_ppm"])
    assert (found.report, "0x" + found.uid.hex()) == (report(), state["uid"])


def test_the_price_is_the_policys_whatever_the_publisher_says() -> None:
    state = published()
    honest = state["decision"]["rate_ppm"]
    state["decision"]["rate_ppm"] = 0
    assert taken_over(state).rate_ppm == honest > 0


def _decision(**changes: object) -> Callable[[Json], Json]:
    return lambda state: {**state, "decision": {**state["decision"], **changes}}


def _report(**changes: object) -> Callable[[Json], Json]:
    """Another report with its own right digest."""

    def change(state: Json) -> Json:
        other = replace(report(), **changes)  # type: ignore[arg-type]
        return {**state, "report": other.message(), "uid": "0x" + digest(other, DOMAIN).hex()}

    return change


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("uid", lambda state: {**state, "uid": "0x" + "00" * 32}),
        ("report", lambda state: {**state, "report": None}),
        ("report", lambda state: {name: value for name, value in state.items() if name != "report"}),
        ("decision", lambda state: {**state, "decision": None}),
        ("subject", _report(subject="0x" + "33" * 20)),
        ("features_commitment", _report(features_commitment=bytes(32))),
        ("consent_id", _report(consent_id=bytes(32))),
        ("policy_hash", _report(policy_hash=bytes(32))),
        ("approved", _report(limit_minor=1)),
        ("approved", _report(score=1)),
        ("score", _decision(score=999)),
        ("limit_minor", _decision(limit_minor=99_999_999)),
        ("reasons_commitment", _decision(reasons=["open_loans"])),
        ("reasons_commitment", _decision(pd_ppm=1)),
        ("reasons_commitment", _decision(reasons_salt="0x")),
        ("reasons_commitment", _decision(reasons_salt=None)),
    ],
)
def test_an_answer_that_does_not_follow_is_refused_by_the_field(field: str, change: Callable[[Json], Json]) -> None:
    with pytest.raises(NotAttested) as refused:
        taken_over(change(published()))
    assert field in refused.value.fields
    assert refused.value.problem()["type"] == "/problems/decision-not-attested"


def test_a_decline_needs_no_band() -> None:
    state = _report(score=1, limit_minor=0)(published())
    state = _decision(approved=False, score=1, limit_minor=0, rate_ppm=0)(state)
    found = taken_over(state)
    assert (found.approved, found.rate_ppm) == (False, 0)
