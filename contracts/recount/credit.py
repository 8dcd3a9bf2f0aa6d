"""Score reports: which one counts for whom, and whether the quorum said so."""

from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts.clients.contract import function_of
from contracts.clients.events import Event
from contracts.recount.findings import Difference, Findings, shown
from contracts.typed_data import Domain, InvalidSignature, ScoreReport, digest, recover_digest
from contracts.typed_data.signing import SIGNATURE_BYTES


@dataclass
class CurrentReport:
    """A subject's latest report."""

    uid: bytes
    report: ScoreReport
    revoked: bool = False


class Credit:
    """The signer set and each subject's current report."""

    def __init__(self, findings: Findings, domain: Domain) -> None:
        self._findings, self._domain = findings, domain
        self.current: dict[str, CurrentReport] = {}
        self.signers: list[str] = []
        self.quorum = 0

    def apply(self, event: Event) -> None:
        """Take an event of CreditRegistry."""
        if event.name == "SignersChanged":
            self._change_signers(event)
        elif event.name == "ReportPublished":
            self._publish(event)
        elif event.name == "ReportRevoked":
            self._revoke(event)

    @property
    def signer_set(self) -> bytes:
        """keccak256(abi.encode(signers ascending, quorum))."""
        return keccak(encode(["address[]", "uint256"], [self.signers, self.quorum]))

    def require_loan(self, event: Event, subject: str, uid: bytes, needed_minor: int) -> None:
        """Check that a loan's report counted when it began, and that its limit held the subject's loans."""
        loan = f"loan {shown(event.args['loan'])}"
        current = self.current.get(subject)
        if current is None:
            self._findings.refuse(event, loan, "score_report", "a report", uid)
            return
        compare = self._findings.compare
        compare(event, loan, "score_report", current.uid, uid)
        compare(event, loan, "score_report revoked", False, current.revoked)
        compare(event, loan, "score_report valid", True, event.timestamp <= current.report.expires_at)
        compare(event, loan, "within limit_minor", True, needed_minor <= current.report.limit_minor)

    def _change_signers(self, event: Event) -> None:
        self.signers, self.quorum = event.args["signers"], event.args["quorum"]
        self._findings.compare(event, "signer set", "digest", self.signer_set, event.args["signer_set"])

    def _publish(self, event: Event) -> None:
        report: ScoreReport = event.args["report"]
        signed_by: list[str] = event.args["signers"]
        subject = f"score report of {report.subject}"
        compare = self._findings.compare
        before = self.current.get(report.subject)
        compare(event, subject, "uid", digest(report, self._domain), event.args["uid"])
        compare(event, subject, "sequence", before.report.sequence + 1 if before else 1, report.sequence)
        compare(event, subject, "signer_set", self.signer_set, report.signer_set)
        compare(event, subject, "quorum", True, len(set(signed_by)) >= max(self.quorum, 1))
        compare(event, subject, "unknown signers", set(), set(signed_by) - set(self.signers))
        self.current[report.subject] = CurrentReport(event.args["uid"], report)
        self._findings.score_reports += 1

    def _revoke(self, event: Event) -> None:
        subject = event.args["subject"]
        current = self.current.get(subject)
        found = current.uid if current and not current.revoked else None
        self._findings.compare(event, f"score report of {subject}", "revoked uid", found, event.args["uid"])
        if current:
            current.revoked = True


def check_report_signatures(tx_input: bytes, event: Event, domain: Domain) -> list[Difference]:
    """Recover the signers of a ReportPublished event from the calldata of its transaction.

    `domain` is CreditRegistry's. Differences name the event's block and transaction.
    """
    findings = Findings()
    subject = f"score report of {event.args['subject']}"
    publish = function_of("CreditRegistry", "publish")
    if tx_input[:4] != publish.selector:
        findings.refuse(event, subject, "calldata", publish.selector, tx_input[:4])
        return findings.differences
    given = publish.decode_inputs(tx_input)
    findings.compare(event, subject, "report in calldata", event.args["report"], given["report"])
    recovered = _recover_all(digest(given["report"], domain), given["signatures"])
    findings.compare(event, subject, "signers", event.args["signers"], recovered)
    return findings.differences


def _recover_all(uid: bytes, signatures: bytes) -> list[str]:
    parts = [signatures[at : at + SIGNATURE_BYTES] for at in range(0, len(signatures), SIGNATURE_BYTES)]
    return [_recover(uid, part) for part in parts]


def _recover(uid: bytes, signature: bytes) -> str:
    try:
        return recover_digest(uid, signature)
    except InvalidSignature as error:
        return str(error)
