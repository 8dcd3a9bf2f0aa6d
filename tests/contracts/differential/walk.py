"""Paying a loan row by row: whatever row it stands at, the contract's price of that row is the signed table's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from contracts.clients.errors import ContractError
from contracts.schedule.day_count import PPM
from tests.contracts.differential.agreement import Disagreement
from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.differential.lending import CAPS, FIRST_LENDING_DAY, LAST_LENDING_DAY, MAX_TERM_DAYS, Lending, Loan
from tests.contracts.differential.strategies import formulas
from tests.contracts.differential.tables import seasonal
from tests.contracts.differential.twins import python_instalment

DAYS = st.integers(FIRST_LENDING_DAY, LAST_LENDING_DAY)
CLOSED = 2


@dataclass(frozen=True)
class Walk:
    """An agreement, and the rows at which the loan is looked at."""

    case: Case
    rows: tuple[int, ...]


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    """Agreements that the fast EVM's system can lend on, formulas and tables, and up to four of their rows."""
    case = draw(st.one_of(formulas(DAYS), seasonal(DAYS)))
    numbers = st.integers(0, case.periods - 1)
    return Walk(case, tuple(sorted(draw(st.sets(numbers, min_size=1, max_size=4)))))


def signed(walk: Walk) -> tuple[int, Table] | None:
    """Instalment and table that both sides sign, if the contract carries them out under a product."""
    case = walk.case
    instalment = python_instalment(case) if case.instalment_minor is None else case.instalment_minor
    table = FastBook.shared().schedule(case, instalment)
    if not isinstance(table, Table) or table.rows[-1][0] - case.disbursement_day > MAX_TERM_DAYS:
        return None
    if PPM * sum(interest for *_, interest in table.rows) > CAPS["max_total_cost_ppm"] * case.principal_minor:
        return None
    return instalment, table


def require_same_walk(walk: Walk) -> bool:
    """Lend, look at the rows, pay to the end; whether there was a loan. Raises Disagreement."""
    found = signed(walk)
    if found is None or not FIRST_LENDING_DAY <= walk.case.disbursement_day <= LAST_LENDING_DAY:
        return False
    try:
        _walk(walk, *found)
    except ContractError as refusal:
        raise Disagreement(walk.case, [f"the contract refuses a payment by the table: {refusal}"]) from refusal
    return True


def _walk(walk: Walk, instalment: int, table: Table) -> None:
    loan = Lending.shared().lend(walk.case, instalment, table)
    for row in walk.rows:
        _pay_up_to(loan, table, row)
        _require_row(loan, walk.case, table, row)
    _pay_up_to(loan, table, walk.case.periods)
    _require(walk.case, loan.view(), {"status": CLOSED, "outstanding_principal_minor": 0}, "at the end")


def _pay_up_to(loan: Loan, table: Table, row: int) -> None:
    """Pay every row before this one at once."""
    before = sum(principal + interest for _, principal, interest in table.rows[loan.paid_rows : row])
    if before:
        loan.repay(before, row)


def _require_row(loan: Loan, case: Case, table: Table, row: int) -> None:
    """What the contract says of the open row, and of its interest when one minor unit of its principal is paid."""
    due, principal, interest = table.rows[row]
    found = loan.view() | loan.owed(case.disbursement_day)
    balance, total = _sums(table.rows[row:])
    expected = {"row": row, "next_due_day": due, "balance_minor": balance, "overdue_minor": 0}
    expected |= {"current_due_minor": principal + interest, "total_minor": total}
    _require(case, found, expected, f"before row {row}")
    if principal > 1:
        loan.repay(interest + 1, row)
        _require(case, loan.view(), {"outstanding_principal_minor": balance - 1}, f"within row {row}")
    loan.repay(principal - 1 if principal > 1 else principal + interest, row + 1)


def _sums(rows: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """Principal, and principal and interest."""
    principal = sum(row[1] for row in rows)
    return principal, principal + sum(row[2] for row in rows)


def _require(case: Case, found: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    parts = [name for name in expected if found[name] != expected[name]]
    if parts:
        lines = [f"{where} {name} is {found[name]}, by the table {expected[name]}" for name in parts]
        raise Disagreement(case, lines)
