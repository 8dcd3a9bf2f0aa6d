"""How well a scorecard tells good loans from bad: discrimination, calibration, and fairness by group.

Everything is computed from whole scores and PDs, without any numerical package.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from oracle.features.german_credit import Row
from oracle.models.scorecard import PPM, Scorecard

CALIBRATION_BINS = 5
DIGITS = 4
AGE_BANDS = ((25, "under 25"), (40, "25 to 39"), (60, "40 to 59"))
OLDEST_BAND = "60 and over"


@dataclass(frozen=True)
class Outcome:
    """One scored row: its score, PD in ppm, and 1 when it went bad."""

    score: int
    pd_ppm: int
    bad: int


def outcomes(model: Scorecard, rows: Sequence[Row]) -> list[Outcome]:
    """Score every row."""
    scored = ((model.score(row.scored), row.target) for row in rows)
    return [Outcome(scoring.score, scoring.pd_ppm, bad) for scoring, bad in scored]


def measures(scored: Sequence[Outcome]) -> dict[str, Any]:
    """Rows, bad rows, AUC, KS, Brier score and a calibration table, as JSON values."""
    return {
        "rows": len(scored),
        "bad": sum(outcome.bad for outcome in scored),
        "auc": round(auc(scored), DIGITS),
        "ks": round(ks(scored), DIGITS),
        "brier": round(brier(scored), DIGITS),
        "calibration": calibration(scored),
    }


def auc(scored: Sequence[Outcome]) -> float:
    """Probability that a good row scores above a bad one; ties count half (Mann-Whitney)."""
    good, bad, won = 0, 0, 0.0
    for _, group in groupby(sorted(scored, key=lambda outcome: outcome.score), lambda outcome: outcome.score):
        tied = list(group)
        tied_bad = sum(outcome.bad for outcome in tied)
        tied_good = len(tied) - tied_bad
        won += tied_good * (bad + tied_bad / 2)
        good, bad = good + tied_good, bad + tied_bad
    return won / (good * bad) if good and bad else float("nan")


def ks(scored: Sequence[Outcome]) -> float:
    """Largest distance between the shares of bad and good rows at or below a score (Kolmogorov-Smirnov)."""
    all_bad = sum(outcome.bad for outcome in scored)
    all_good = len(scored) - all_bad
    good, bad, largest = 0, 0, 0.0
    for _, group in groupby(sorted(scored, key=lambda outcome: outcome.score), lambda outcome: outcome.score):
        tied = list(group)
        bad += sum(outcome.bad for outcome in tied)
        good += sum(1 - outcome.bad for outcome in tied)
        largest = max(largest, abs(bad / all_bad - good / all_good))
    return largest


def brier(scored: Sequence[Outcome]) -> float:
    """Mean squared distance of PD and outcome (Brier 1950)."""
    return sum((outcome.pd_ppm / PPM - outcome.bad) ** 2 for outcome in scored) / len(scored)


def calibration(scored: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Equal-sized groups from the lowest PD to the highest: mean PD against the share that went bad."""
    ordered = sorted(scored, key=lambda outcome: outcome.pd_ppm)
    cuts = [len(ordered) * part // CALIBRATION_BINS for part in range(CALIBRATION_BINS + 1)]
    groups = [ordered[start:end] for start, end in pairwise(cuts) if end > start]
    return [
        {
            "rows": len(group),
            "mean_pd": round(sum(outcome.pd_ppm for outcome in group) / PPM / len(group), DIGITS),
            "bad_share": round(sum(outcome.bad for outcome in group) / len(group), DIGITS),
        }
        for group in groups
    ]


def fairness(model: Scorecard, rows: Sequence[Row], approved: Callable[[Row], bool]) -> dict[str, Any]:
    """By sex, age band and foreign worker: rows, share approved, share bad, mean PD, and AUC of the group.

    None of the three is known to the model; the table only measures it.
    """
    questions: dict[str, Callable[[Row], str]] = {
        "sex": lambda row: str(row.survey["personal_status_and_sex"]).split("_")[0],
        "age_band": lambda row: age_band(int(row.survey["age_years"])),
        "foreign_worker": lambda row: str(row.survey["foreign_worker"]),
    }
    return {name: _by_group(model, rows, approved, group_of) for name, group_of in questions.items()}


def age_band(years: int) -> str:
    """The band of an age in years."""
    return next((name for below, name in AGE_BANDS if years < below), OLDEST_BAND)


def _by_group(
    model: Scorecard, rows: Sequence[Row], approved: Callable[[Row], bool], group_of: Callable[[Row], str]
) -> dict[str, Any]:
    groups = sorted({group_of(row) for row in rows})
    return {name: _group(model, [row for row in rows if group_of(row) == name], approved) for name in groups}


def _group(model: Scorecard, rows: Sequence[Row], approved: Callable[[Row], bool]) -> dict[str, Any]:
    scored = outcomes(model, rows)
    bad = sum(outcome.bad for outcome in scored)
    return {
        "rows": len(rows),
        "approved_share": round(sum(map(approved, rows)) / len(rows), DIGITS),
        "bad_share": round(bad / len(rows), DIGITS),
        "mean_pd": round(sum(outcome.pd_ppm for outcome in scored) / PPM / len(rows), DIGITS),
        "auc": round(auc(scored), DIGITS) if 0 < bad < len(rows) else None,
    }
