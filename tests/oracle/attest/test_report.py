"""The report follows from its inputs alone, and an outsider can repeat and check it."""

from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.typed_data import sign
from oracle.attest import QuorumMissing, reasons_salt, replay, require_quorum
from oracle.canonical import commitment
from oracle.features import LedgerFeatures
from tests.oracle.attest.strategies import APPLICANT, CONTEXT, DOMAIN, KEYS, MEMBERS, SALT, packet, report
from tests.oracle.shipped import model, policy

NEW = LedgerFeatures()


def signed(*positions: int) -> bytes:
    """Signatures of the oracle keys at these positions, in this order."""
    return b"".join(sign(KEYS[position], report(), DOMAIN) for position in positions)


def test_a_report_is_issued_at_its_block_and_counts_for_the_policys_days() -> None:
    made = report()
    assert (made.issued_at, made.sequence) == (CONTEXT.block_timestamp, 1)
    assert made.expires_at - made.issued_at == policy().score_validity_days * 86_400
    assert (made.model_hash, made.policy_hash) == (model().model_hash, policy().policy_hash)
    assert (made.score, made.limit_minor) == (APPLICANT["decision"]["score"], APPLICANT["decision"]["limit_minor"])


def test_the_reasons_open_without_opening_the_features() -> None:
    opened = {name: APPLICANT["decision"][name] for name in ("pd_ppm", "band", "reasons")}
    assert reasons_salt(SALT) != SALT
    assert report().reasons_commitment == commitment(reasons_salt(SALT), opened)


def test_the_same_inputs_repeat_the_report() -> None:
    assert replay(report(), packet(), NEW, model(), policy()) == ()


CHANGES: dict[str, Any] = {
    "score": {"score": report().score + 1},
    "limitMinor": {"limit_minor": report().limit_minor + 1},
    "expiresAt": {"expires_at": report().expires_at + 1},
    "modelHash": {"model_hash": bytes(32)},
    "policyHash": {"policy_hash": bytes(32)},
    "featuresCommitment": {"features_commitment": bytes(32)},
    "reasonsCommitment": {"reasons_commitment": bytes(32)},
    "consentId": {"consent_id": bytes(32)},
    "subject": {"subject": "0x" + "33" * 20},
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_field_is_named(field: str) -> None:
    assert replay(replace(report(), **CHANGES[field]), packet(), NEW, model(), policy()) == (field,)


def test_other_features_than_the_signed_ones_are_named() -> None:
    other = replace(packet(), features={**APPLICANT["features"], "telephone": "registered"})
    if other.features == APPLICANT["features"]:
        other = replace(other, features={**APPLICANT["features"], "telephone": "none"})
    assert replay(report(), other, NEW, model(), policy()) == ("featuresCommitment",)


def test_another_history_gives_another_report() -> None:
    assert "limitMinor" in replay(report(), packet(), LedgerFeatures(worst_bucket=4), model(), policy())


def test_three_of_four_are_a_quorum() -> None:
    assert require_quorum(report(), signed(0, 2, 3), MEMBERS, 3, DOMAIN) == [MEMBERS[0], MEMBERS[2], MEMBERS[3]]


@pytest.mark.parametrize(
    ("positions", "reason"),
    [((0, 1), "2 signatures"), ((), "0 signatures"), ((1, 0, 2), "ascending"), ((0, 0, 1), "distinct")],
)
def test_fewer_doubled_or_disordered_signatures_are_none(positions: tuple[int, ...], reason: str) -> None:
    with pytest.raises(QuorumMissing, match=reason):
        require_quorum(report(), signed(*positions), MEMBERS, 3, DOMAIN)


def test_a_stranger_or_a_cut_signature_does_not_count() -> None:
    with pytest.raises(QuorumMissing, match="no signer"):
        require_quorum(report(), signed(0, 1, 2), MEMBERS[:2], 2, DOMAIN)
    with pytest.raises(QuorumMissing, match="64 bytes"):
        require_quorum(report(), signed(0, 1, 2)[:-1], MEMBERS, 3, DOMAIN)


def test_signatures_over_another_report_do_not_count() -> None:
    other = replace(report(), consent_id=keccak(b"other"))
    with pytest.raises(QuorumMissing, match="no signer"):
        require_quorum(other, signed(0, 1, 2), MEMBERS, 3, DOMAIN)
