"""Statlog German credit (UCI, CC BY 4.0): rows of the CSV as features of the catalogue.

Amounts of the data (whole DM) stand for whole units of the product's currency: 1169 becomes 116900 minor units.
"""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle.features.catalogue import Catalogue, Feature, catalogue
from oracle.features.validate import FeatureValue

SOURCE = "Statlog (German Credit Data), Hans Hofmann, UCI Machine Learning Repository, doi:10.24432/C5NC77"
LICENCE = "CC BY 4.0"
TARGET_COLUMN = "target"
MINOR_PER_MAJOR = 100
HELD_BACK_FOLD = 4


@dataclass(frozen=True)
class Row:
    """One row: its number in the data counted from 1, its fold, its features by source, and 1 when it went bad."""

    number: int
    fold: int
    amount_minor: int
    periods: int
    features: dict[str, FeatureValue]
    survey: dict[str, FeatureValue]
    target: int

    @property
    def scored(self) -> dict[str, FeatureValue]:
        """Everything a model may look at: the application's features, amount and number of instalments."""
        return {**self.features, "amount_minor": self.amount_minor, "periods": self.periods}


def read_rows(data: Path, folds: Path) -> list[Row]:
    """All rows of the gzipped CSV `data`, each with its fold from the gzipped one-column CSV `folds`."""
    known = catalogue()
    numbers = [int(line["fold"]) for line in _lines(folds)]
    return [
        _row(number, fold, line, known)
        for number, (fold, line) in enumerate(zip(numbers, _lines(data), strict=True), start=1)
    ]


def trained(rows: Sequence[Row]) -> list[Row]:
    """The rows the shipped model is trained on."""
    return [row for row in rows if row.fold != HELD_BACK_FOLD]


def held_back(rows: Sequence[Row]) -> list[Row]:
    """The rows no shipped model has seen."""
    return [row for row in rows if row.fold == HELD_BACK_FOLD]


def _lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(number: int, fold: int, line: dict[str, str], known: Catalogue) -> Row:
    return Row(
        number=number,
        fold=fold,
        amount_minor=int(line["credit_amount"]) * MINOR_PER_MAJOR,
        periods=int(line["duration_in_month"]),
        features=_values(known.from_source("application"), line),
        survey=_values(known.from_source("survey"), line),
        target=int(line[TARGET_COLUMN]),
    )


def _values(features: tuple[Feature, ...], line: dict[str, str]) -> dict[str, FeatureValue]:
    return {feature.name: _value(feature, line[feature.column]) for feature in features if feature.column}


def _value(feature: Feature, text: str) -> FeatureValue:
    return feature.code_of(text) if feature.codes else int(text)
