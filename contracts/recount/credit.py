"""Subjects' credit: which report counts, what is reserved, the history, and how the limit moved by it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from contracts.clients.contract import function_of
from contracts.clients.events import Event
from contracts.credit import (
    CreditRefused,
    History,
    Policy,
    SubjectCredit,
    note_arrears,
    note_write_off,
    publish,
    release,
    reserve,
    reserve_more,
    restore,
    revoke,
    step,
)
from contracts.recount.findings import Difference, Findings, shown
from contracts.typed_data import Attestation, Domain, InvalidSignature, ScoreReport, digest, recover_digest
from contracts.typed_data.signing import SIGNATURE_BYTES


@dataclass
class Furnished:
    """An attestation of another lender and what became of it."""

    attestation: Attestation
    revoked: bool = False
    disputed: bool = False


class Credit:
    """What holds for all, each subject's credit, and the attestations; carried by the twin through the events."""

    def __init__(self, findings: Findings, domain: Domain) -> None:
        self._findings, self._domain = findings, domain
        self.subjects: defaultdict[str, SubjectCredit] = defaultdict(SubjectCredit)
        self.policy = Policy()
        self.signers: list[str] = []
        self.quorum = 0
        self.loan_books: set[str] = set()
        self.furnishers: set[str] = set()
        self.attestations: dict[bytes, Furnished] = {}
        self._told: list[tuple[str, Event]] = []
        self._passed: defaultdict[str, list[dict[str, int]]] = defaultdict(list)
        self._appliers = {
            "SignersChanged": self._change_signers,
            "SignerSetsRevoked": self._revoke_sets,
            "ReportPublished": self._publish,
            "ReportRevoked": self._revoke,
            "LoanBookChanged": self._change_loan_book,
            "MarketFactorChanged": self._change_factor,
            "LimitStepped": self._step,
            "HistoryChanged": self._keep_history,
            "FurnisherChanged": self._change_furnisher,
            "AttestationFurnished": self._furnish,
            "AttestationRevoked": self._retract,
            "AttestationDisputed": self._dispute,
            "DisputeResolved": self._resolve,
        }

    def apply(self, event: Event) -> None:
        """Take an event of CreditRegistry."""
        if event.name in self._appliers:
            self._appliers[event.name](event)

    def end_transaction(self) -> None:
        """Check that each history that was told is one that the subject came to by what happened to its loans.

        One act may concern several loans of a subject, so that a later history follows before the transaction ends.
        """
        for subject, event in self._told:
            found, passed = event.args["history"], self._passed[subject]
            expected = found if found in passed else vars_of(self.subjects[subject].history)
            self._findings.compare(event, _name(subject), "history", expected, found)
        self._told.clear()
        self._passed.clear()

    @property
    def signer_set(self) -> bytes:
        """keccak256(abi.encode(signers ascending, quorum))."""
        return keccak(encode(["address[]", "uint256"], [self.signers, self.quorum]))

    def reserve(self, event: Event, subject: str, uid: bytes, amount_minor: int) -> None:
        """A loan began: its report must count, and the limit that applies must hold all the subject's loans."""
        loan = f"loan {shown(event.args['loan'])}"
        try:
            after = reserve(self.subjects[subject], uid, amount_minor, self.policy, event.timestamp)
        except CreditRefused as refused:
            self._findings.refuse(event, loan, "score_report", f"{type(refused).__name__}: {refused}", uid)
        else:
            self.subjects[subject] = after

    def reserve_more(self, event: Event, subject: str, uid: bytes, amount_minor: int) -> None:
        """New money joined a loan that runs."""
        self._act(event, subject, lambda credit: reserve_more(credit, uid, amount_minor, self.policy, event.timestamp))

    def release(self, event: Event, subject: str, amount_minor: int, outcome: int) -> None:
        """Reserved principal was given back."""
        self._act(event, subject, lambda credit: release(credit, amount_minor, outcome))

    def restore(self, event: Event, subject: str, amount_minor: int, outcome: int) -> None:
        """A release was taken back."""
        self._act(event, subject, lambda credit: restore(credit, amount_minor, outcome))

    def note_arrears(self, event: Event, subject: str, bucket_before: int, bucket_after: int) -> None:
        """A loan came to be later than it was; bucket 5 is current after lateness."""
        self._act(event, subject, lambda credit: note_arrears(credit, bucket_before, bucket_after))

    def note_write_off(self, event: Event, subject: str) -> None:
        """A loan was written off."""
        self._act(event, subject, note_write_off)

    def _act(self, event: Event, subject: str, act: Any) -> None:
        try:
            self.subjects[subject] = act(self.subjects[subject])
            self._passed[subject].append(vars_of(self.subjects[subject].history))
        except CreditRefused as refused:
            self._findings.refuse(event, _name(subject), "credit", f"{type(refused).__name__}: {refused}", event.name)

    def _change_signers(self, event: Event) -> None:
        self.signers, self.quorum = event.args["signers"], event.args["quorum"]
        self.policy = replace(self.policy, signer_set=self.policy.signer_set + 1)
        self._findings.compare(event, "signer set", "digest", self.signer_set, event.args["signer_set"])

    def _revoke_sets(self, event: Event) -> None:
        first = event.args["first_signer_set"]
        within = self.policy.first_signer_set < first <= self.policy.signer_set + 1
        self._findings.compare(event, "signer set", "first within bounds", True, within)
        self.policy = replace(self.policy, first_signer_set=first)

    def _change_factor(self, event: Event) -> None:
        factor = event.args["factor_ppm"]
        allowed = self.policy.takes_factor(factor, event.timestamp)
        self._findings.compare(event, "market factor", "within bounds", True, allowed)
        self.policy = replace(self.policy, factor_ppm=factor, factor_changed_at=event.timestamp)

    def _change_loan_book(self, event: Event) -> None:
        change = self.loan_books.add if event.args["listed"] else self.loan_books.discard
        change(event.args["loan_book"])

    def _change_furnisher(self, event: Event) -> None:
        change = self.furnishers.add if event.args["listed"] else self.furnishers.discard
        change(event.args["furnisher"])

    def _publish(self, event: Event) -> None:
        report: ScoreReport = event.args["report"]
        signed_by: list[str] = event.args["signers"]
        subject = f"score report of {report.subject}"
        compare = self._findings.compare
        before = self.subjects[report.subject]
        compare(event, subject, "uid", digest(report, self._domain), event.args["uid"])
        compare(event, subject, "sequence", before.sequence + 1, report.sequence)
        compare(event, subject, "signer_set", self.signer_set, report.signer_set)
        compare(event, subject, "quorum", True, len(set(signed_by)) >= max(self.quorum, 1))
        compare(event, subject, "unknown signers", set(), set(signed_by) - set(self.signers))
        after = publish(before, report, event.args["uid"], self.policy.signer_set, event.timestamp)
        self.subjects[report.subject] = after
        self._findings.score_reports += 1

    def _revoke(self, event: Event) -> None:
        self._act(event, event.args["subject"], lambda credit: revoke(credit, event.args["uid"]))

    def _step(self, event: Event) -> None:
        subject, compare = event.args["subject"], self._findings.compare
        before = self.subjects[subject]
        try:
            after, reasons = step(before, self.policy, event.timestamp)
        except CreditRefused as refused:
            self._findings.refuse(event, _name(subject), "step", f"{type(refused).__name__}: {refused}", event.name)
            return
        compare(event, _name(subject), "scale_before", before.scale, event.args["scale_before"])
        compare(event, _name(subject), "scale_after", after.scale, event.args["scale_after"])
        compare(event, _name(subject), "reasons", int(reasons), event.args["reasons"])
        self.subjects[subject] = after

    def _keep_history(self, event: Event) -> None:
        self._told.append((event.args["subject"], event))

    def _furnish(self, event: Event) -> None:
        attestation: Attestation = event.args["attestation"]
        name, compare = f"attestation {shown(event.args['uid'])}", self._findings.compare
        compare(event, name, "digest", digest(attestation, self._domain), event.args["uid"])
        compare(event, name, "furnisher listed", True, attestation.furnisher in self.furnishers)
        compare(event, name, "in time", True, attestation.observed_at <= event.timestamp < attestation.expires_at)
        compare(event, name, "a new one", False, event.args["uid"] in self.attestations)
        self.attestations[event.args["uid"]] = Furnished(attestation)

    def _retract(self, event: Event) -> None:
        furnished = self._furnished(event, revoked=False)
        if furnished:
            furnished.revoked = True

    def _dispute(self, event: Event) -> None:
        furnished = self._furnished(event, revoked=False, disputed=False)
        if furnished:
            furnished.disputed = True

    def _resolve(self, event: Event) -> None:
        furnished = self._furnished(event, disputed=True)
        if furnished:
            furnished.disputed = False
            furnished.revoked = furnished.revoked or event.args["upheld"]

    def _furnished(self, event: Event, **expected: bool) -> Furnished | None:
        name = f"attestation {shown(event.args['uid'])}"
        furnished = self.attestations.get(event.args["uid"])
        if furnished is None:
            self._findings.refuse(event, name, "attestation", "one that was furnished", "none")
            return None
        for field, value in expected.items():
            self._findings.compare(event, name, field, value, getattr(furnished, field))
        return furnished


def vars_of(history: History) -> dict[str, int]:
    """The counters by the names that the ABI gives them."""
    return {name: getattr(history, name) for name in History.__slots__}


def _name(subject: str) -> str:
    return f"credit of {subject}"


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
