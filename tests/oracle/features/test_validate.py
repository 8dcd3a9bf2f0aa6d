"""Features are known, of their source, of their type and in range, or the refusal names field and limit."""

import pytest

from oracle.features import (
    CodeNotAllowed,
    FeatureMissing,
    FeatureNotForDecisions,
    FeatureOfWrongType,
    FeatureOutOfRange,
    LedgerFeatures,
    UnknownFeature,
    catalogue,
    validate,
)
from oracle.problems import OracleError

FAIRNESS_ONLY = ("personal_status_and_sex", "age_years", "foreign_worker")


def test_good_features_come_back_unchanged() -> None:
    features = {"housing": "own", "instalment_share": 4}
    assert validate(features, required=["housing"]) == features


@pytest.mark.parametrize("edge", [1, 4])
def test_the_edges_of_a_range_are_allowed(edge: int) -> None:
    assert validate({"instalment_share": edge}) == {"instalment_share": edge}


@pytest.mark.parametrize("beyond", [0, 5, -1])
def test_beyond_the_edges_is_refused_with_the_limits(beyond: int) -> None:
    with pytest.raises(FeatureOutOfRange) as refused:
        validate({"instalment_share": beyond})
    assert refused.value.values == {"field": "instalment_share", "minimum": 1, "maximum": 4}
    assert refused.value.problem()["type"] == "/problems/feature-out-of-range"


@pytest.mark.parametrize("value", ["4", 4.0, True, None])
def test_an_integer_feature_takes_only_integers(value: object) -> None:
    with pytest.raises(FeatureOfWrongType, match="instalment_share"):
        validate({"instalment_share": value})


def test_a_code_feature_takes_only_its_codes() -> None:
    with pytest.raises(FeatureOfWrongType):
        validate({"housing": 1})
    with pytest.raises(CodeNotAllowed, match="own, rent, for_free"):
        validate({"housing": "castle"})


@pytest.mark.parametrize(("name", "told"), [("housing", "castle"), ("housing", 90125), ("instalment_share", 90125)])
def test_a_refusal_never_repeats_what_was_told(name: str, told: object) -> None:
    with pytest.raises(OracleError, match=name) as refused:
        validate({name: told})
    assert str(told) not in str(refused.value.problem())


def test_a_missing_feature_is_named() -> None:
    with pytest.raises(FeatureMissing, match="savings"):
        validate({"housing": "own"}, required=["housing", "savings"])


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(UnknownFeature, match="shoe_size"):
        validate({"shoe_size": 42})


@pytest.mark.parametrize("name", FAIRNESS_ONLY)
def test_what_only_measures_fairness_cannot_come_with_an_application(name: str) -> None:
    with pytest.raises(FeatureNotForDecisions, match="fairness_measurement"):
        validate({name: 40})


@pytest.mark.parametrize("name", ["amount_minor", "ledger_worst_bucket"])
def test_what_the_applicant_does_not_declare_cannot_come_as_a_declaration(name: str) -> None:
    with pytest.raises(FeatureNotForDecisions):
        validate({name: 1})


def test_ledger_features_are_checked_too() -> None:
    with pytest.raises(FeatureOutOfRange, match="ledger_worst_bucket"):
        LedgerFeatures(worst_bucket=5)


def test_sex_marital_status_nationality_and_age_are_kept_for_fairness_only() -> None:
    only = {feature.name for feature in catalogue() if feature.for_fairness_only}
    assert only == set(FAIRNESS_ONLY)
    assert not any(catalogue()[name].may_score for name in only)


def test_every_feature_has_unit_labels_purpose_and_retention() -> None:
    for feature in catalogue():
        assert feature.unit and feature.label_zh and feature.label_en and feature.purpose
        assert feature.retention_days > 0 or feature.source == "ledger"
        assert bool(feature.codes) != (feature.maximum > feature.minimum)
        assert all(entry.zh and entry.en and entry.original for entry in feature.codes)
