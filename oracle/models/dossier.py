"""What is written down beside a trained model: data, licence, rows, command, library versions, measures."""

from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from oracle.features.german_credit import HELD_BACK_FOLD, LICENCE, SOURCE, Row, held_back, trained
from oracle.models.evaluation import DIGITS, auc, measures, outcomes
from oracle.models.scorecard import Scorecard
from oracle.models.training import train

MODEL_NAME = "german_credit"
LIBRARIES = ("numpy", "optbinning", "ortools", "pandas", "scikit-learn", "scipy")


def dossier(model: Scorecard, rows: Sequence[Row], data: Path, folds: Path) -> dict[str, Any]:
    """Where the model comes from and how good it is, as JSON values."""
    return {
        "model": model.name,
        "model_hash": "0x" + model.model_hash.hex(),
        "data": {
            "source": SOURCE,
            "licence": LICENCE,
            "file": data.name,
            "sha256": sha256(data.read_bytes()).hexdigest(),
            "folds_file": folds.name,
            "folds_sha256": sha256(folds.read_bytes()).hexdigest(),
            "row_numbers_from": 1,
            "rows": len(rows),
            "trained_folds": sorted({row.fold for row in trained(rows)}),
            "trained_rows": len(trained(rows)),
            "held_back_fold": HELD_BACK_FOLD,
            "held_back_rows": [row.number for row in held_back(rows)],
        },
        "command": (f"tally oracle train --data {data.name} --folds {folds.name} --out oracle/models/{MODEL_NAME}"),
        "libraries": {name: version(name) for name in LIBRARIES},
        "kept_out": sorted(rows[0].survey),
        "held_back": measures(outcomes(model, held_back(rows))),
        "cross_validation": cross_validation(rows),
    }


def cross_validation(rows: Sequence[Row]) -> dict[str, Any]:
    """The same procedure trained five times, each time without one fold, measured on that fold; needs training."""
    folds = sorted({row.fold for row in rows})
    parts = [_without(fold, rows) for fold in folds]
    aucs = [auc(part) for part in parts]
    pooled = measures([outcome for part in parts for outcome in part])
    return {
        **pooled,
        "auc": round(sum(aucs) / len(aucs), DIGITS),
        "auc_pooled": pooled["auc"],
        "auc_by_fold": {str(fold): round(value, DIGITS) for fold, value in zip(folds, aucs, strict=True)},
    }


def _without(fold: int, rows: Sequence[Row]) -> list[Any]:
    model = Scorecard(train([row for row in rows if row.fold != fold], f"without_{fold}"))
    return outcomes(model, [row for row in rows if row.fold == fold])
