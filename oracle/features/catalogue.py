"""The catalogue of features: name, unit, source, allowed values, purpose, retention, and whether it may score."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from oracle.problems import OracleError

CATALOGUE_FILE = Path(__file__).with_name("catalogue.json")
FAIRNESS_PURPOSE = "fairness_measurement"


class UnknownFeature(OracleError):
    """A name that is not in the catalogue."""

    slug = "unknown-feature"
    title = "No such feature in the catalogue"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not in the feature catalogue", field=name)


class FeatureNotForDecisions(OracleError):
    """A feature that is kept for another purpose and may neither be sent with an application nor score."""

    slug = "feature-not-for-decisions"
    title = "This feature may not enter a decision"

    def __init__(self, name: str, purpose: str) -> None:
        super().__init__(f"{name} is in the catalogue for {purpose} only", field=name, purpose=purpose)


@dataclass(frozen=True)
class Code:
    """One allowed code of a feature: the exact texts of the source data it stands for, and its labels."""

    code: str
    original: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True)
class Feature:
    """One feature; `codes` when it takes codes, otherwise the inclusive range `minimum`..`maximum` of `unit`."""

    name: str
    unit: str
    source: str
    purpose: str
    retention_days: int
    may_score: bool
    column: str | None
    label_zh: str
    label_en: str
    codes: tuple[Code, ...]
    minimum: int
    maximum: int

    @property
    def for_fairness_only(self) -> bool:
        """Whether the feature only measures how fairly decisions fall."""
        return self.purpose == FAIRNESS_PURPOSE

    def code_of(self, original: str) -> str:
        """The short code of an exact text of the source data; raises KeyError on another text."""
        return {text: entry.code for entry in self.codes for text in entry.original}[original]


class Catalogue:
    """All features by name; immutable."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        self._features = {feature.name: feature for feature in features}

    def __iter__(self) -> Iterator[Feature]:
        return iter(self._features.values())

    def __getitem__(self, name: str) -> Feature:
        if name not in self._features:
            raise UnknownFeature(name)
        return self._features[name]

    def require_scorable(self, name: str) -> Feature:
        """The feature, if a model may use it; raises UnknownFeature or FeatureNotForDecisions."""
        feature = self[name]
        if not feature.may_score:
            raise FeatureNotForDecisions(name, feature.purpose)
        return feature

    def from_source(self, source: str) -> tuple[Feature, ...]:
        """The features of one source: application, request, ledger or survey."""
        return tuple(feature for feature in self if feature.source == source)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    document = json.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    return Catalogue(tuple(_feature(entry) for entry in document["features"]))


def _feature(entry: dict[str, Any]) -> Feature:
    codes = tuple(
        Code(value["code"], tuple(value["original"]), value["zh"], value["en"]) for value in entry.get("values", ())
    )
    return Feature(
        name=entry["name"],
        unit=entry["unit"],
        source=entry["source"],
        purpose=entry["purpose"],
        retention_days=entry["retention_days"],
        may_score=entry["may_score"],
        column=entry.get("column"),
        label_zh=entry["label"]["zh"],
        label_en=entry["label"]["en"],
        codes=codes,
        minimum=entry.get("minimum", 0),
        maximum=entry.get("maximum", 0),
    )
