"""A model scores in whole points, and refuses to exist when it is incomplete or names what may not score."""

import copy
from typing import Any

import pytest
from hypothesis import given

from oracle.canonical import canonical_json
from oracle.decision.evaluation import Ask
from oracle.features import FeatureNotForDecisions, UnknownFeature
from oracle.models import InvalidModel, Scorecard
from oracle.models.scorecard import scored_values
from tests.oracle.shipped import model
from tests.oracle.strategies import asks, features


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(dict(model().document))


@given(features(), asks())
def test_every_possible_applicant_has_a_score_and_a_pd(values: dict[str, int | str], ask: Ask) -> None:
    scoring = model().score(scored_values(model(), values, ask.amount_minor, ask.periods))
    assert model().lowest_score <= scoring.score <= model().highest_score
    assert scoring.score == model().base_points + sum(scoring.points.values())
    assert 0 < scoring.pd_ppm < 1_000_000
    assert all(lost >= 0 for lost in scoring.lost.values())


def test_pd_falls_as_the_score_rises() -> None:
    pds = [model().pd_ppm(score) for score in range(model().lowest_score, model().highest_score + 1)]
    assert pds == sorted(pds, reverse=True)
    assert model().pd_ppm(600) == 200_000  # four good to one bad, by definition of the scale
    assert model().pd_ppm(640) == round(1_000_000 / 9)  # 40 points more double the odds


def test_the_model_is_integers_and_strings_only() -> None:
    assert canonical_json(model().document)


def test_longer_loans_never_score_better() -> None:
    bands = next(feature.bands for feature in model().features if feature.name == "periods")
    assert [band.points for band in bands] == sorted((band.points for band in bands), reverse=True)


@pytest.mark.parametrize("name", ["personal_status_and_sex", "age_years", "foreign_worker", "ledger_open_loans"])
def test_a_model_naming_a_feature_that_may_not_score_is_refused(document: dict[str, Any], name: str) -> None:
    document["features"][0]["name"] = name
    with pytest.raises(FeatureNotForDecisions, match=name):
        Scorecard(document)


def test_a_model_naming_an_unknown_feature_is_refused(document: dict[str, Any]) -> None:
    document["features"][0]["name"] = "shoe_size"
    with pytest.raises(UnknownFeature):
        Scorecard(document)


def test_a_model_of_another_format_is_refused(document: dict[str, Any]) -> None:
    document["format"] = "something/2"
    with pytest.raises(InvalidModel, match="something/2"):
        Scorecard(document)


def test_codes_without_points_are_refused(document: dict[str, Any]) -> None:
    housing = next(feature for feature in document["features"] if feature["name"] == "housing")
    del housing["codes"]["rent"]
    with pytest.raises(InvalidModel, match="housing"):
        Scorecard(document)


def test_bands_that_leave_values_out_are_refused(document: dict[str, Any]) -> None:
    periods = next(feature for feature in document["features"] if feature["name"] == "periods")
    periods["bands"][-1]["below"] = 1000
    with pytest.raises(InvalidModel, match="periods"):
        Scorecard(document)


def test_bands_that_do_not_rise_are_refused(document: dict[str, Any]) -> None:
    periods = next(feature for feature in document["features"] if feature["name"] == "periods")
    periods["bands"][0]["below"] = 500
    with pytest.raises(InvalidModel, match="do not rise"):
        Scorecard(document)


def test_a_pd_table_of_the_wrong_length_is_refused(document: dict[str, Any]) -> None:
    document["pd_ppm"]["values"].pop()
    with pytest.raises(InvalidModel, match="span"):
        Scorecard(document)


def test_a_pd_that_rises_with_the_score_is_refused(document: dict[str, Any]) -> None:
    document["pd_ppm"]["values"][5] = document["pd_ppm"]["values"][6] - 1
    with pytest.raises(InvalidModel, match="rises"):
        Scorecard(document)


def test_any_change_of_a_point_changes_the_id(document: dict[str, Any]) -> None:
    document["event"] = "the loan went well"
    assert Scorecard(document).model_hash != model().model_hash
