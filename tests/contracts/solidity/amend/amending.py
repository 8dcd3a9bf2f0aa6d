"""What tests of amendments share: a loan's next amendment in one line, for whatever principal follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.schedule import Row, day_at
from contracts.typed_data import Amendment
from scripts.workbench.system import FIRST_DAY, ZONE_MINUTES, Draft, System

DUE = FIRST_DAY + 28
"""The first due day of an ordinary loan."""
MONTH = 30
BY_DAYS = Draft(period_unit=1, period_length=MONTH, anchor_day=0, upfront_fee_minor=0, salt=2)
"""New terms: an annuity each thirty days."""
BY_TABLE = replace(BY_DAYS, method=5, period_unit=0, period_length=0)


@dataclass(frozen=True)
class Money:
    """Claims that join the principal, claims that are waived, new money."""

    capitalised: int = 0
    waived: int = 0
    top_up: int = 0


NOTHING = Money()


def today(system: System) -> int:
    """The day in the loans' time zone."""
    return day_at(system.evm.timestamp, ZONE_MINUTES)


def claims(system: System, loan: bytes, old: Sequence[Row] = ()) -> int:
    """What is owed today besides the principal."""
    found = system.payoff(loan, today(system), [row.word for row in old])
    return int(found["interest_minor"] + found["late_fee_minor"] + found["penalty_minor"])


def drawn_up(
    system: System,
    loan: bytes,
    money: Money = NOTHING,
    draft: Draft = BY_DAYS,
    old: Sequence[Row] = (),
    new: Sequence[Row] = (),
    sequence: int = 1,
    **changes: Any,
) -> Amendment:
    """The amendment from today on for the principal that follows; `changes` are of the new terms."""
    day = today(system)
    found = system.payoff(loan, day, [row.word for row in old])
    principal = found["principal_minor"] - found["rebate_minor"] + money.capitalised + money.top_up
    first = new[0].due_day if new else day + MONTH
    dated = replace(draft, principal_minor=principal, disbursement_day=day, first_due_day=first)
    dated = replace(dated, periods=len(new) or draft.periods)
    terms = system.agreement(system.person(), dated, new, **changes)
    parts = {"capitalised_minor": money.capitalised, "waived_minor": money.waived, "top_up_minor": money.top_up}
    return system.amendment(loan, terms, sequence, **parts)


def amend(
    system: System,
    loan: bytes,
    money: Money = NOTHING,
    draft: Draft = BY_DAYS,
    old: Sequence[Row] = (),
    new: Sequence[Row] = (),
    **changes: Any,
) -> dict[str, Any]:
    """Carry it out; the events by name."""
    amendment = drawn_up(system, loan, money, draft, old, new, **changes)
    return dict(system.events(system.amend(amendment, old=old, new=new)))


def first_instalment(system: System, loan: bytes) -> int:
    """What is due next of an ordinary loan, on its first due day."""
    return int(system.read("LoanBook", "owed", loan, DUE)["current_due_minor"])


def owed_on(system: System, loan: bytes, day: int, *rows: list[int]) -> dict[str, int]:
    """What the contract says is owed on a day."""
    found: dict[str, int] = system.read("LoanBook", "owed", loan, day, *rows)
    return found


def outstanding(system: System) -> int:
    """Principal that the pool has outstanding."""
    return int(system.read("LoanBook", "position", system.contracts["LendingPool"])["outstanding_minor"])


def reserved(system: System) -> tuple[int, int]:
    """Open loans of the borrower, and what they take of its limit."""
    found = system.read("LoanBook", "exposure", system.person().subject)
    return found["open_loans"], found["reserved_minor"]


def repay(system: System, loan: bytes, amount: int, *rows: Any) -> dict[str, Any]:
    """Pay from the borrower's own cash; the events by name."""
    return dict(system.events(system.send("LoanBook", "repay", loan, amount, *rows, sender=system.person().subject)))


def as_word(name: str) -> bytes:
    """A term as a refusal names it."""
    return name.encode().ljust(32, b"\0")
