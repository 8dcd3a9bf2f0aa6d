"""The policy file holds together, or says what does not."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak

from contracts.deployment.plan import CONSUMER_INSTALMENT, CONSUMER_INSTALMENT_CAPS
from oracle.policy import InvalidPolicy, Policy
from tests.oracle.shipped import policy

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


def test_bands_begin_at_their_score() -> None:
    for better, band in zip(policy().bands, policy().bands[1:], strict=False):
        assert policy().band(better.min_score) == better
        assert policy().band(better.min_score - 1) == band
    assert policy().band(policy().bands[-1].min_score - 1) is None


@pytest.mark.parametrize(("principal", "fee"), [(0, 0), (99, 0), (100, 1), (299, 1), (300, 2), (1_000_000, 5000)])
def test_the_upfront_fee_rounds_half_up(principal: int, fee: int) -> None:
    assert policy().upfront_fee_minor(principal) == fee


CONTRADICTIONS: dict[str, Change] = {
    "format": lambda p: p.update(format="other"),
    "best score down": lambda p: p["bands"].reverse(),
    "costs more": lambda p: p["bands"][0].update(rate_ppm=230_000),
    "largest amount": lambda p: p["bands"][0].update(limit_minor=2_000_001),
    "open_loans": lambda p: p["reasons"].pop("open_loans"),
    "zh and en": lambda p: p["reasons"]["savings"].pop("zh"),
}


@pytest.mark.parametrize("reason", CONTRADICTIONS)
def test_a_policy_that_contradicts_itself_is_refused(reason: str) -> None:
    document = copy.deepcopy(dict(policy().document))
    CONTRADICTIONS[reason](document)
    with pytest.raises(InvalidPolicy, match=reason):
        Policy(document)
