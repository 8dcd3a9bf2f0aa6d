"""The report itself: a pure function that signers and publisher share, so that honest ones agree to the bit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from contracts.typed_data import ScoreReport
from oracle.attest.packet import Packet
from oracle.canonical import commitment
from oracle.decision import Decision
from oracle.models import Scorecard
from oracle.policy import Policy

REASONS_SALT_LABEL = b"reasons"


@dataclass(frozen=True)
class ChainContext:
    """What a report takes from the ledger: the block read, the subject's last sequence, the signer set's digest."""

    block_number: int
    block_hash: bytes
    block_timestamp: int
    last_sequence: int
    signer_set: bytes


def build_report(
    packet: Packet, decision: Decision, context: ChainContext, model: Scorecard, policy: Policy
) -> ScoreReport:
    """The only report that follows from these inputs. It is issued at its block's time."""
    request = packet.request
    return ScoreReport(
        subject=request.subject,
        score=decision.score,
        limit_minor=decision.limit_minor,
        issued_at=context.block_timestamp,
        expires_at=context.block_timestamp + policy.score_validity_seconds,
        sequence=context.last_sequence + 1,
        block_number=context.block_number,
        block_hash=context.block_hash,
        signer_set=context.signer_set,
        model_hash=model.model_hash,
        policy_hash=policy.policy_hash,
        features_commitment=request.features_commitment,
        reasons_commitment=reasons_commitment(packet.salt, decision),
        consent_id=request.consent_id,
    )


def features_commitment(salt: bytes, features: Mapping[str, Any]) -> bytes:
    """keccak256(salt || canonical JSON of the features): 32 bytes."""
    return commitment(salt, dict(features))


def reasons_salt(salt: bytes) -> bytes:
    """The salt of the reasons, derived from the packet's so that every signer has the same: 32 bytes.

    Whoever is shown the reasons with this salt learns nothing about the features' salt.
    """
    return keccak(salt + REASONS_SALT_LABEL)


def reasons_commitment(salt: bytes, decision: Decision) -> bytes:
    """Commitment to PD, band and reasons under `reasons_salt(salt)`: 32 bytes."""
    opened = {"pd_ppm": decision.pd_ppm, "band": decision.band, "reasons": list(decision.reasons)}
    return commitment(reasons_salt(salt), opened)


def differing(one: ScoreReport, other: ScoreReport) -> tuple[str, ...]:
    """The JSON names of the fields in which two reports differ."""
    left, right = one.message(), other.message()
    return tuple(name for name in left if left[name] != right[name])
