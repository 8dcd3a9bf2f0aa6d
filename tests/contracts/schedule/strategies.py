"""Random terms that a lender could mean."""

from hypothesis import strategies as st

from contracts.schedule import DayCount, Rounding, RoundingMode, ScheduleTerms, first_due_day

DAYS = st.integers(18_000, 40_000)


@st.composite
def schedule_terms(draw: st.DrawFn, max_periods: int = 60) -> ScheduleTerms:
    """Monthly annuities of some size, up to 36 % a year, first due one to two months after disbursement."""
    disbursement_day, anchor_day = draw(DAYS), draw(st.integers(1, 31))
    periods = draw(st.integers(1, max_periods))
    return ScheduleTerms(
        principal_minor=draw(st.integers(1_000 * periods, 10**9)),
        rate_ppm=draw(st.integers(0, 360_000)),
        periods=periods,
        disbursement_day=disbursement_day,
        first_due_day=first_due_day(disbursement_day, anchor_day),
        anchor_day=anchor_day,
        day_count=draw(st.sampled_from(DayCount)),
        multiple_minor=draw(st.sampled_from([1, 1, 10, 100])),
        rounding=Rounding(draw(st.sampled_from(RoundingMode))),
    )
