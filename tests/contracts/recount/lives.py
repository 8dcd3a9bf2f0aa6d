"""Loans and what happens to them, as the ledger and the twin have it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, cast

from hypothesis import strategies as st

from contracts.clients import TableRow, table_rows
from contracts.loan import (
    ArrearsUnchanged,
    LoanState,
    LoanStatus,
    apply_payment,
    originate,
    owed,
    record_arrears,
    rows_needed,
)
from contracts.schedule import Method, Row, ScheduleRefused
from contracts.typed_data import Agreement
from scripts.workbench.system import FIRST_DAY, Draft
from tests.contracts.recount.history import History

ACTS = st.lists(
    st.tuples(st.sampled_from(("pay", "pay", "pay", "touch", "settle")), st.integers(1, 2), st.integers(0, 45)),
    min_size=1,
    max_size=8,
)
CHARGES: dict[str, Any] = {
    "grace_days": st.integers(0, 10),
    "upfront_fee_minor": st.integers(0, 2_000),
    "waterfall": st.sampled_from((0x1234, 0x3412, 0x3124)),
}
OFFERED = (Method.ANNUITY, Method.EQUAL_PRINCIPAL)
"""Of the methods with a formula, those that the deployed product has."""


@dataclass(frozen=True)
class Ask:
    """A loan to be lent: its draft, and its rows where they are a table."""

    draft: Draft
    table: tuple[Row, ...] = ()


@st.composite
def formulas(draw: st.DrawFn) -> Ask:
    by_days = draw(st.booleans())
    periods, length = draw(st.integers(1, 6)), draw(st.integers(1, 20 if by_days else 2))
    draft = Draft(
        method=draw(st.sampled_from(OFFERED)),
        principal_minor=draw(st.integers(100_000, 5_000_000)),
        rate_ppm=draw(st.integers(1_000, 240_000)),
        periods=periods,
        period_unit=int(by_days),
        period_length=length,
        first_due_day=FIRST_DAY + length if by_days else FIRST_DAY + 28,
        anchor_day=0 if by_days else 31,
        interest_only_periods=draw(st.integers(0, min(1, periods - 1))),
        day_count=draw(st.integers(0, 4 if by_days else 5)),
        rounding=draw(st.sampled_from((0x0, 0x1, 0x2, 0x3, 0x100, 0x102))),
        **{name: draw(values) for name, values in CHARGES.items()},
    )
    return Ask(draft)


@st.composite
def tables(draw: st.DrawFn) -> Ask:
    gaps, principals = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4)), draw(st.integers(70_000, 1_000_000))
    days = list(accumulate(gaps, initial=FIRST_DAY + draw(st.integers(1, 30))))
    rows = [Row(nr, day, principals, 10 * nr) for nr, day in enumerate(days, 1)]
    charges = {name: draw(values) for name, values in CHARGES.items()}
    return Ask(by_table(rows, rate_ppm=240_000, **charges), tuple(rows))


def by_table(rows: Sequence[Row], **changes: Any) -> Draft:
    draft = Draft(
        method=Method.CUSTOM,
        principal_minor=sum(row.principal_minor for row in rows),
        periods=len(rows),
        period_length=0,
        first_due_day=rows[0].due_day,
        anchor_day=0,
    )
    return replace(draft, **changes)


ASKS = st.one_of(formulas(), tables())


def do(history: History, loan: bytes, state: LoanState, person: int, act: str, share: int, nonce: int) -> LoanState:
    """Do it on the ledger as the twin says it can be done; the twin's state after it."""
    system, day = history.system, history.evm.timestamp // 86_400
    if state.status is LoanStatus.CLOSED:
        return state
    if act == "touch":
        with suppress(ArrearsUnchanged):
            after, _ = record_arrears(state, day)
            system.send("LoanBook", "recordArrears", loan, *brought(state, 0, day))
            return after
        return state
    total = owed(state, day).total_minor
    amount = total if act == "settle" else max(1, total * (share + 5) // 100)
    system.pay(loan, amount, nonce, system.person(person), *brought(state, amount, day))
    return apply_payment(state, amount, day)[0]


def brought(state: LoanState, amount: int, day: int) -> list[list[TableRow]]:
    if not state.terms.schedule.method.is_table:
        return []
    rows = table_rows(state.rows, rows_needed(state, amount, day))
    return [rows] if rows else []


def lend(history: History, number: int, ask: Ask) -> tuple[bytes, LoanState]:
    """The loan asked for, or an ordinary one where no schedule carries it."""
    try:
        loan, table = history.lend(number, ask.draft, ask.table), ask.table
    except ScheduleRefused:
        loan, table = history.lend(number), ()
    return loan, originate(agreement_of(history, loan), table)


def agreement_of(history: History, loan: bytes) -> Agreement:
    (found,) = [e.args["agreement"] for e in history.events() if e.name == "LoanOriginated" and e.args["loan"] == loan]
    return cast("Agreement", found)


def one_life(history: History) -> bytes:
    """On time, late with charges, into arrears by a touch, then paid off."""
    loan = history.lend()
    system = history.system
    system.at_day(FIRST_DAY + 28)
    system.pay(loan, 88_000, 0)
    system.at_day(FIRST_DAY + 75)
    system.send("LoanBook", "recordArrears", loan)
    system.pay(loan, 50_000, 1)
    system.at_day(FIRST_DAY + 80)
    system.pay(loan, system.read("LoanBook", "owed", loan, FIRST_DAY + 80)["total_minor"], 2)
    return loan


HARVESTS = (
    Row(1, FIRST_DAY, 100_000, 0),
    Row(2, FIRST_DAY + 180, 400_000, 40_000),
    Row(3, FIRST_DAY + 545, 500_000, 70_000),
)


def paid(history: History, loan: bytes, state: LoanState, day: int, amount: int, nonce: int) -> LoanState:
    history.system.at_day(day)
    history.system.pay(loan, amount, nonce, None, *brought(state, amount, day))
    return apply_payment(state, amount, day)[0]
