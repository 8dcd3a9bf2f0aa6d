"""Checks an application's features against the catalogue before anything is scored or committed to."""

from collections.abc import Collection, Mapping
from typing import TypeAlias

from oracle.features.catalogue import Feature, FeatureNotForDecisions, catalogue
from oracle.problems import OracleError

FeatureValue: TypeAlias = int | str


class FeatureMissing(OracleError):
    """A feature the model scores is absent."""

    slug = "feature-missing"
    title = "A feature is missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is needed and missing", field=name)


class FeatureOfWrongType(OracleError):
    """A code where an integer belongs, or the reverse; like all of these it does not repeat what was told."""

    slug = "feature-of-wrong-type"
    title = "A feature has the wrong type"

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name} is of another type than {expected}", field=name, expected=expected)


class FeatureOutOfRange(OracleError):
    """An integer outside of its inclusive range."""

    slug = "feature-out-of-range"
    title = "A feature is out of range"

    def __init__(self, name: str, minimum: int, maximum: int) -> None:
        super().__init__(
            f"{name} is out of range, allowed are {minimum} to {maximum}", field=name, minimum=minimum, maximum=maximum
        )


class CodeNotAllowed(OracleError):
    """A code that the catalogue does not list for the feature."""

    slug = "code-not-allowed"
    title = "A feature has a code the catalogue does not list"

    def __init__(self, name: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{name} takes only {', '.join(allowed)}", field=name, allowed=allowed)


def validate(
    features: Mapping[str, object], required: Collection[str] = (), source: str = "application"
) -> dict[str, FeatureValue]:
    """The same features, checked: known, of this source, of their type, in range, and none of `required` missing.

    Raises UnknownFeature, FeatureNotForDecisions, FeatureMissing, FeatureOfWrongType, FeatureOutOfRange or
    CodeNotAllowed, each naming field and limit. None repeats the value: it is personal, and problems are logged.
    """
    for name in sorted(required):
        if name not in features:
            raise FeatureMissing(name)
    return {name: _checked(name, value, source) for name, value in features.items()}


def _checked(name: str, value: object, source: str) -> FeatureValue:
    feature = catalogue()[name]
    if feature.source != source:
        raise FeatureNotForDecisions(name, feature.purpose if feature.for_fairness_only else feature.source)
    return _checked_code(feature, value) if feature.codes else _checked_integer(feature, value)


def _checked_code(feature: Feature, value: object) -> str:
    if not isinstance(value, str):
        raise FeatureOfWrongType(feature.name, "a code")
    allowed = tuple(entry.code for entry in feature.codes)
    if value not in allowed:
        raise CodeNotAllowed(feature.name, allowed)
    return value


def _checked_integer(feature: Feature, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FeatureOfWrongType(feature.name, "an integer")
    if not feature.minimum <= value <= feature.maximum:
        raise FeatureOutOfRange(feature.name, feature.minimum, feature.maximum)
    return value
