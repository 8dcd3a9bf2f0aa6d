"""What the publisher says of a request, held against what the subject signed and what the report's digest covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.applications.problems import DecisionNotAttested
from contracts.typed_data import Domain, InvalidMessage, ScoreReport, ScoreRequest, digest
from oracle.canonical import commitment
from oracle.policy import Policy
from oracle.problems import OracleError


class NotAttested(Exception):
    """The publisher's answer is not what the report says, or the report is not of this request and policy."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"the publisher's answer does not follow from the report: {', '.join(fields)}")
        self.fields = fields

    def problem(self) -> dict[str, Any]:
        """The problem an application fails with."""
        return DecisionNotAttested(list(self.fields)).document()


@dataclass(frozen=True)
class Attested:
    """A decision of which every figure follows from the report that the signers signed, and from the policy."""

    report: ScoreReport
    uid: bytes
    approved: bool
    rate_ppm: int
    opened: Mapping[str, Any]


def attested(state: Mapping[str, Any], request: ScoreRequest, domain: Domain, policy: Policy) -> Attested:
    """The decision in a published request's `state`; the price is the policy's, not the publisher's.

    That the report is on the ledger under this uid, the contract checks when the loan begins. Raises NotAttested.
    """
    report, uid, decision = _report(state), str(state.get("uid")), state.get("decision")
    if not isinstance(decision, Mapping):
        raise NotAttested(("decision",))
    found = digest(report, domain)
    band = policy.band(report.score)
    approved = bool(decision.get("approved"))
    holds = {
        "uid": uid == "0x" + found.hex(),
        "subject": report.subject == request.subject,
        "features_commitment": report.features_commitment == request.features_commitment,
        "consent_id": report.consent_id == request.consent_id,
        "policy_hash": report.policy_hash == policy.policy_hash,
        "score": decision.get("score") == report.score,
        "limit_minor": decision.get("limit_minor") == report.limit_minor,
        "reasons_commitment": _reasons_commitment(decision) == report.reasons_commitment,
        "approved": not approved or (band is not None and report.limit_minor >= request.amount_minor),
    }
    wrong = tuple(name for name, right in holds.items() if not right)
    if wrong:
        raise NotAttested(wrong)
    opened = {name: decision[name] for name in ("pd_ppm", "band", "reasons", "reasons_salt")}
    return Attested(report, found, approved, band.rate_ppm if approved and band else 0, opened)


def _report(state: Mapping[str, Any]) -> ScoreReport:
    try:
        return ScoreReport.from_message(state["report"])
    except (KeyError, InvalidMessage) as error:
        raise NotAttested(("report",)) from error


def _reasons_commitment(decision: Mapping[str, Any]) -> bytes | None:
    """None when the reasons cannot be opened."""
    try:
        opened = {name: decision[name] for name in ("pd_ppm", "band", "reasons")}
        return commitment(bytes.fromhex(decision["reasons_salt"][2:]), opened)
    except (KeyError, TypeError, ValueError, OracleError):
        return None
