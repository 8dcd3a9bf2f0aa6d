"""Random agreements, and lives of loans: payments, touches and the days between them."""

from typing import Any

from hypothesis import strategies as st

from contracts.loan import DEFAULT_WATERFALL, LoanState, originate, owed
from contracts.schedule import (
    DayCount,
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


def agreement(terms: ScheduleTerms, **changes: Any) -> Agreement:
    """An agreement over a schedule, with its levelled instalment and root."""
    instalment = level_instalment(terms)
    fields: dict[str, Any] = {
        "borrower": ANYONE,
        "lender": "0x" + "22" * 20,
        "currency": "0x" + "33" * 20,
        "principal_minor": terms.principal_minor,
        "method": 0,
        "rate_ppm": terms.rate_ppm,
        "periods": terms.periods,
        "period_unit": 0,
        "disbursement_day": terms.disbursement_day,
        "latest_origination_day": terms.disbursement_day + 3,
        "first_due_day": terms.first_due_day,
        "anchor_day": terms.anchor_day,
        "time_zone_minutes": 480,
        "day_count": terms.day_count,
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
        "schedule_root": schedule_root(derive(terms, instalment)),
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


@st.composite
def agreements(draw: st.DrawFn, max_periods: int = 12) -> Agreement:
    """Agreements that a LoanBook carries out."""
    start, anchor = draw(st.integers(18_000, 40_000)), draw(st.integers(1, 31))
    periods = draw(st.integers(1, max_periods))
    terms = ScheduleTerms(
        principal_minor=draw(st.integers(1_000 * periods, 10**8)),
        rate_ppm=draw(st.integers(0, 360_000)),
        periods=periods,
        disbursement_day=start,
        first_due_day=first_due_day(start, anchor),
        anchor_day=anchor,
        day_count=draw(st.sampled_from(DayCount)),
    )
    charges = {
        "grace_days": draw(st.integers(0, 40)),
        "late_fee_minor": draw(st.integers(0, 10_000)),
        "penalty_rate_ppm": draw(st.integers(0, 500_000)),
        "penalty_max_days": draw(st.integers(0, 400)),
        "waterfall": draw(st.sampled_from(WATERFALLS)),
    }
    try:
        return agreement(terms, **charges)
    except ScheduleDegenerate:
        return agreement(YEAR, **charges)


states = agreements().map(originate)
waits = st.integers(0, 70)
shares = st.integers(1, 100)


def share_of_owed(state: LoanState, day: int, percent: int) -> int:
    """A payment of some percent of everything owed, at least one minor unit."""
    return max(1, owed(state, day).total_minor * percent // 100)
