"""Random schedules over the whole space that an agreement can name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from contracts.schedule import (
    DayCount,
    Levelling,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    Row,
    ScheduleRefused,
    ScheduleTerms,
    date_of,
    derive,
    due_day,
    first_due_day,
    level_instalment,
    month_index,
)

MAX_RATE_PPM, MAX_PRINCIPAL_MINOR, MAX_PERIODS = 2**24 - 1, 2**44 - 1, 480
FORMULAS = [method for method in Method if not method.is_table]
PLAIN_DAY_COUNTS = [day_count for day_count in DayCount if day_count != DayCount.MONTHS_360]
DAYS = st.one_of(st.integers(18_000, 40_000), st.integers(0, 100_000))
RATES = st.one_of(st.integers(0, 360_000), st.just(0), st.integers(0, MAX_RATE_PPM))


@dataclass(frozen=True)
class Derived:
    """Terms with the rows that follow from them."""

    terms: ScheduleTerms
    instalment_minor: int
    rows: list[Row]

    def balances(self) -> list[int]:
        """At each row's start, and after the last."""
        left = [self.terms.principal_minor]
        for row in self.rows:
            left.append(left[-1] - row.principal_minor)
        return left


@st.composite
def terms_of_any_shape(draw: st.DrawFn, max_periods: int = 40, methods: Sequence[Method] = FORMULAS) -> ScheduleTerms:
    """Terms within every limit, whether their rows are sound or not."""
    method = draw(st.sampled_from(methods))
    periods = 1 if method == Method.BULLET else draw(st.integers(1, max_periods))
    moratorium = draw(st.one_of(st.just(0), st.integers(0, periods - 1))) if method.has_instalment else 0
    return ScheduleTerms(
        **draw(_calendars()),
        principal_minor=draw(st.one_of(st.integers(1_000 * periods, 10**9), st.integers(1, MAX_PRINCIPAL_MINOR))),
        rate_ppm=draw(RATES),
        periods=periods,
        multiple_minor=draw(st.sampled_from([1, 1, 10, 100])),
        rounding=draw(roundings(method)),
        method=method,
        interest_only_periods=moratorium,
    )


@st.composite
def roundings(draw: st.DrawFn, method: Method) -> Rounding:
    """Any rounding that the method has a use for."""
    residues = list(Residue) if method == Method.EQUAL_PRINCIPAL else [Residue.LAST]
    mode, levelling = draw(st.sampled_from(RoundingMode)), draw(st.sampled_from(Levelling))
    return Rounding(mode, draw(st.sampled_from(residues)), levelling)


@st.composite
def _calendars(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(DAYS)
    if draw(st.booleans()):
        length = draw(st.one_of(st.sampled_from([1, 7, 14, 30]), st.integers(1, 3_660)))
        first = start + draw(st.one_of(st.just(length), st.integers(1, 3_660)))
        unit, anchor, day_counts = PeriodUnit.DAY, 0, PLAIN_DAY_COUNTS
    else:
        length = draw(st.one_of(st.just(1), st.sampled_from([3, 6, 12]), st.integers(1, 120)))
        anchor = draw(st.integers(1, 31))
        months = draw(st.one_of(st.just(0), st.integers(0, 100)))
        first = due_day(month_index(first_due_day(start, anchor)), anchor, months)
        unit, day_counts = PeriodUnit.MONTH, list(DayCount)
    return {
        "disbursement_day": start,
        "first_due_day": first,
        "anchor_day": anchor,
        "day_count": draw(st.sampled_from(day_counts)),
        "period_unit": unit,
        "period_length": length,
    }


@st.composite
def schedules(draw: st.DrawFn, max_periods: int = 40, methods: Sequence[Method] = FORMULAS) -> Derived:
    """Terms that carry their schedule at the levelled instalment, and its rows.

    A rate that is too high for the periods is halved until it is not.
    """
    terms = draw(terms_of_any_shape(max_periods, methods))
    for _ in range(24):
        instalment = level_instalment(terms)
        try:
            return Derived(terms, instalment, derive(terms, instalment))
        except ScheduleRefused:
            terms = replace(terms, rate_ppm=terms.rate_ppm // 2)
    assume(False)
    raise AssertionError


@st.composite
def tables(draw: st.DrawFn, max_periods: int = 12) -> Derived:
    """Formula rows that are agreed as a table (by day counts that a table can have)."""
    found = draw(schedules(max_periods))
    assume(found.terms.day_count != DayCount.MONTHS_360)
    assume(found.rows[-1].due_day <= 115_000)
    return Derived(found.terms.as_table(found.rows), 0, found.rows)


def is_month_end(day: int) -> bool:
    """Whether the next day is a first."""
    return date_of(day + 1).day == 1
