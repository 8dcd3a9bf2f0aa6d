"""A small replay to vary: the loan of `case`, its first instalment paid on its day, the second one in part and late."""

from copy import deepcopy
from typing import Any

from tests.scripts.schedule.case import Case, case

AMOUNTS = ("principal", "interest", "fees", "penalties", "due", "paid", "in_advance", "late", "outstanding")
DAYS = (31, 29, 31, 30, 31, 30)
STRATEGY = "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER"
EVENTS: list[Case] = [
    {"kind": "today", "date": "2024-01-01"},
    {"kind": "disburse", "date": "2024-01-01", "amount": "100"},
    {"kind": "today", "date": "2024-02-01"},
    {"kind": "repay", "date": "2024-02-01", "amount": "17.01"},
    {"kind": "today", "date": "2024-03-03"},
    {"kind": "close_of_business"},
    {"kind": "repay", "date": "2024-03-03", "amount": "10"},
]
PAID_AFTER = {
    1: ("0.0", "0.0", "0.0"),
    2: ("0.0", "0.0", "0.0"),
    4: ("17.01", "0.0", "0.0"),
    7: ("27.01", "0.0", "10.0"),
}
"""Paid, of it in advance and late, after so many events."""


def replay(terms: Case | None = None, settings: Case | None = None, **fields: Any) -> Case:
    """The replay with other terms, settings or fields; None takes a field away."""
    script = {
        "scenario": "A loan that is paid",
        "events": deepcopy(EVENTS),
        "checkpoints": [checkpoint(after) for after in PAID_AFTER],
    }
    changed = case({"allocation": STRATEGY} | (terms or {}), settings, **script | fields)
    return {name: value for name, value in changed.items() if name not in {"schedule", "disbursed"}}


def checkpoint(after: int) -> Case:
    """The table after so many events."""
    paid, in_advance, late = PAID_AFTER[after]
    payout, *lines = case()["schedule"]
    payout |= {"outstanding": "0.0"} if after == 1 else {"paid": "0.0"}
    rows = [row | {"days": days} | _unpaid(row) for row, days in zip(lines, DAYS, strict=True)]
    if after >= 4:
        rows[0] |= {"paid": "17.01", "outstanding": "0.0", "paid_date": "2024-02-01"}
    if after >= 7:
        rows[1] |= {"paid": "10.0", "late": "10.0", "outstanding": "7.01"}
    left = f"{102.05 - float(paid):.2f}"
    totals = dict(zip(AMOUNTS, ("100", "2.05", "0", "0", "102.05", paid, in_advance, late, left), strict=True))
    return {"line": after, "after": after, "schedule": [payout, *rows], "totals": totals}


def _unpaid(row: Case) -> Case:
    return {"paid": "0.0", "in_advance": "0.0", "late": "0.0", "outstanding": row["due"]}


def with_events(*events: Case, terms: Case | None = None, settings: Case | None = None, **fields: Any) -> Case:
    """The replay up to its payout, and then these events."""
    points = [checkpoint(1), checkpoint(2)]
    return replay(terms, settings, **{"events": [*EVENTS[:2], *events], "checkpoints": points} | fields)


def paid(date: str, amount: str, today: str = "") -> list[Case]:
    """A payment, booked on its day unless said otherwise."""
    return [{"kind": "today", "date": today or date}, {"kind": "repay", "date": date, "amount": amount}]


def closed(date: str) -> list[Case]:
    """The end of a day."""
    return [{"kind": "today", "date": date}, {"kind": "close_of_business"}]
