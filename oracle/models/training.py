"""Training: monotone optimal binning, a regularised logistic regression, calibration, whole points.

Needs the packages of the `train` extra; nothing that scores imports this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import ceil, log, log2
from typing import Any

import numpy as np
import numpy.typing as npt
from optbinning import OptimalBinning
from sklearn.linear_model import LogisticRegression

from oracle.features import Feature, catalogue
from oracle.features.german_credit import Row
from oracle.models.scorecard import FORMAT, PPM

SMALLEST_BIN_SHARE = 0.05
LEAST_INFORMATION_VALUE = 0.02
INVERSE_REGULARISATION = 0.1
UNREGULARISED = 1e9
REFERENCE_SCORE = 600
REFERENCE_GOOD_TO_BAD = 4
POINTS_TO_DOUBLE_ODDS = 40

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """Codes, or integers under `below` (None: all that is left), and their weight of evidence for paying."""

    codes: tuple[str, ...]
    below: int | None
    woe: float


@dataclass(frozen=True)
class Binned:
    """A feature cut into bins, and how much the cut tells about the outcome."""

    feature: Feature
    bins: tuple[Bin, ...]
    information_value: float

    def woe(self, value: int | str) -> float:
        """Weight of evidence of a value; 0, an average applicant's, for a code training never saw."""
        if isinstance(value, str):
            return next((b.woe for b in self.bins if value in b.codes), 0.0)
        return next(b.woe for b in self.bins if b.below is None or value < b.below)


@dataclass(frozen=True)
class Fit:
    """Log odds of paying = intercept + sum of weight x weight of evidence."""

    binned: tuple[Binned, ...]
    weights: tuple[float, ...]
    intercept: float

    def log_odds(self, row: Row) -> float:
        """Natural logarithm of the odds of paying."""
        values = row.scored
        return self.intercept + sum(
            weight * binned.woe(values[binned.feature.name])
            for weight, binned in zip(self.weights, self.binned, strict=True)
        )

    def calibrated(self, shift: float, slope: float) -> "Fit":
        """The same fit with log odds = shift + slope x the old ones."""
        weights = tuple(slope * weight for weight in self.weights)
        return Fit(self.binned, weights, shift + slope * self.intercept)


def train(rows: Sequence[Row], name: str) -> dict[str, Any]:
    """The model file of a scorecard fitted on `rows`; calibrated on predictions made across their folds."""
    fit = _fit(rows)
    return _compile(fit.calibrated(*_calibration(rows)), name)


def _fit(rows: Sequence[Row]) -> Fit:
    cut = (_bin(feature, rows) for feature in catalogue() if feature.may_score)
    binned = tuple(entry for entry in cut if entry.information_value >= LEAST_INFORMATION_VALUE)
    kept = _with_positive_weight(binned, rows)
    return Fit(kept, *_regress(_matrix(kept, rows), rows, INVERSE_REGULARISATION))


def _with_positive_weight(binned: tuple[Binned, ...], rows: Sequence[Row]) -> tuple[Binned, ...]:
    """Drop features whose weight would turn their own evidence around, until none is left."""
    while True:
        weights, _ = _regress(_matrix(binned, rows), rows, INVERSE_REGULARISATION)
        kept = tuple(entry for entry, weight in zip(binned, weights, strict=True) if weight > 0)
        if len(kept) == len(binned):
            return kept
        binned = kept


def _bin(feature: Feature, rows: Sequence[Row]) -> Binned:
    values = [row.scored[feature.name] for row in rows]
    kind = "categorical" if feature.codes else "numerical"
    trend = None if feature.codes else "auto_asc_desc"
    binning = OptimalBinning(feature.name, kind, monotonic_trend=trend, min_bin_size=SMALLEST_BIN_SHARE)
    binning.fit(np.array(values, dtype=object if feature.codes else np.float64), _targets(rows))
    table = binning.binning_table
    evidence = [float(woe) for woe in table.build(add_totals=False)["WoE"]]
    return Binned(feature, _bins(feature, binning.splits, evidence), float(table.iv))


