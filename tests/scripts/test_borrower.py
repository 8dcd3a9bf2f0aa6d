"""A borrower signs nothing that commits to something else than what was shown."""

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest
from eth_utils.crypto import keccak

from contracts.schedule import ScheduleTerms, agreed_rows, all_in_rate_ppm, schedule_apr_ppm
from contracts.typed_data import Domain, typed_data
from scripts.demo.borrower import Json, NotAsShown, check_commitment, check_offer
from tests.contracts.loan.strategies import AGREEMENT

BOOK = Domain(1337421, "0x" + "11" * 20)
FEATURES = {"housing": "own", "savings": "below_100"}
SALT = bytes(range(32))


def draft(features: bytes = b'{"housing":"own","savings":"below_100"}') -> Json:
    committed = "0x" + keccak(SALT + features).hex()
    return {"salt": "0x" + SALT.hex(), "typed_data": {"message": {"featuresCommitment": committed}}}


@pytest.fixture
def offer() -> Json:
    bare, terms = AGREEMENT, ScheduleTerms.of(AGREEMENT)
    rows = agreed_rows(bare)
    agreed = replace(bare, apr_ppm=schedule_apr_ppm(terms, rows, bare.upfront_fee_minor))
    shown = [
        {"nr": r.nr, "due_day": r.due_day, "principal_minor": r.principal_minor, "interest_minor": r.interest_minor}
        for r in rows
    ]
    prices = {"apr_ppm": agreed.apr_ppm, "all_in_ppm": all_in_rate_ppm(terms, rows, bare.upfront_fee_minor)}
    return {"rows": shown, **prices, "typed_data": typed_data(agreed, BOOK)}


def test_an_honest_draft_and_offer_pass(offer: Json) -> None:
    check_commitment(draft(), FEATURES)
    check_offer(offer)


def test_other_features_than_given_are_refused() -> None:
    with pytest.raises(NotAsShown, match="featuresCommitment"):
        check_commitment(draft(b'{"housing":"rent","savings":"below_100"}'), FEATURES)


def cheaper_row(offer: Json) -> None:
    offer["rows"][3]["interest_minor"] -= 1


def later_day(offer: Json) -> None:
    offer["rows"][0]["due_day"] += 1


def missing_row(offer: Json) -> None:
    offer["rows"].pop()


def other_root(offer: Json) -> None:
    offer["typed_data"]["message"]["scheduleRoot"] = "0x" + "00" * 32


def lower_apr(offer: Json) -> None:
    offer["apr_ppm"] -= 1


def lower_all_in(offer: Json) -> None:
    offer["all_in_ppm"] -= 1


def lower_signed_apr(offer: Json) -> None:
    lower_apr(offer)
    offer["typed_data"]["message"]["aprPpm"] = offer["apr_ppm"]


def dearer_instalment(offer: Json) -> None:
    offer["typed_data"]["message"]["instalmentMinor"] = int(offer["typed_data"]["message"]["instalmentMinor"]) + 1


def dearer_rate(offer: Json) -> None:
    offer["typed_data"]["message"]["ratePpm"] = int(offer["typed_data"]["message"]["ratePpm"]) + 1_000


@pytest.mark.parametrize(
    "trick",
    [
        cheaper_row,
        later_day,
        missing_row,
        other_root,
        dearer_rate,
        dearer_instalment,
        lower_apr,
        lower_all_in,
        lower_signed_apr,
    ],
)
def test_an_offer_that_shows_something_else_is_refused(offer: Json, trick: Callable[[Json], None]) -> None:
    dishonest = copy.deepcopy(offer)
    trick(dishonest)
    with pytest.raises(NotAsShown):
        check_offer(dishonest)
