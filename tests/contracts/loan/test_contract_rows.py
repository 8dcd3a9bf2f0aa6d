"""The contract asks for exactly the rows that the twin says a payment needs."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.clients import ContractError, table_rows
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
from contracts.schedule import Method, Row, ScheduleTerms
from contracts.typed_data import digest
from scripts.workbench.system import FIRST_DAY, Draft, System, proven
from tests.contracts.loan.strategies import share_of_owed

MORE_THAN_OWED = 10**9


@pytest.fixture(scope="module")
def system() -> System:
    system = System.start()
    system.person()
    return system


@st.composite
def tables(draw: st.DrawFn) -> tuple[Row, ...]:
    """Rows of a million, some days apart, some of them with interest."""
    gaps = draw(st.lists(st.integers(1, 60), min_size=1, max_size=9))
    day, rows = FIRST_DAY + draw(st.integers(0, 30)), []
    for nr, gap in enumerate(gaps, 1):
        rows.append(Row(nr, day, 1_000_000 // len(gaps), draw(st.integers(0, 20)) if day > FIRST_DAY else 0))
        day += gap
    last = rows[-1]
    left = 1_000_000 - sum(row.principal_minor for row in rows[:-1])
    return (*rows[:-1], replace(last, principal_minor=left))


def _lend(system: System, table: tuple[Row, ...], grace: int, salt: int) -> tuple[bytes, LoanState]:
    terms = Draft(
        method=Method.CUSTOM,
        periods=len(table),
        period_length=0,
        first_due_day=table[0].due_day,
        anchor_day=0,
        grace_days=grace,
        salt=salt,
    )
    person = system.person()
    system.publish(person.subject)
    agreement = system.agreement(person, terms, table, latest_origination_day=FIRST_DAY)
    system.originate(person, agreement, table)
    system.mint(person.subject, 3_000_000)
    assert ScheduleTerms.of(agreement).method.is_table
    return digest(agreement, system.domain("LoanBook")), originate(agreement, table)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables(), st.integers(0, 20), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 110)), max_size=6))
def test_one_row_less_is_missed_and_one_more_does_no_harm(
    system: System, table: tuple[Row, ...], grace: int, life: list[tuple[int, int]]
) -> None:
    fresh = system.evm.snapshot()
    loan, state = _lend(system, table, grace, 1)
    day = FIRST_DAY
    for nonce, (wait, percent) in enumerate(life):
        day += wait
        system.at_day(day) if wait else None
        state = _touch(system, loan, state, day) if percent == 0 else _pay(system, loan, state, day, percent, nonce)
        if state.status is LoanStatus.CLOSED:
            break
    system.evm.restore(fresh)


def _pay(system: System, loan: bytes, state: LoanState, day: int, percent: int, nonce: int) -> LoanState:
    amount = share_of_owed(state, day, min(percent, 100)) + (MORE_THAN_OWED if percent > 100 else 0)
    needed = rows_needed(state, amount, day)
    if needed:
        assert _missed(lambda: system.pay(loan, amount, nonce, rows=proven(state.rows, *needed[:-1]))) == needed[-1]
    more = range(needed.start, min(needed.stop + 1, len(state.rows)))
    if percent > 100:
        with pytest.raises(ContractError, match=f"Overpayment.*owed_minor={owed(state, day).total_minor}"):
            system.pay(loan, amount, nonce, rows=table_rows(state.rows, more))
        return state
    system.pay(loan, amount, nonce, rows=table_rows(state.rows, more if needed else needed))
    return apply_payment(state, amount, day)[0]


def _touch(system: System, loan: bytes, state: LoanState, day: int) -> LoanState:
    needed = rows_needed(state, 0, day)
    if needed:
        rows = proven(state.rows, *needed[:-1])
        assert _missed(lambda: system.send("LoanBook", "recordArrears", loan, *([rows] if rows else []))) == needed[-1]
    try:
        after, _ = record_arrears(state, day)
    except ArrearsUnchanged:
        return state
    system.send("LoanBook", "recordArrears", loan, table_rows(state.rows, needed))
    return after


def _missed(act: Callable[[], object]) -> int:
    """The row that the contract says it was not brought."""
    with pytest.raises(ContractError) as refused:
        act()
    assert refused.value.name == "RowMissing"
    return int(refused.value.values["row"])
