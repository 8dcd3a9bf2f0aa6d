"""Loans of a few lines each, and what a test asks of them."""

from typing import Any

from contracts.typed_data import Agreement
from scripts.workbench.system import Draft, System


def lent(system: System, **draft: Any) -> tuple[bytes, Agreement]:
    """A loan on these terms, and what was signed."""
    agreements: list[Agreement] = []
    loan = system.lend(terms=Draft(**draft), seen=agreements.append)
    return loan, agreements[0]


def repay(system: System, loan: bytes, amount_minor: int) -> dict[str, Any]:
    """By the borrower itself; the events by name."""
    return dict(system.events(system.send("LoanBook", "repay", loan, amount_minor, sender=system.person().subject)))


def owed_today(system: System, loan: bytes, day: int) -> int:
    """Everything owed if it were all paid on this day."""
    return int(system.read("LoanBook", "owed", loan, day)["total_minor"])


def next_due_day(system: System, loan: bytes) -> int:
    """Of the oldest unpaid row."""
    return int(system.loan(loan)["next_due_day"])
