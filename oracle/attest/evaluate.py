"""One evaluation: everything a signer checks before it would put its name to a report."""

from dataclasses import dataclass

from contracts.clients import Block, Ledger, UnknownBlock
from contracts.typed_data import ScoreReport, digest
from oracle.attest.errors import (
    BlockTooOld,
    BlockUnknown,
    CommitmentMismatch,
    RequestExpired,
    SubjectSignatureInvalid,
    WrongProduct,
)
from oracle.attest.history import read_history
from oracle.attest.packet import Packet
from oracle.attest.report import ChainContext, build_report, features_commitment
from oracle.decision import Decision, decide
from oracle.features import LedgerFeatures
from oracle.models import Scorecard
from oracle.policy import Policy

OLDEST_BLOCK_AGE = 4096
"""Blocks. Half of what the registry can still check (EIP-2935 keeps 8191), and more than an hour of one a second:
a report once proposed can be completed for as long as its request lives, so no second one is ever needed."""


@dataclass(frozen=True)
class Evaluation:
    """What one block says about one packet: the decision, the report and the digest to be signed."""

    decision: Decision
    report: ScoreReport
    digest: bytes
    request_digest: bytes


class Evaluator:
    """Evaluates packets against one ledger with one model and one policy. Holds no key."""

    def __init__(self, ledger: Ledger, model: Scorecard, policy: Policy) -> None:
        self.ledger, self.model, self.policy = ledger, model, policy

    def request_digest(self, packet: Packet) -> bytes:
        """The 32 bytes the subject signed."""
        return digest(packet.request, self.ledger.credit_registry.domain)

    def evaluate(self, packet: Packet, block_number: int, block_hash: bytes) -> Evaluation:
        """Check the packet at a recent block and decide.

        Raises LedgerUnavailable, the errors of oracle.attest, of `decide` and of `validate`.
        """
        self.require_meant(packet)
        block = self.canonical_block(block_number, block_hash)
        self._require_alive(packet)
        self._require_signed(packet, block)
        current = self.ledger.credit_registry.current(packet.request.subject, block=block.hash)
        history = self._history(packet.request.subject, block, current.sequence)
        decision = decide(packet.features, history, packet.request, self.model, self.policy)
        signer_set = self.ledger.credit_registry.signer_set(block=block.hash)
        context = ChainContext(block.number, block.hash, block.timestamp, current.sequence, signer_set)
        report = build_report(packet, decision, context, self.model, self.policy)
        report_digest = digest(report, self.ledger.credit_registry.domain)
        return Evaluation(decision, report, report_digest, self.request_digest(packet))

    def require_meant(self, packet: Packet) -> None:
        """Refuse a packet whose features or product are not those signed: needs no ledger."""
        computed = features_commitment(packet.salt, packet.features)
        if packet.request.features_commitment != computed:
            raise CommitmentMismatch(packet.request.features_commitment, computed)
        if packet.request.product_id != self.policy.product_id:
            raise WrongProduct(packet.request.product_id, self.policy.product_id)

    def canonical_block(self, number: int, named: bytes) -> Block:
        """The block, if this node has it and it is recent. Raises BlockUnknown, BlockTooOld."""
        head = self.ledger.head()
        if head.number - number > OLDEST_BLOCK_AGE:
            raise BlockTooOld(number, head.number, OLDEST_BLOCK_AGE)
        try:
            block = self.ledger.block(number)
        except UnknownBlock:
            raise BlockUnknown(number, named, None) from None
        if block.hash != named:
            raise BlockUnknown(number, named, block.hash)
        return block

    def _require_alive(self, packet: Packet) -> None:
        now = self.ledger.pending_timestamp()
        if now > packet.request.deadline:
            raise RequestExpired(packet.request.deadline, now)

    def _require_signed(self, packet: Packet, block: Block) -> None:
        speaks = self.ledger.identity_registry.speaks_for(
            packet.request.subject,
            self.request_digest(packet),
            packet.signer,
            packet.signature,
            block=block.hash,
        )
        if not speaks:
            raise SubjectSignatureInvalid(packet.request.subject, packet.signer)

    def _history(self, subject: str, block: Block, reports: int) -> LedgerFeatures:
        """A subject without a report cannot have a loan, so its history need not be searched."""
        return read_history(self.ledger, subject, block) if reports else LedgerFeatures()
