"""A scorecard as look-up tables of whole points: the same score and PD, bit for bit, on every machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from oracle.canonical import content_hash
from oracle.features import Feature, catalogue, validate
from oracle.features.validate import FeatureValue
from oracle.problems import OracleError

FORMAT = "tallystick/scorecard/1"
PPM = 1_000_000


class InvalidModel(OracleError):
    """A model file that does not hold together."""

    slug = "invalid-model"
    title = "The model file cannot be used"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"model {name}: {reason}", model=name, reason=reason)


@dataclass(frozen=True)
class Band:
    """Points of the integers under `below` that no earlier band took; `below` None takes all that is left."""

    below: int | None
    points: int


@dataclass(frozen=True)
class ScoredFeature:
    """The points of one feature: by code, or by bands of integers. 0 points are those of an average applicant."""

    name: str
    codes: Mapping[str, int]
    bands: tuple[Band, ...]

    def points(self, value: FeatureValue) -> int:
        """Whole points of an already validated value."""
        if isinstance(value, str):
            return self.codes[value]
        return next(band.points for band in self.bands if band.below is None or value < band.below)

    @property
    def all_points(self) -> tuple[int, ...]:
        """The points of every code or band."""
        return (*self.codes.values(), *(band.points for band in self.bands))

    @property
    def best(self) -> int:
        """The most points the feature can bring."""
        return max(self.all_points)


@dataclass(frozen=True)
class Scoring:
    """A score, its probability of default in ppm, and the points each feature lost against its best value."""

    score: int
    pd_ppm: int
    points: Mapping[str, int]
    lost: Mapping[str, int]


class Scorecard:
    """A loaded model; refuses to exist when it names a feature that may not score."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """`document` is the parsed model file; raises InvalidModel, UnknownFeature or FeatureNotForDecisions."""
        self.document = document
        self.name = str(document.get("name", "unnamed"))
        if document.get("format") != FORMAT:
            raise InvalidModel(self.name, f"format is {document.get('format')!r}, expected {FORMAT!r}")
        self.base_points = int(document["base_points"])
        self.features = tuple(self._feature(entry) for entry in document["features"])
        self.lowest_score = int(document["pd_ppm"]["lowest_score"])
        self._pd_ppm = tuple(int(value) for value in document["pd_ppm"]["values"])
        self._require_pd_table()

    @classmethod
    def load(cls, path: Path) -> "Scorecard":
        """The model of a file, or of the file `model.json` in a folder."""
        file = path / "model.json" if path.is_dir() else path
        return cls(json.loads(file.read_text(encoding="utf-8")))

    @cached_property
    def model_hash(self) -> bytes:
        """keccak256 of the canonical JSON of the model: its id in every score report."""
        return content_hash(self.document)

    @property
    def highest_score(self) -> int:
        """The best score anybody can have."""
        return self.lowest_score + len(self._pd_ppm) - 1

    @property
    def application_features(self) -> tuple[str, ...]:
        """The names an application has to bring: those the model scores, without amount and number of instalments."""
        return tuple(f.name for f in self.features if catalogue()[f.name].source == "application")

    def pd_ppm(self, score: int) -> int:
        """Probability of default in ppm of a score between `lowest_score` and `highest_score`."""
        return self._pd_ppm[score - self.lowest_score]

    def score(self, values: Mapping[str, FeatureValue]) -> Scoring:
        """Score values that hold every feature of the model and are already validated."""
        points = {feature.name: feature.points(values[feature.name]) for feature in self.features}
        score = self.base_points + sum(points.values())
        lost = {feature.name: feature.best - points[feature.name] for feature in self.features}
        return Scoring(score, self.pd_ppm(score), points, lost)

    def _feature(self, entry: Mapping[str, Any]) -> ScoredFeature:
        known = catalogue().require_scorable(str(entry["name"]))
        codes = {str(code): int(points) for code, points in entry.get("codes", {}).items()}
        bands = tuple(Band(band.get("below"), int(band["points"])) for band in entry.get("bands", ()))
        self._require_complete(known, codes, bands)
        return ScoredFeature(known.name, codes, bands)

    def _require_complete(self, known: Feature, codes: Mapping[str, int], bands: tuple[Band, ...]) -> None:
        if set(codes) != {entry.code for entry in known.codes}:
            raise InvalidModel(self.name, f"{known.name} does not give points to exactly the catalogue's codes")
        if known.codes:
            return
        limits = [band.below for band in bands[:-1]]
        if not bands or bands[-1].below is not None or None in limits:
            raise InvalidModel(self.name, f"{known.name}: exactly the last band is without an upper end")
        if limits != sorted(set(limits), key=lambda limit: limit or 0):
            raise InvalidModel(self.name, f"{known.name}: the bands do not rise")

    def _require_pd_table(self) -> None:
        lowest = self.base_points + sum(min(feature.all_points) for feature in self.features)
        highest = self.base_points + sum(feature.best for feature in self.features)
        if (self.lowest_score, self.highest_score) != (lowest, highest):
            raise InvalidModel(self.name, f"the PD table does not span the scores {lowest} to {highest}")
        if any(a < b for a, b in zip(self._pd_ppm, self._pd_ppm[1:], strict=False)):
            raise InvalidModel(self.name, "PD rises with the score")
        if not all(0 < pd < PPM for pd in self._pd_ppm):
            raise InvalidModel(self.name, "a PD is not between 0 and 1")


def scored_values(
    model: Scorecard, features: Mapping[str, object], amount_minor: int, months: int
) -> dict[str, FeatureValue]:
    """Application features, amount and the months until the last instalment, validated and ready to be scored.

    Raises the typed errors of `validate`, also for a feature the model needs that is missing.
    """
    application = validate(features, model.application_features)
    asked = validate({"amount_minor": amount_minor, "periods": months}, source="request")
    return {**application, **asked}
