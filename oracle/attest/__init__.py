"""Attestation: from a subject's signed packet and one block of the ledger to the report that signers sign."""

from oracle.attest.errors import (
    BlockTooOld,
    BlockUnknown,
    CommitmentMismatch,
    MalformedPacket,
    RequestExpired,
    SubjectSignatureInvalid,
    WrongProduct,
)
from oracle.attest.evaluate import OLDEST_BLOCK_AGE, Evaluation, Evaluator
from oracle.attest.packet import Packet
from oracle.attest.report import (
    ChainContext,
    build_report,
    differing,
    features_commitment,
    reasons_commitment,
    reasons_salt,
)
from oracle.attest.verify import QuorumMissing, replay, require_quorum

__all__ = [
    "OLDEST_BLOCK_AGE",
    "BlockTooOld",
    "BlockUnknown",
    "ChainContext",
    "CommitmentMismatch",
    "Evaluation",
    "Evaluator",
    "MalformedPacket",
    "Packet",
    "QuorumMissing",
    "RequestExpired",
    "SubjectSignatureInvalid",
    "WrongProduct",
    "build_report",
    "differing",
    "features_commitment",
    "reasons_commitment",
    "reasons_salt",
    "replay",
    "require_quorum",
]
