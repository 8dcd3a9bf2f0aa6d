"""Loans by a table recount too: with the rows that were signed, and no others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.clients import Event
from contracts.loan import (
    LoanStatus,
    originate,
    owed,
)
from contracts.schedule import Method, Row, schedule_root
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY
from tests.contracts.recount.history import History, new_history
from tests.contracts.recount.lives import HARVESTS, agreement_of, by_table, do, paid
from tests.contracts.recount.tampering import caps, change, drop, plus_one


@pytest.fixture(scope="module")
def harvested() -> tuple[History, list[Event]]:
    """A loan by a table: paid down at once, then late, and paid off."""
    history = new_history()
    loan = history.lend(1, by_table(HARVESTS), HARVESTS)
    state = originate(agreement_of(history, loan), HARVESTS)
    state = paid(history, loan, state, FIRST_DAY, 100_000, 0)
    state = paid(history, loan, state, FIRST_DAY + 220, 100_000, 1)
    history.system.at_day(FIRST_DAY + 240)
    state = do(history, loan, state, 1, "touch", 0, 2)
    day = FIRST_DAY + 250
    state = paid(history, loan, state, day, owed(state, day).total_minor, 3)
    assert state.status is LoanStatus.CLOSED
    return history, history.events()


def row(index: int, **changes: Any) -> Callable[[list[int]], list[int]]:
    def change(words: list[int]) -> list[int]:
        row = replace(Row.of(index + 1, words[index]), **changes)
        return [*words[:index], row.word, *words[index + 1 :]]

    return change


def own_root(agreement: Agreement) -> Agreement:
    return replace(agreement, schedule_root=schedule_root(Method.ANNUITY, HARVESTS))


TABLE_TAMPERINGS = [
    (change("ScheduleTable", rows=row(1, interest_minor=39_999)), "terms"),
    (change("ScheduleTable", rows=row(1, interest_minor=90_000)), "terms"),
    (change("ScheduleTable", rows=row(1, due_day=FIRST_DAY + 179)), "terms"),
    (change("ScheduleTable", rows=lambda words: words[:2]), "terms"),
    (change("ScheduleTable", loan=bytes(32)), "LoanOriginated"),
    (drop("ScheduleTable"), "terms"),
    (drop("LoanOriginated"), "LoanOriginated"),
    (change("LoanOriginated", agreement=lambda a: replace(a, rate_ppm=1)), "terms"),
    (change("LoanOriginated", agreement=lambda a: replace(a, apr_ppm=a.apr_ppm - 1)), "apr_ppm"),
    (change("LoanOriginated", agreement=own_root), "terms"),
    (change("PaymentApplied", interest_minor=plus_one), "interest_minor"),
    (caps("methods", 0b001_1111), "method offered"),
    (caps("max_term_days", 544), "term_days within its cap"),
]


def test_a_loan_by_a_table_recounts_clean(harvested: tuple[History, list[Event]]) -> None:
    history, events = harvested
    findings = history.recount(events)
    assert findings.differences == []
    assert (findings.loans, findings.loans_closed, findings.payments) == (1, 1, 3)
    assert findings.principal_repaid_minor == 1_000_000 and findings.interest_paid_minor == 110_000


@pytest.mark.parametrize(("tamper", "field"), TABLE_TAMPERINGS)
def test_an_altered_table_is_named(
    harvested: tuple[History, list[Event]], tamper: Callable[[Event], Event | None], field: str
) -> None:
    history, events = harvested
    findings = history.recount([altered for event in events if (altered := tamper(event)) is not None])
    assert field in {difference.field for difference in findings.differences}


@pytest.mark.parametrize(("name", "after"), [("ScheduleTable", 0), ("ScheduleTable", 1), ("LoanOriginated", 1)])
def test_a_loan_has_one_table(harvested: tuple[History, list[Event]], name: str, after: int) -> None:
    """Another is named before the one that is signed, after it, and once the loan has begun."""
    history, events = harvested
    signed = next(event for event in events if event.name == "ScheduleTable")
    forged = replace(signed, args={**signed.args, "rows": row(1, interest_minor=1)(list(signed.args["rows"]))})
    at = [event.name for event in events].index(name) + after
    moved = [replace(event, log_index=nr) for nr, event in enumerate([*events[:at], forged, *events[at:]])]
    findings = history.recount(moved)
    assert {"table", "LoanAmended"} & {difference.field for difference in findings.differences}


def test_a_formula_with_a_table_is_named(lived: tuple[History, list[Event]]) -> None:
    history, events = lived
    begun = next(event for event in events if event.name == "LoanOriginated")
    args = {"loan": begun.args["loan"], "rows": [row.word for row in HARVESTS]}
    table = replace(begun, name="ScheduleTable", args=args, log_index=-1)
    assert "terms" in {found.field for found in history.recount([*events, table]).differences}
