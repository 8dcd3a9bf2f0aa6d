"""Tables: rows of a formula, seasonal ones with deferred interest, and both with one thing wrong."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import cycle, islice
from typing import NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from contracts.schedule import (
    LAST_DAY,
    MAX_ROW_MINOR,
    DayCount,
    Method,
    ScheduleRefused,
    date_of,
    derive,
    level_instalment,
)
from tests.contracts.differential.case import Case, RowTuple
from tests.contracts.differential.strategies import (
    DISBURSEMENT_DAYS,
    FEES,
    MODES,
    between,
    draw_periods,
    draw_priced,
    draw_principal,
    draw_rate,
    formulas,
    once_in,
)
from tests.contracts.schedule import reference

PPM = 1_000_000
WHOLE = 1_000


@st.composite
def seasonal(draw: st.DrawFn, days: st.SearchStrategy[int] = DISBURSEMENT_DAYS) -> Case:
    """Days, principal and interest as they come: each row asks for some of what has accrued, some of what is left."""
    number = draw_periods(draw)
    case = Case(
        principal_minor=draw_principal(draw, number),
        rate_ppm=draw_rate(draw),
        periods=0,
        disbursement_day=draw(days),
        first_due_day=0,
        anchor_day=0,
        day_count=draw(between(0, DayCount.ACT_ACT_ISDA)),
        rounding=draw(MODES),
        method=draw(between(Method.CUSTOM, Method.CUSTOM_FLAT)),
        period_length=0,
        instalment_minor=0,
        upfront_fee_minor=draw(FEES),
        priced=draw_priced(draw, number),
    )
    first = draw(FIRST_DAYS)
    rows = _shared_out(case, _steps(case.disbursement_day, number, first, draw(SEASONS)))
    return replace(case, rows=tuple(rows), periods=len(rows), first_due_day=rows[0][0])


class Step(NamedTuple):
    """Days until a row, and what it asks for in permilles: of accrued interest, of an even part of the balance."""

    days: int
    of_interest: int
    of_principal: int


PERMILLES = st.one_of(st.just(WHOLE), st.just(0), st.integers(0, WHOLE))
GAPS = st.one_of(st.just(30), st.integers(1, 400), st.integers(28, 31))
SEASONS = st.lists(st.builds(Step, GAPS, PERMILLES, st.one_of(st.just(WHOLE), PERMILLES)), min_size=1, max_size=6)
FIRST_DAYS = st.one_of(st.integers(1, 100), st.just(0))


def _steps(start: int, number: int, first: int, season: Sequence[Step]) -> list[Step]:
    """The season over and over, with days since 1970 instead of days since the last row."""
    steps, day = [], start + first - season[0].days
    for step in islice(cycle(season), number):
        day += step.days
        if day > LAST_DAY:
            break
        steps.append(step._replace(days=day))
    return steps


def _shared_out(case: Case, steps: Sequence[Step]) -> list[RowTuple]:
    """The last row repays the rest; no row asks for nothing while there is enough to ask for."""
    rows: list[RowTuple] = []
    balance, accrued, previous = case.principal_minor, 0, case.disbursement_day
    for nr, step in enumerate(steps):
        base = case.principal_minor if case.method == Method.CUSTOM_FLAT else balance
        accrued += _accrued(case, base, previous, step.days)
        asked = min(accrued * step.of_interest // WHOLE, MAX_ROW_MINOR // 2)
        left = len(steps) - nr
        part = balance if left == 1 else min(2 * balance // left * step.of_principal // WHOLE, balance - 1)
        part = part or int(asked == 0 and balance > left)
        rows.append((step.days, part, asked))
        accrued -= asked
        balance -= part
        previous = step.days
    return rows


def _accrued(case: Case, base: int, start: int, end: int) -> int:
    time = reference.year_fraction(case.day_count, date_of(start), date_of(end))
    return reference.rounded(Fraction(base * case.rate_ppm, PPM) * time, case.rounding)


@st.composite
def of_formulas(draw: st.DrawFn) -> Case:
    """The rows of a formula as a table."""
    case = draw(formulas())
    case = replace(case, day_count=min(case.day_count, int(DayCount.ACT_ACT_ISDA)))
    terms = case.terms
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleRefused:
        assume(False)
    return Case.of(
        terms.as_table(rows),
        instalment_minor=0,
        upfront_fee_minor=case.upfront_fee_minor,
        rows=tuple((row.due_day, row.principal_minor, row.interest_minor) for row in rows),
        priced=case.priced,
    )


@st.composite
def corrupted(draw: st.DrawFn) -> Case:
    """A table with a row moved, raised, lowered, lost, doubled or exchanged."""
    case = draw(SOUND)
    rows = list(case.rows or ())
    nr = draw(between(0, len(rows) - 1))
    act = draw(between(0, 4))
    if act == 0:
        rows[nr] = _changed(rows[nr], draw(between(0, 2)), draw(CHANGES))
    elif act == 1:
        rows.insert(nr, rows[nr])
    elif act == 2:
        rows[nr], rows[0] = rows[0], rows[nr]
    elif act == 3:
        del rows[nr]
    else:
        rows[nr] = (rows[nr][0], 0, 0)
    if once_in(draw, 4) or not rows:
        return replace(case, rows=tuple(rows))
    return replace(case, rows=tuple(rows), periods=len(rows), first_due_day=rows[0][0])


SOUND = st.one_of(seasonal(), of_formulas())
CHANGES = st.one_of(
    st.sampled_from([1, -1]), st.integers(-400, 400), st.integers(-(2**44), 2**44), st.just(MAX_ROW_MINOR)
)


def _changed(row: RowTuple, field: int, change: int) -> RowTuple:
    limit = 2**32 - 1 if field == 0 else 2**112 - 1
    values = list(row)
    values[field] = max(0, min(limit, values[field] + change))
    due, principal, interest = values
    return due, principal, interest


def tables() -> st.SearchStrategy[Case]:
    """Tables that hold and tables that do not."""
    return st.one_of(seasonal(), of_formulas(), corrupted())
