"""A loan that was amended recounts clean from its events, and whatever is altered of the amendment is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contracts.clients import Event
from contracts.schedule import Row
from scripts.workbench.system import FIRST_DAY
from tests.contracts.recount.history import History, new_history
from tests.contracts.recount.tampering import change, drop, plus_one
from tests.contracts.solidity.amend.amending import BY_DAYS, BY_TABLE, Money, amend, claims

LATE = FIRST_DAY + 75


@pytest.fixture(scope="module")
def amended() -> tuple[History, list[Event]]:
    """Late, re-aged with new money by a table, then by a formula with a waiver, then paid off."""
    history = new_history()
    system = history.system
    loan = history.lend()
    system.pay(loan, 88_000, 0)
    system.at_day(LATE)
    system.send("LoanBook", "recordArrears", loan)
    owed = claims(system, loan)
    principal = system.payoff(loan, LATE)["principal_minor"] + owed - 7 + 50_000
    table = [Row(1, LATE + 30, 100_000, 0), Row(2, LATE + 90, principal - 100_000, 5_000)]
    amend(system, loan, Money(capitalised=owed - 7, top_up=50_000), replace(BY_TABLE, upfront_fee_minor=500), new=table)
    system.at_day(LATE + 20)
    amend(system, loan, Money(waived=claims(system, loan, table) - 3), BY_DAYS, old=table, sequence=2)
    system.at_day(LATE + 30)
    system.pay(loan, system.read("LoanBook", "owed", loan, LATE + 30)["total_minor"], 1)
    return history, history.events()


def test_an_amended_loan_recounts_clean(amended: tuple[History, list[Event]]) -> None:
    history, events = amended
    findings = history.recount(events)
    assert findings.differences == []
    assert (findings.loans, findings.loans_closed, findings.principal_lent_minor) == (1, 1, 1_050_000)


def _found(name: str) -> Callable[[dict[str, int]], dict[str, int]]:
    return lambda found: found | {name: found[name] + 1}


def _amendment(**changes: Any) -> Callable[[Any], Any]:
    return lambda amendment: replace(amendment, **changes)


@pytest.mark.parametrize(
    ("tamper", "field"),
    [
        *(
            (change("LoanAmended", found=_found(name)), name)
            for name in (
                "principal_minor",
                "interest_minor",
                "late_fee_minor",
                "penalty_minor",
                "rebate_minor",
                "carried_interest_minor",
            )
        ),
        (change("LoanAmended", sequence=plus_one), "sequence"),
        (change("LoanAmended", amendment=_amendment(top_up_minor=49_999)), "amendment"),
        (change("LoanAmended", amendment=_amendment(waived_minor=10**9)), "amendment"),
        (change("LoanAmended", amendment=_amendment(loan=bytes(32))), "loan amended"),
        (drop("LoanAmended"), "LoanAmended"),
    ],
)
def test_an_altered_amendment_is_named(
    amended: tuple[History, list[Event]], tamper: Callable[[Event], Event | None], field: str
) -> None:
    history, events = amended
    findings = history.recount([altered for event in events if (altered := tamper(event)) is not None])
    assert field in {difference.field for difference in findings.differences}
