"""LoanBook.deriveSchedule against the calendar and against the Python twin."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contracts.schedule import ScheduleDegenerate, ScheduleTerms, day_of, derive, due_day, month_index, schedule_root
from contracts.typed_data import Agreement
from scripts.workbench.system import Draft, Person, System
from tests.contracts.solidity.conftest import Refused

ANYONE = Person(None, "0x" + "50" * 20)  # type: ignore[arg-type]


def _dates(system: System, agreement: Agreement) -> list[str]:
    rows = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    return [str(dt.date(1970, 1, 1) + dt.timedelta(days=row >> 224)) for row in rows]


def test_the_end_of_the_month_is_kept(system: System) -> None:
    dates = _dates(system, system.agreement(ANYONE, Draft(periods=4)))
    assert dates == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_a_leap_year_has_its_29_february(system: System) -> None:
    start = day_of(dt.date(2028, 1, 31))
    draft = Draft(disbursement_day=start, first_due_day=start + 29, periods=2)
    assert _dates(system, system.agreement(ANYONE, draft)) == ["2028-02-29", "2028-03-31"]


def test_centuries_are_not_leap_years(system: System) -> None:
    start = day_of(dt.date(2100, 1, 31))
    draft = Draft(disbursement_day=start, first_due_day=start + 28, periods=2)
    assert _dates(system, system.agreement(ANYONE, draft)) == ["2100-02-28", "2100-03-31"]


def test_the_rows_repay_the_principal_exactly(system: System) -> None:
    agreement = system.agreement(ANYONE, Draft(periods=60))
    rows = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    assert sum(row >> 112 & (1 << 112) - 1 for row in rows) == agreement.principal_minor


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    start = draw(st.integers(20_000, 40_000))
    anchor = draw(st.integers(1, 31))
    month = month_index(start)
    first = next(due_day(month, anchor, k) for k in (0, 1) if due_day(month, anchor, k) > start)
    return Draft(
        principal_minor=draw(st.integers(10_000, 50_000_000)),
        rate_ppm=draw(st.integers(0, 240_000)),
        periods=draw(st.integers(1, 60)),
        disbursement_day=start,
        first_due_day=first,
        anchor_day=anchor,
        day_count=draw(st.integers(0, 2)),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts())
def test_the_contract_derives_the_twins_table(system: System, draft: Draft) -> None:
    try:
        agreement = system.agreement(ANYONE, draft)
    except ScheduleDegenerate:
        assume(False)
    rows = derive(ScheduleTerms.of(agreement), agreement.instalment_minor)
    found = system.read("LoanBook", "deriveSchedule", agreement)
    assert found["rows"] == [row.word for row in rows]
    assert found["root"] == schedule_root(rows)


@pytest.mark.parametrize("instalment", [1, 9_205, 9_206, 88_000, 91_000, 95_000, 500_000, 1_009_206, 2_000_000])
@pytest.mark.parametrize("periods", [1, 2, 12])
def test_both_refuse_the_same_instalments(system: System, refused: Refused, instalment: int, periods: int) -> None:
    draft = Draft(periods=periods, instalment_minor=instalment)
    agreement = system.agreement(ANYONE, draft, schedule_root=bytes(32))
    terms = ScheduleTerms.of(replace(agreement))
    try:
        rows = derive(terms, instalment)
    except ScheduleDegenerate as refusal:
        values = {"interest_minor": refusal.interest_minor, "balance_minor": refusal.balance_minor}
        with refused("ScheduleDegenerate", row=refusal.row, **values):
            system.read("LoanBook", "deriveSchedule", agreement)
    else:
        assert system.read("LoanBook", "deriveSchedule", agreement)["rows"] == [row.word for row in rows]
