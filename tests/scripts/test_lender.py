"""The lender of the demo signs only guarantees of its own loan, at its own price."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.typed_data import Guarantee
from scripts.demo.borrower import NotAsShown
from scripts.demo.lender import Overpriced, check_guarantee, premium_minor
from tests.contracts.loan.strategies import AGREEMENT

SOMEBODY = "0x" + "99" * 20
CAP = 60_000
GUARANTEE = Guarantee(
    guarantor=SOMEBODY,
    kind=0,
    borrower=AGREEMENT.borrower,
    lender=AGREEMENT.lender,
    agreement_salt=AGREEMENT.salt,
    max_minor=CAP,
    premium_minor=premium_minor(CAP),
    last_day=30_000,
    salt=bytes(32),
    deadline=2**40,
)


def test_a_guarantee_of_the_loan_at_the_usual_price_is_signed() -> None:
    check_guarantee(GUARANTEE, AGREEMENT)


@pytest.mark.parametrize(
    ("other", "caught"),
    [
        ({"borrower": SOMEBODY}, "borrower"),
        ({"lender": SOMEBODY}, "lender"),
        ({"agreement_salt": b"\7" * 32}, "agreementSalt"),
    ],
)
def test_one_of_another_loan_is_not(other: dict[str, Any], caught: str) -> None:
    with pytest.raises(NotAsShown) as refused:
        check_guarantee(replace(GUARANTEE, **other), AGREEMENT)
    assert refused.value.name == caught


def test_nor_is_one_that_costs_a_cent_more() -> None:
    with pytest.raises(Overpriced) as refused:
        check_guarantee(replace(GUARANTEE, premium_minor=premium_minor(CAP) + 1), AGREEMENT)
    assert (refused.value.asked_minor, refused.value.most_minor) == (1_201, 1_200)
