"""The demo tells what became of a loan in one sentence, with the amounts."""

from io import StringIO

import httpx
import pytest
from rich.console import Console

from scripts.demo.borrower import Borrower, Json
from scripts.demo.case import TOLD, Case, Outcome
from scripts.demo.habits import Habit
from scripts.demo.tales import TALES, print_tales, tale

FIGURES: dict[Habit, Json] = {
    Habit.PARTED: {
        "part_minor": 7_505,
        "rest_minor": 5_004,
        "days_late": 10,
        "late_fee_minor": 1_000,
        "penalty_minor": 16,
    },
    Habit.HARDSHIP: {
        "waived_minor": 1_112,
        "capitalised_minor": 2_814,
        "first_due_day": 20_994,
        "periods": 6,
        "instalment_minor": 18_032,
    },
    Habit.GUARANTEED: {
        "cap_minor": 92_220,
        "premium_minor": 1_844,
        "days_past_due": 91,
        "lost_minor": 114_446,
        "covered_minor": 92_220,
    },
    Habit.WITHDRAWS: {"days": 5, "amount_minor": 140_680, "received_minor": 140_494, "cost_minor": 186},
}
SAID: dict[Habit, tuple[str, ...]] = {
    Habit.PARTED: ("75.05", "50.04", "10 days later", "fee of 10.00", "penalty of 0.16"),
    Habit.HARDSHIP: ("11.12 were waived", "28.14 of interest", "2027-06-25", "6 instalments of 180.32"),
    Habit.GUARANTEED: ("922.20 into the fund", "18.44", "91 days", "922.20 of the 1,144.46"),
    Habit.WITHDRAWS: ("after 5 days", "1,406.80", "1,404.94", "1.86 of interest"),
}


def case(number: int, habit: Habit, figures: Json) -> Case:
    return Case(number, {}, Borrower(httpx.AsyncClient()), loan={"loan": "0x01"}, habit=habit, figures=figures)


@pytest.mark.parametrize("habit", TOLD)
def test_a_tale_says_every_amount(habit: Habit) -> None:
    told = tale(case(1, habit, FIGURES[habit]))
    assert [said for said in SAID[habit] if said not in told] == []


def test_every_loan_of_the_summary_has_its_tale() -> None:
    assert TALES.keys() == TOLD.keys()


def test_loans_are_told_by_their_number_and_nothing_without_any() -> None:
    page = StringIO()
    console = Console(width=100, file=page)
    print_tales(console, Outcome([case(4, Habit.ON_TIME, {})]))
    assert page.getvalue() == ""
    print_tales(console, Outcome([case(11, Habit.WITHDRAWS, FIGURES[Habit.WITHDRAWS])]))
    assert "11  withdrew after 5 days" in page.getvalue()
