"""Random agreements of every shape, and lives of loans: payments, touches and the days between them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from hypothesis import strategies as st

from contracts.loan import DEFAULT_WATERFALL, LoanState, originate, owed
from contracts.schedule import (
    DayCount,
    Levelling,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    Row,
    ScheduleDegenerate,
    ScheduleTerms,
    derive,
    first_due_day,
    level_instalment,
    schedule_root,
)
from contracts.typed_data import Agreement

WATERFALLS = (0x1234, 0x3412, 0x2134, 0x1324, 0x3241, 0x3124)
ANYONE = "0x" + "11" * 20
FORMULAS = tuple(method for method in Method if not method.is_table)


class Agreed(NamedTuple):
    """An agreement with the table it is over, if it is over one."""

    agreement: Agreement
    table: tuple[Row, ...] = ()


def agreement(terms: ScheduleTerms, table: Sequence[Row] = (), **changes: Any) -> Agreement:
    """An agreement over a schedule, with the instalment of its rounding and its root."""
    instalment = level_instalment(terms)
    rows = table or derive(terms, instalment)
    fields: dict[str, Any] = {
        "borrower": ANYONE,
        "lender": "0x" + "22" * 20,
        "currency": "0x" + "33" * 20,
        "principal_minor": terms.principal_minor,
        "method": int(terms.method),
        "rate_ppm": terms.rate_ppm,
        "periods": terms.periods,
        "period_unit": int(terms.period_unit),
        "period_length": terms.period_length,
        "interest_only_periods": terms.interest_only_periods,
        "disbursement_day": terms.disbursement_day,
        "latest_origination_day": min(terms.disbursement_day + 3, terms.first_due_day - (not table)),
        "first_due_day": terms.first_due_day,
        "anchor_day": terms.anchor_day,
        "time_zone_minutes": 480,
        "day_count": int(terms.day_count),
        "rounding": terms.rounding.word,
        "instalment_minor": instalment,
        "instalment_multiple_minor": terms.multiple_minor,
        "upfront_fee_minor": 0,
        "apr_ppm": 0,
        "grace_days": 3,
        "late_fee_minor": 2_000,
        "penalty_rate_ppm": 180_000,
        "penalty_max_days": 90,
        "waterfall": DEFAULT_WATERFALL,
        "cooling_off_days": 0,
        "product_id": bytes(32),
        "score_report": bytes(32),
        "document_hash": bytes(32),
        "schedule_root": schedule_root(terms.method, rows),
        "salt": bytes(32),
        "deadline": 2**63,
    }
    return Agreement(**(fields | changes))


YEAR = ScheduleTerms(
    principal_minor=1_000_000,
    rate_ppm=120_000,
    periods=12,
    disbursement_day=20_468,  # 2026-01-15
    first_due_day=20_499,
    anchor_day=15,
    day_count=DayCount.ACT_365F,
)
AGREEMENT = agreement(YEAR)


QUARTERLY = replace(YEAR, method=Method.EQUAL_PRINCIPAL, period_length=3, periods=8, first_due_day=20_558)
FORTNIGHTLY = replace(
    YEAR,
    method=Method.FLAT,
    period_unit=PeriodUnit.DAY,
    period_length=14,
    first_due_day=YEAR.disbursement_day + 14,
    anchor_day=0,
    interest_only_periods=2,
)
BALLOON = replace(YEAR, method=Method.INTEREST_ONLY, day_count=DayCount.MONTHS_360)
BULLET = replace(
    YEAR, method=Method.BULLET, periods=1, period_length=12, first_due_day=20_833, day_count=DayCount.ACT_ACT_ISDA
)
SHAPES = (YEAR, QUARTERLY, FORTNIGHTLY, BALLOON, BULLET)

HARVESTS = (Row(1, 20_468, 200_000, 0), Row(2, 20_650, 300_000, 40_000), Row(3, 21_015, 500_000, 50_000))
"""A tenth is paid down at once, the rest after two harvests, not all accrued interest asked for."""
SEASONAL = YEAR.as_table(HARVESTS)
TABLE_AGREEMENT = agreement(SEASONAL, HARVESTS)

ROUNDINGS = st.builds(Rounding, st.sampled_from(RoundingMode), st.just(Residue.LAST), st.sampled_from(Levelling))


@st.composite
def schedules(draw: st.DrawFn, max_periods: int = 12) -> ScheduleTerms:
    """Terms of every method with a formula."""
    method, unit = draw(st.sampled_from(FORMULAS)), draw(st.sampled_from(PeriodUnit))
    start = draw(st.integers(18_000, 40_000))
    anchor = draw(st.integers(1, 31)) if unit == PeriodUnit.MONTH else 0
    periods = 1 if method == Method.BULLET else draw(st.integers(1, max_periods))
    length = draw(st.integers(1, 6) if unit == PeriodUnit.MONTH else st.integers(1, 100))
    moratorium = draw(st.integers(0, min(2, periods - 1))) if method.has_instalment else 0
    counts = [count for count in DayCount if unit == PeriodUnit.MONTH or count != DayCount.MONTHS_360]
    return ScheduleTerms(
        principal_minor=draw(st.integers(1_000 * periods, 10**8)),
        rate_ppm=draw(st.integers(0, 360_000)),
        periods=periods,
        disbursement_day=start,
        first_due_day=first_due_day(start, anchor) if unit == PeriodUnit.MONTH else start + length,
        anchor_day=anchor,
        day_count=draw(st.sampled_from(counts)),
        multiple_minor=draw(st.sampled_from((1, 1, 100))),
        rounding=draw(ROUNDINGS),
        method=method,
        period_unit=unit,
        period_length=length,
        interest_only_periods=moratorium,
    )


@st.composite
def agreed(draw: st.DrawFn, max_periods: int = 12) -> Agreed:
    """Agreements that a LoanBook carries out, some of them over a table."""
    terms = draw(schedules(max_periods))
    charges: dict[str, Any] = {
        "grace_days": draw(st.integers(0, 40)),
        "late_fee_minor": draw(st.integers(0, 10_000)),
        "penalty_rate_ppm": draw(st.integers(0, 500_000)),
        "penalty_max_days": draw(st.integers(0, 400)),
        "waterfall": draw(st.sampled_from(WATERFALLS)),
    }
    try:
        rows = derive(terms, level_instalment(terms))
    except ScheduleDegenerate:
        return Agreed(agreement(draw(st.sampled_from(SHAPES)), **charges))
    if terms.day_count == DayCount.MONTHS_360 or draw(st.booleans()):
        return Agreed(agreement(terms, **charges))
    return as_table(terms, rows, draw(st.integers(0, 3)), charges)


def as_table(terms: ScheduleTerms, rows: Sequence[Row], waived: int, charges: dict[str, Any]) -> Agreed:
    """The same rows as a table, the interest of the first few waived where they repay principal."""
    table = [replace(row, interest_minor=0) if row.nr <= waived and row.principal_minor else row for row in rows]
    return Agreed(agreement(terms.as_table(table), table, **charges), tuple(table))


states = agreed().map(lambda one: originate(one.agreement, one.table))
waits = st.integers(0, 70)
shares = st.integers(1, 100)


def share_of_owed(state: LoanState, day: int, percent: int) -> int:
    """A payment of some percent of everything owed, at least one minor unit."""
    return max(1, owed(state, day).total_minor * percent // 100)
