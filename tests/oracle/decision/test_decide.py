"""Facts every decision keeps, whoever applies for whatever."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle.decision import RequestOutsideProduct, UnexplainedFeature, decide
from oracle.decision.decide import REASONS_MAXIMUM
from oracle.decision.evaluation import Ask
from oracle.features import FeatureMissing, LedgerFeatures
from oracle.policy import Policy
from tests.oracle.shipped import golden, model, policy
from tests.oracle.strategies import asks, features, histories

NEW = LedgerFeatures()
GOOD = next(a for a in golden()["applicants"] if a["decision"]["band"] == "A")
GOOD_ASK = Ask(GOOD["amount_minor"], GOOD["periods"])


@pytest.mark.parametrize("applicant", golden()["applicants"], ids=lambda a: f"row {a['row']}")
def test_golden_applicants_are_decided_as_recorded(applicant: dict[str, Any]) -> None:
    ask = Ask(applicant["amount_minor"], applicant["periods"])
    decision = decide(applicant["features"], NEW, ask, model(), policy())
    recorded = {**applicant["decision"], "reasons": tuple(applicant["decision"]["reasons"])}
    assert {name: getattr(decision, name) for name in recorded} == recorded


def test_golden_decisions_are_of_the_shipped_files() -> None:
    assert golden()["model_hash"] == "0x" + model().model_hash.hex()
    assert golden()["policy_hash"] == "0x" + policy().policy_hash.hex()


@pytest.mark.parametrize(("unit", "length", "periods"), [(0, 3, 4), (0, 12, 1), (1, 7, 52), (1, 30, 12)])
def test_a_loan_scores_by_how_long_it_runs_however_often_it_is_paid(unit: int, length: int, periods: int) -> None:
    document = copy.deepcopy(dict(policy().document))
    document["terms"].update(period_unit=unit, period_length=length)
    document["periods"] = {"minimum": 1, "maximum": periods}
    expected = decide(GOOD["features"], NEW, Ask(GOOD["amount_minor"], 12), model(), policy())
    assert decide(GOOD["features"], NEW, Ask(GOOD["amount_minor"], periods), model(), Policy(document)) == expected


@given(features(), histories(), asks())
def test_an_approval_fits_the_amount_into_the_limit(
    values: dict[str, int | str], history: LedgerFeatures, ask: Ask
) -> None:
    decision = decide(values, history, ask, model(), policy())
    assert decision.approved == (
        decision.limit_minor > 0 and decision.limit_minor - history.reserved_minor >= ask.amount_minor
    )


@given(features(), histories(), asks())
def test_a_limit_stays_within_its_band_and_a_decline_has_none(
    values: dict[str, int | str], history: LedgerFeatures, ask: Ask
) -> None:
    decision = decide(values, history, ask, model(), policy())
    if decision.limit_minor == 0:
        assert (decision.band, decision.rate_ppm, decision.approved) == ("F", 0, False)
        return
    band = policy().band(decision.score)
    assert band is not None
    assert (decision.band, decision.rate_ppm) == (band.band, band.rate_ppm)
    assert decision.limit_minor <= band.limit_minor


@given(features(), histories(), asks())
def test_whoever_is_not_approved_gets_reasons_with_texts(
    values: dict[str, int | str], history: LedgerFeatures, ask: Ask
) -> None:
    decision = decide(values, history, ask, model(), policy())
    assert len(decision.reasons) == len(set(decision.reasons)) <= REASONS_MAXIMUM
    assert decision.approved or decision.reasons
    assert [reason["code"] for reason in policy().explain(decision.reasons)] == list(decision.reasons)


@given(features(), asks())
def test_factors_are_those_that_lost_points_and_the_largest_first(values: dict[str, int | str], ask: Ask) -> None:
    decision = decide(values, NEW, ask, model(), policy())
    lost = model().score({**values, "amount_minor": ask.amount_minor, "periods": ask.periods}).lost
    named = [lost[code] for code in decision.reasons if code in lost]
    assert named == sorted(named, reverse=True)
    assert all(points > 0 for points in named)


@given(features(), histories(), asks(), st.sampled_from(model().features), st.data())
def test_more_points_never_mean_a_higher_price_or_a_lower_limit(
    values: dict[str, int | str], history: LedgerFeatures, ask: Ask, feature: Any, data: st.DataObject
) -> None:
    if not feature.codes:
        return
    better = data.draw(st.sampled_from(sorted(feature.codes)))
    if feature.codes[better] < feature.codes[str(values[feature.name])]:
        return
    before = decide(values, history, ask, model(), policy())
    after = decide({**values, feature.name: better}, history, ask, model(), policy())
    assert after.score >= before.score
    assert after.pd_ppm <= before.pd_ppm
    assert after.limit_minor >= before.limit_minor
    assert after.approved >= before.approved
    if before.rate_ppm:
        assert after.rate_ppm <= before.rate_ppm


@given(features(), histories(), asks())
def test_a_worse_history_never_raises_the_limit_that_is_left(
    values: dict[str, int | str], history: LedgerFeatures, ask: Ask
) -> None:
    decision = decide(values, history, ask, model(), policy())
    clean = decide(values, replace(NEW, reserved_minor=history.reserved_minor), ask, model(), policy())
    assert decision.limit_minor <= clean.limit_minor


def test_thirty_days_of_arrears_decline() -> None:
    decision = decide(GOOD["features"], LedgerFeatures(worst_bucket=2), GOOD_ASK, model(), policy())
    assert (decision.limit_minor, decision.reasons[0]) == (0, "in_arrears")


def test_a_day_of_arrears_halves_the_largest_limit() -> None:
    ask = Ask(policy().bands[0].limit_minor // 2 + 1, 6)
    late = LedgerFeatures(worst_bucket=1)
    clean, decision = (decide(GOOD["features"], history, ask, model(), policy()) for history in (NEW, late))
    band = policy().band(clean.score)
    assert band is not None
    assert clean.approved and not decision.approved
    assert decision.limit_minor == band.limit_minor // 2
    assert decision.reasons[0] == "past_arrears"


def test_as_many_open_loans_as_allowed_decline_one_more() -> None:
    most = policy().ledger.open_loans_maximum
    at, below = (LedgerFeatures(open_loans=n, reserved_minor=1) for n in (most, most - 1))
    assert decide(GOOD["features"], below, GOOD_ASK, model(), policy()).approved
    declined = decide(GOOD["features"], at, GOOD_ASK, model(), policy())
    assert (declined.limit_minor, declined.reasons[0]) == (0, "open_loans")


def test_exposure_near_the_limit_declines_with_that_reason() -> None:
    history = LedgerFeatures(open_loans=1, reserved_minor=policy().bands[0].limit_minor)
    decision = decide(GOOD["features"], history, GOOD_ASK, model(), policy())
    assert (decision.limit_minor, decision.reasons[0]) == (0, "open_exposure")


@pytest.mark.parametrize("name", ["amount_minor", "periods"])
def test_the_edges_of_the_product_are_offered_and_beyond_is_not(name: str) -> None:
    allowed = getattr(policy(), name)
    for value in (allowed.minimum, allowed.maximum):
        decide(GOOD["features"], NEW, replace(GOOD_ASK, **{name: value}), model(), policy())
    for value in (allowed.minimum - 1, allowed.maximum + 1):
        with pytest.raises(RequestOutsideProduct) as refused:
            decide(GOOD["features"], NEW, replace(GOOD_ASK, **{name: value}), model(), policy())
        assert refused.value.values["field"] == name


def test_a_missing_feature_stops_the_decision() -> None:
    without = {name: value for name, value in GOOD["features"].items() if name != "savings"}
    with pytest.raises(FeatureMissing, match="savings"):
        decide(without, NEW, GOOD_ASK, model(), policy())


def test_a_policy_without_a_text_for_a_scored_feature_is_refused() -> None:
    document = copy.deepcopy(dict(policy().document))
    del document["reasons"]["savings"]
    with pytest.raises(UnexplainedFeature, match="savings"):
        decide(GOOD["features"], NEW, GOOD_ASK, model(), Policy(document))


def test_between_half_and_three_quarters_of_golden_applicants_are_approved() -> None:
    decided = [applicant["decision"]["approved"] for applicant in golden()["applicants"]]
    assert 0.5 < sum(decided) / len(decided) < 0.8
