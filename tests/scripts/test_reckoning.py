"""A borrower reckons for itself what payments, withdrawals and new terms come to, and signs nothing else."""

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.loan import payoff
from contracts.typed_data import Domain
from scripts.demo.borrower import Json, NotAsShown
from scripts.demo.holiday import HOLIDAY_MONTHS, holiday
from scripts.demo.reckoning import check_proposal, split_of, state_of, withdrawal_minor
from tests.contracts.loan.strategies import AGREEMENT, YEAR

BOOK = Domain(1337421, "0x" + "11" * 20)
LATE_DAYS = 20
SIGNED = replace(AGREEMENT, grace_days=3, late_fee_minor=1_000, penalty_rate_ppm=120_000, penalty_max_days=90)
FIRST = SIGNED.first_due_day
TODAY = FIRST + 31 + LATE_DAYS


def loan() -> Json:
    """The first instalment was paid on its day, the second is late."""
    before: Json = {"loan": "0x" + "07" * 32, "payments": []}
    state = state_of(SIGNED, before)
    paid = state.unpaid_minor(0)
    rows = [{"status": "paid" if row.nr == 1 else "upcoming"} for row in state.rows]
    payments = [{"amount_minor": paid, "day": FIRST}]
    return before | {"payments": payments, "next_due_day": state.rows[1].due_day, "rows": rows}


@pytest.fixture
def proposal() -> Json:
    return holiday(SIGNED, loan(), payoff(state_of(SIGNED, loan()), TODAY), TODAY, 2**40, BOOK)


def test_a_payment_is_split_as_the_waterfall_says() -> None:
    split = split_of(SIGNED, loan(), 2_000, TODAY)
    assert split["late_fee_minor"] == 1_000 and split["penalty_minor"] > 0
    assert sum(split.values()) == 2_000


def test_a_withdrawal_costs_the_interest_of_its_days() -> None:
    agreement = replace(SIGNED, cooling_off_days=14)
    amount, cost = withdrawal_minor(agreement, {"payments": []}, agreement.disbursement_day + 5)
    assert 0 < cost < state_of(SIGNED, loan()).rows[0].interest_minor
    assert amount == agreement.principal_minor - agreement.upfront_fee_minor + cost


def test_a_holiday_waives_charges_and_moves_the_rows_that_are_left(proposal: Json) -> None:
    amendment, found = check_proposal(proposal, SIGNED, loan(), TODAY)
    assert amendment.terms.periods == YEAR.periods - 1
    assert found.waived_minor == proposal["waived_minor"] == found.late_fee_minor + found.penalty_minor > 0
    assert amendment.terms.principal_minor == found.principal_minor + found.interest_minor
    assert 28 * HOLIDAY_MONTHS <= amendment.terms.first_due_day - loan()["next_due_day"] <= 31 * HOLIDAY_MONTHS


def more_principal(proposal: Json) -> None:
    proposal["capitalised_minor"] -= 1


def nothing_waived(proposal: Json) -> None:
    proposal["waived_minor"] += 1


def cheaper_row(proposal: Json) -> None:
    proposal["rows"][0]["interest_minor"] -= 1


def other_words(proposal: Json) -> None:
    proposal["document"] += " Interest stops."


def dearer_rate(proposal: Json) -> None:
    terms = proposal["typed_data"]["message"]["terms"]
    terms["ratePpm"] = int(terms["ratePpm"]) + 1_000


def dearer_lateness(proposal: Json) -> None:
    terms = proposal["typed_data"]["message"]["terms"]
    terms["lateFeeMinor"] = int(terms["lateFeeMinor"]) + 1


def other_lender(proposal: Json) -> None:
    proposal["typed_data"]["message"]["terms"]["lender"] = "0x" + "99" * 20


def no_grace(proposal: Json) -> None:
    proposal["typed_data"]["message"]["terms"]["graceDays"] = 0


def other_loan(proposal: Json) -> None:
    proposal["typed_data"]["message"]["loan"] = "0x" + "08" * 32


@pytest.mark.parametrize(
    ("trick", "caught"),
    [
        (more_principal, "capitalised_minor"),
        (nothing_waived, "waived_minor"),
        (cheaper_row, "rows"),
        (other_words, "documentHash"),
        (dearer_rate, "rate_ppm"),
        (dearer_lateness, "late_fee_minor"),
        (other_lender, "lender"),
        (no_grace, "grace_days"),
        (other_loan, "loan"),
    ],
)
def test_new_terms_that_say_something_else_than_is_signed_are_refused(
    proposal: Json, trick: Callable[[Json], None], caught: str
) -> None:
    dishonest = copy.deepcopy(proposal)
    trick(dishonest)
    with pytest.raises(NotAsShown) as refused:
        check_proposal(dishonest, SIGNED, loan(), TODAY)
    assert refused.value.name == caught
