"""What an outsider checks of a published report: who signed it, and that the decision repeats. Needs no ledger."""

from collections.abc import Collection

from contracts.typed_data import Domain, InvalidSignature, ScoreReport, digest, recover_digest
from contracts.typed_data.signing import SIGNATURE_BYTES
from oracle.attest.packet import Packet
from oracle.attest.report import ChainContext, build_report, differing, features_commitment
from oracle.decision import decide
from oracle.features import LedgerFeatures
from oracle.models import Scorecard
from oracle.policy import Policy
from oracle.problems import OracleError


class QuorumMissing(OracleError):
    """The signatures are not those of enough distinct members, in ascending order."""

    slug = "quorum-missing"
    title = "The report is not signed by a quorum"

    def __init__(self, uid: bytes, reason: str) -> None:
        super().__init__(f"report 0x{uid.hex()}: {reason}", uid="0x" + uid.hex(), reason=reason)


def require_quorum(
    report: ScoreReport, signatures: bytes, members: Collection[str], quorum: int, domain: Domain
) -> list[str]:
    """The members who signed, ascending; `signatures` are 65 bytes each, concatenated as published.

    Raises QuorumMissing.
    """
    uid = digest(report, domain)
    parts = [signatures[start : start + SIGNATURE_BYTES] for start in range(0, len(signatures), SIGNATURE_BYTES)]
    try:
        signers = [recover_digest(uid, part) for part in parts]
    except InvalidSignature as error:
        raise QuorumMissing(uid, str(error)) from error
    strangers = [signer for signer in signers if signer not in members]
    if strangers:
        raise QuorumMissing(uid, f"{', '.join(strangers)} is no signer")
    if signers != sorted(set(signers), key=str.lower):
        raise QuorumMissing(uid, "signers are not distinct and ascending")
    if len(signers) < quorum:
        raise QuorumMissing(uid, f"{len(signers)} signatures, {quorum} needed")
    return signers


def replay(
    report: ScoreReport, packet: Packet, history: LedgerFeatures, model: Scorecard, policy: Policy
) -> tuple[str, ...]:
    """The JSON names of the fields in which the report is not what these inputs give; empty when it repeats.

    `history` is the subject's at the block the report names. Block, sequence and signer set are taken as reported.
    """
    context = ChainContext(
        block_number=report.block_number,
        block_hash=report.block_hash,
        block_timestamp=report.issued_at,
        last_sequence=report.sequence - 1,
        signer_set=report.signer_set,
    )
    decision = decide(packet.features, history, packet.request, model, policy)
    repeated = build_report(packet, decision, context, model, policy)
    opened = features_commitment(packet.salt, packet.features)
    wrong = differing(repeated, report)
    if opened != report.features_commitment and "featuresCommitment" not in wrong:
        return (*wrong, "featuresCommitment")
    return wrong
