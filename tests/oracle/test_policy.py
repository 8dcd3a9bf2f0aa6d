"""The policy file holds together, or says what does not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from contracts.schedule import DayCount, Method, PeriodUnit
from oracle.policy import InvalidPolicy, Policy
from tests.oracle.shipped import policy

LONGEST_MONTH_DAYS = 31
Change = Callable[[dict[str, Any]], Any]


def test_the_product_id_is_the_hash_of_its_name() -> None:
    assert policy().product_id == keccak(text="tallystick/consumer-instalment")


def test_the_policy_stays_within_what_the_ledger_caps() -> None:
    terms, caps = policy().terms, CONSUMER_INSTALMENT_CAPS
    assert policy().product_id == CONSUMER_INSTALMENT
    assert max(band.rate_ppm for band in policy().bands) <= caps["maxRatePpm"]
    assert terms.upfront_fee_ppm <= caps["maxUpfrontFeePpm"]
    assert terms.penalty_rate_ppm <= caps["maxPenaltyRatePpm"]
    assert terms.late_fee_minor <= caps["maxLateFeeMinor"]
    assert policy().periods.maximum <= caps["maxPeriods"]
    assert policy().amount_minor.maximum <= caps["maxPrincipalMinor"]
    assert caps["methods"] >> terms.method & 1
    longest = (policy().periods.maximum + 1) * terms.period_length * LONGEST_MONTH_DAYS
    assert terms.period_unit == PeriodUnit.MONTH and longest <= caps["maxTermDays"]


def test_the_shipped_product_is_a_monthly_annuity_by_actual_days() -> None:
    terms = policy().terms
    assert (terms.method, terms.period_unit, terms.period_length) == (Method.ANNUITY, PeriodUnit.MONTH, 1)
    assert (terms.day_count, terms.rounding, terms.interest_only_periods) == (DayCount.ACT_365F, 0, 0)


@pytest.mark.parametrize("method", [method for method in Method if not method.is_table])
def test_a_method_has_a_name_and_a_number(method: Method) -> None:
    once = {"minimum": 1, "maximum": 1}
    for written in (method.name.lower(), int(method)):
        document = changed(terms(method=written))
        document["periods"] = once if method == Method.BULLET else document["periods"]
        assert Policy(document).terms.method == method


SHAPES: list[dict[str, Any]] = [
    {"period_length": 120},
    {"period_unit": 1, "period_length": 3_660},
    {"interest_only_periods": 2},
    {"method": "flat", "rounding": 0x103},
    {"method": "equal_principal", "rounding": 0x110},
    {"day_count": 5},
    {"grace_days": 255, "late_fee_minor": 2**32 - 1, "penalty_rate_ppm": 2**24 - 1, "penalty_max_days": 2**16 - 1},
    {"time_zone_minutes": 840},
    {"time_zone_minutes": -720},
    {"origination_window_days": 0, "upfront_fee_ppm": 999_999},
    {"waterfall": 0x3412},
]


@pytest.mark.parametrize("changes", SHAPES)
def test_a_product_may_have_any_terms_that_a_loan_book_carries_out(changes: dict[str, Any]) -> None:
    document = changed(terms(**changes))
    document["periods"] = {"minimum": 3, "maximum": 3}
    found = vars(Policy(document).terms)
    assert all(found[name] == value for name, value in changes.items() if name != "method")


@pytest.mark.parametrize(
    ("unit", "length", "periods", "months"),
    [(0, 1, 12, 12), (0, 3, 4, 12), (0, 12, 2, 24), (1, 7, 52, 12), (1, 7, 53, 13), (1, 1, 30, 1), (1, 365, 40, 480)],
)
def test_periods_run_for_months_that_have_begun(unit: int, length: int, periods: int, months: int) -> None:
    document = changed(terms(period_unit=unit, period_length=length))
    document["periods"] = {"minimum": 1, "maximum": periods}
    assert Policy(document).months(periods) == months


def test_bands_begin_at_their_score() -> None:
    for better, band in zip(policy().bands, policy().bands[1:], strict=False):
        assert policy().band(better.min_score) == better
        assert policy().band(better.min_score - 1) == band
    assert policy().band(policy().bands[-1].min_score - 1) is None


@pytest.mark.parametrize(("principal", "fee"), [(0, 0), (99, 0), (100, 1), (299, 1), (300, 2), (1_000_000, 5000)])
def test_the_upfront_fee_rounds_half_up(principal: int, fee: int) -> None:
    assert policy().upfront_fee_minor(principal) == fee


def changed(change: Change) -> dict[str, Any]:
    document = copy.deepcopy(dict(policy().document))
    change(document)
    return document


def terms(**changes: Any) -> Change:
    return lambda p: p["terms"].update(changes)


CONTRADICTIONS: dict[str, Change] = {
    "format": lambda p: p.update(format="other"),
    "best score down": lambda p: p["bands"].reverse(),
    "costs more": lambda p: p["bands"][0].update(rate_ppm=230_000),
    "largest amount": lambda p: p["bands"][0].update(limit_minor=2_000_001),
    "open_loans": lambda p: p["reasons"].pop("open_loans"),
    "zh and en": lambda p: p["reasons"]["savings"].pop("zh"),
    "method is 'custom', expected one of annuity": terms(method="custom"),
    "method is 5, expected one of": terms(method=5),
    "method is False, expected": terms(method=False),
    "period unit 2 is not supported": terms(period_unit=2),
    "periodLength is 0, allowed are 1 to 120": terms(period_length=0),
    "periodLength is 121, allowed are 1 to 120": terms(period_length=121),
    "periodLength is 3661, allowed are 1 to 3660": terms(period_unit=1, period_length=3_661),
    "interestOnlyPeriods is 3, allowed are 0 to 2": terms(interest_only_periods=3),
    "interestOnlyPeriods is 1, allowed are 0 to 0": terms(method="interest_only", interest_only_periods=1),
    "periods is 3, allowed are 1 to 1": terms(method="bullet"),
    "day count 6 is not supported": terms(day_count=6),
    "day count 5 is not supported": terms(day_count=5, period_unit=1),
    "rounding 0x10 is not supported": terms(rounding=0x10),
    "rounding 0x4 is not supported": terms(rounding=4),
    "pay nothing at a rate of 0": lambda p: (p["bands"][0].update(rate_ppm=0), terms(interest_only_periods=1)(p)),
    "instalment_multiple_minor is less than 1": terms(instalment_multiple_minor=0),
    "rounding is '0', not a whole number": terms(rounding="0"),
    "grace_days is -1, not a whole number": terms(grace_days=-1),
    "graceDays is 256, allowed are 0 to 255": terms(grace_days=256),
    "lateFeeMinor is 4294967296, allowed": terms(late_fee_minor=2**32),
    "penaltyRatePpm is 16777216, allowed": terms(penalty_rate_ppm=2**24),
    "penaltyMaxDays is 65536, allowed": terms(penalty_max_days=2**16),
    "waterfall 0x1243 is not a valid order": terms(waterfall=0x1243),
    "time zone of 841 minutes does not exist": terms(time_zone_minutes=841),
    "time zone of -721 minutes does not exist": terms(time_zone_minutes=-721),
    "origination_window_days is 4, allowed are 0 to 3": terms(origination_window_days=4),
    "upfront_fee_ppm is 1000000, allowed are 0 to 999999": terms(upfront_fee_ppm=1_000_000),
    "rate of band E is 16777216, allowed are 0 to 16777215": lambda p: p["bands"][-1].update(rate_ppm=2**24),
    "rate of band A is -1, allowed": lambda p: p["bands"][0].update(rate_ppm=-1),
    "amount_minor: maximum is 17592186044416, allowed": lambda p: p["amount_minor"].update(maximum=2**44),
    "amount_minor: minimum is 0, allowed are 1 to": lambda p: p["amount_minor"].update(minimum=0),
    "amount_minor: minimum is 2000001, allowed are 1 to 2000000": lambda p: p["amount_minor"].update(minimum=2_000_001),
    "months of the most periods is 504, allowed are 1 to 480": terms(period_length=7),
    "periods: minimum is 73, allowed are 1 to 72": lambda p: p["periods"].update(minimum=73),
    "terms lack rounding": lambda p: p["terms"].pop("rounding"),
    "terms do not know colour": terms(colour=1),
}


@pytest.mark.parametrize("reason", CONTRADICTIONS)
def test_a_policy_that_contradicts_itself_is_refused(reason: str) -> None:
    document = changed(CONTRADICTIONS[reason])
    with pytest.raises(InvalidPolicy, match=reason):
        Policy(document)
