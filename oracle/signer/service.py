"""What a signer does with a proposed report."""

from typing import Any

import structlog
from eth_account.signers.local import LocalAccount

from contracts.clients import LedgerUnavailable
from contracts.typed_data import ScoreReport, digest, sign_digest
from oracle.attest import Evaluation, Evaluator, Packet, differing
from oracle.problems import OracleError
from oracle.signer.store import Entry, LedgerNow, SignedReports

log = structlog.get_logger(__name__)


class SignerDisagrees(OracleError):
    """This signer's own evaluation gives another report; nothing is recorded or signed."""

    slug = "signer-disagrees"
    status = 409
    title = "The signer comes to another report"

    def __init__(self, signer: str, own: ScoreReport, fields: tuple[str, ...]) -> None:
        super().__init__(
            f"signer {signer} comes to other values of {', '.join(fields)}",
            signer=signer,
            fields=fields,
            report=own.message(),
        )


class Signer:
    """One signer: an evaluator, a key and a memory."""

    def __init__(self, evaluator: Evaluator, account: LocalAccount, store: SignedReports) -> None:
        self._evaluator, self._account, self._store = evaluator, account, store

    @property
    def address(self) -> str:
        """The address the registry lists."""
        return str(self._account.address)

    def sign(self, packet: Packet, proposed: ScoreReport) -> dict[str, Any]:
        """Evaluate at the block the report names; sign if the own report is the same to the bit.

        Raises SignerDisagrees, AlreadySigned, RequestAlreadyUsed, LedgerUnavailable and the evaluation's errors.
        """
        proposed_digest = digest(proposed, self._evaluator.ledger.credit_registry.domain)
        if not self._store.holds(proposed_digest):
            self._evaluate_and_record(packet, proposed)
        signature = sign_digest(self._account, proposed_digest)
        return {
            "signer": self.address,
            "signature": "0x" + signature.hex(),
            "digest": "0x" + proposed_digest.hex(),
        }

    def health(self) -> dict[str, Any]:
        """Who this signer is, what it decides by, and whether it reaches its ledger."""
        return {
            "signer": self.address,
            "model_hash": "0x" + self._evaluator.model.model_hash.hex(),
            "policy_hash": "0x" + self._evaluator.policy.policy_hash.hex(),
            "ledger_available": self._reaches_ledger(),
        }

    def _evaluate_and_record(self, packet: Packet, proposed: ScoreReport) -> None:
        evaluation = self._evaluator.evaluate(packet, proposed.block_number, proposed.block_hash)
        if evaluation.report != proposed:
            fields = differing(evaluation.report, proposed)
            log.warning("signer disagrees", subject=proposed.subject, fields=fields)
            raise SignerDisagrees(self.address, evaluation.report, fields)
        self._store.record(_entry(evaluation), self._now())
        log.info("report signed", subject=proposed.subject, sequence=proposed.sequence)

    def _now(self) -> LedgerNow:
        ledger = self._evaluator.ledger
        return LedgerNow(ledger.head().number, ledger.pending_timestamp())

    def _reaches_ledger(self) -> bool:
        try:
            return self._evaluator.ledger.head().number >= 0
        except LedgerUnavailable:
            return False


def _entry(evaluation: Evaluation) -> Entry:
    report = evaluation.report
    return Entry(
        subject=report.subject,
        sequence=report.sequence,
        digest=evaluation.digest,
        request_digest=evaluation.request_digest,
        block_number=report.block_number,
        expires_at=report.expires_at,
    )
