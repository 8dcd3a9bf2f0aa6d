"""How a model and a policy together treat held-back rows: discrimination, approval, and fairness by group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from oracle.decision.decide import Decision, decide
from oracle.features import LedgerFeatures
from oracle.features.german_credit import HELD_BACK_FOLD, Row, held_back
from oracle.models import Scorecard
from oracle.models.evaluation import DIGITS, fairness, measures, outcomes
from oracle.policy import Policy


@dataclass(frozen=True)
class Ask:
    """Amount and number of instalments asked for."""

    amount_minor: int
    periods: int


def decide_row(row: Row, model: Scorecard, policy: Policy) -> Decision:
    """The decision on one row of the data for a subject new to the ledger."""
    return decide(row.features, LedgerFeatures(), Ask(row.amount_minor, row.periods), model, policy)


def evaluation(model: Scorecard, policy: Policy, rows: Sequence[Row]) -> dict[str, Any]:
    """Measures of the held-back rows, as JSON values: of the model, of the policy's approvals, and by group."""
    unseen = held_back(rows)
    decisions = [(row, decide_row(row, model, policy)) for row in unseen]
    approved = {row.number for row, decision in decisions if decision.approved}
    bad_approved = sum(row.target for row in unseen if row.number in approved)
    return {
        "model": model.name,
        "model_hash": "0x" + model.model_hash.hex(),
        "policy_hash": "0x" + policy.policy_hash.hex(),
        "held_back_fold": HELD_BACK_FOLD,
        "held_back": measures(outcomes(model, unseen)),
        "decisions": {
            "approved_share": round(len(approved) / len(unseen), DIGITS),
            "reduced_share": round(sum(_reduced(d) for _, d in decisions) / len(unseen), DIGITS),
            "bad_share_of_approved": round(bad_approved / len(approved), DIGITS) if approved else None,
            "rows_by_band": _by_band(decision for _, decision in decisions),
        },
        "fairness": fairness(model, unseen, lambda row: row.number in approved),
    }


def _reduced(decision: Decision) -> bool:
    return decision.limit_minor > 0 and not decision.approved


def _by_band(decisions: Iterable[Decision]) -> dict[str, int]:
    bands = [decision.band for decision in decisions]
    return {band: bands.count(band) for band in sorted(set(bands))}
