"""Held-back rows of the German credit data as applicants: for demonstrations and golden files."""

from collections.abc import Sequence
from typing import Any

from oracle.decision.evaluation import decide_row
from oracle.features.german_credit import HELD_BACK_FOLD, LICENCE, SOURCE, Row, held_back
from oracle.models import Scorecard
from oracle.policy import Policy


def applicants(rows: Sequence[Row], count: int) -> dict[str, Any]:
    """The first `count` held-back rows by row number, with what the data says of them, as JSON values."""
    chosen = held_back(rows)[:count]
    return {
        "source": SOURCE,
        "licence": LICENCE,
        "selection": (
            f"the first {count} rows of fold {HELD_BACK_FOLD} by row number (rows counted from 1); "
            "the shipped model was not trained on them"
        ),
        "made_by": f"tally oracle distil --count {count}",
        "amounts": "whole DM of the data stand for whole units of the product's currency, here in minor units",
        "changes": "categories became the codes of oracle/features/catalogue.json; sex, age and nationality left out",
        "target": "1 when the loan went bad",
        "applicants": [_applicant(row) for row in chosen],
    }


def with_decisions(document: dict[str, Any], rows: Sequence[Row], model: Scorecard, policy: Policy) -> dict[str, Any]:
    """The same applicants, each with the decision of `model` and `policy` on a subject new to the ledger."""
    by_number = {row.number: row for row in rows}
    decided = [
        {**applicant, "decision": _decision(by_number[applicant["row"]], model, policy)}
        for applicant in document["applicants"]
    ]
    return {
        **document,
        "made_by": f"{document['made_by']} --decisions",
        "model_hash": "0x" + model.model_hash.hex(),
        "policy_hash": "0x" + policy.policy_hash.hex(),
        "applicants": decided,
    }


def _applicant(row: Row) -> dict[str, Any]:
    return {
        "row": row.number,
        "amount_minor": row.amount_minor,
        "periods": row.periods,
        "target": row.target,
        "features": row.features,
    }


def _decision(row: Row, model: Scorecard, policy: Policy) -> dict[str, Any]:
    decision = decide_row(row, model, policy)
    return {
        "approved": decision.approved,
        "score": decision.score,
        "pd_ppm": decision.pd_ppm,
        "band": decision.band,
        "limit_minor": decision.limit_minor,
        "rate_ppm": decision.rate_ppm,
        "reasons": list(decision.reasons),
    }
