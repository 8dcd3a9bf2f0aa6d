"""The demo's table can be read at the width of a terminal and of a log."""

from io import StringIO

import httpx
import pytest
from rich.console import Console

from scripts.demo.borrower import Borrower
from scripts.demo.case import Case, Outcome
from scripts.demo.habits import Habit
from scripts.demo.table import NUMBERS, print_table

REASONS = [{"en": "The state of the checking account."}, {"en": "The loan would run for a long time."}]


def outcome() -> Outcome:
    declined = Case(1, {"amount_minor": 807_200, "periods": 30}, Borrower(httpx.AsyncClient()))
    declined.application = {"status": "declined", "decision": {"score": 483, "reasons": REASONS}}
    lent = Case(2, {"amount_minor": 1_594_500, "periods": 54}, Borrower(httpx.AsyncClient()))
    lent.application = {"status": "offered", "decision": {"score": 651, "reasons": []}}
    lent.loan = {
        "apr_ppm": 281_400,
        "all_in_ppm": 249_900,
        "instalment_minor": 24_937,
        "paid_minor": 1_249_374,
        "outstanding_principal_minor": 867_416,
        "arrears": {"bucket": 4},
        "status": "active",
    }
    lent.habit = Habit.STOPS
    return Outcome([declined, lent])


def printed(width: int) -> str:
    page = StringIO()
    print_table(Console(width=width, file=page), outcome())
    return page.getvalue()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_every_figure_is_shown_whole(width: int) -> None:
    figures = (
        "8,072.00",
        "15,945.00",
        "28.14/24.99%",
        "249.37",
        "12,493.74",
        "8,674.16",
        "483",
        "651",
        "30",
        "54",
    )
    assert [figure for figure in (*NUMBERS, *figures) if figure not in printed(width)] == []


def test_a_decline_tells_its_first_reason_and_how_many_more() -> None:
    assert "declined: The state of the checking account (+1)" in printed(130)
    assert "stops paying, 90+ days late" in printed(130)