def _bins(feature: Feature, splits: Any, evidence: list[float]) -> tuple[Bin, ...]:
    if feature.codes:
        return tuple(Bin(tuple(map(str, codes)), None, woe) for codes, woe in zip(splits, evidence, strict=False))
    ends: list[int | None] = [ceil(split) for split in splits]
    return tuple(Bin((), below, woe) for below, woe in zip([*ends, None], evidence, strict=False))


def _regress(matrix: Vector, rows: Sequence[Row], inverse: float) -> tuple[tuple[float, ...], float]:
    model = LogisticRegression(C=inverse, tol=1e-10, max_iter=10_000).fit(matrix, 1 - _targets(rows))
    return tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0])


def _calibration(rows: Sequence[Row]) -> tuple[float, float]:
    """Shift and slope that make log odds of rows not fitted on tell the truth (Platt 1999)."""
    predicted = np.zeros(len(rows))
    for fold in sorted({row.fold for row in rows}):
        fit = _fit([row for row in rows if row.fold != fold])
        for place, row in enumerate(rows):
            if row.fold == fold:
                predicted[place] = fit.log_odds(row)
    (slope,), shift = _regress(predicted.reshape(-1, 1), rows, UNREGULARISED)
    return shift, slope


def _matrix(binned: tuple[Binned, ...], rows: Sequence[Row]) -> Vector:
    return np.array([[entry.woe(row.scored[entry.feature.name]) for entry in binned] for row in rows])


def _targets(rows: Sequence[Row]) -> npt.NDArray[np.int64]:
    return np.array([row.target for row in rows])


def _compile(fit: Fit, name: str) -> dict[str, Any]:
    base = round(REFERENCE_SCORE + POINTS_TO_DOUBLE_ODDS * (fit.intercept / log(2) - log2(REFERENCE_GOOD_TO_BAD)))
    features = [
        _points(entry, weight * POINTS_TO_DOUBLE_ODDS / log(2))
        for entry, weight in zip(fit.binned, fit.weights, strict=True)
    ]
    return {
        "format": FORMAT,
        "name": name,
        "event": "the loan went bad",
        "scale": {
            "reference_score": REFERENCE_SCORE,
            "reference_good_to_bad": REFERENCE_GOOD_TO_BAD,
            "points_to_double_odds": POINTS_TO_DOUBLE_ODDS,
        },
        "base_points": base,
        "features": features,
        "pd_ppm": _pd_table(base, features),
    }


def _points(entry: Binned, factor: float) -> dict[str, Any]:
    name = entry.feature.name
    if entry.feature.codes:
        return {"name": name, "codes": {c.code: round(factor * entry.woe(c.code)) for c in entry.feature.codes}}
    bands = [
        {"below": b.below, "points": round(factor * b.woe)}
        if b.below is not None
        else {"points": round(factor * b.woe)}
        for b in entry.bins
    ]
    return {"name": name, "bands": bands}


def _pd_table(base: int, features: list[dict[str, Any]]) -> dict[str, Any]:
    spans = [
        [*feature.get("codes", {}).values(), *(band["points"] for band in feature.get("bands", ()))]
        for feature in features
    ]
    lowest = base + sum(min(points) for points in spans)
    highest = base + sum(max(points) for points in spans)
    return {"lowest_score": lowest, "values": [_pd_ppm(score) for score in range(lowest, highest + 1)]}


def _pd_ppm(score: int) -> int:
    """1 / (1 + 4 x 2^((score - 600) / 40)) in ppm, rounded half even, at least 1."""
    with localcontext() as context:
        context.prec = 40
        doublings = Decimal(score - REFERENCE_SCORE) / POINTS_TO_DOUBLE_ODDS
        odds = REFERENCE_GOOD_TO_BAD * Decimal(2) ** doublings
        return max(1, round(PPM / (1 + odds)))
