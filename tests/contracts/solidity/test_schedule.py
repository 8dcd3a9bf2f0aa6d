"""LoanBook.deriveSchedule against the calendar and against rows worked out by hand.

Random agreements are held against the twins in tests/contracts/differential.
"""

import datetime as dt
from calendar import isleap
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    ScheduleDegenerate,
    ScheduleTerms,
    day_of,
    derive,
)
from contracts.typed_data import Agreement
from scripts.workbench.system import Draft, Person, System
from tests.contracts.conftest import Refused

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


def _rows(system: System, draft: Draft, **changes: Any) -> list[tuple[int, int]]:
    """Principal and interest of each row."""
    agreement = system.agreement(ANYONE, draft, schedule_root=bytes(32), **changes)
    rows = system.read("LoanBook", "deriveSchedule", agreement)["rows"]
    return [(row >> 112 & (1 << 112) - 1, row & (1 << 112) - 1) for row in rows]


ONE_PERCENT = Draft(
    principal_minor=1_200_000,
    rate_ppm=120_000,
    disbursement_day=day_of(dt.date(2026, 1, 15)),
    first_due_day=day_of(dt.date(2026, 2, 15)),
    anchor_day=15,
    day_count=DayCount.MONTHS_360,
)
"""A year at one percent a month."""


def test_equal_principal_pays_ever_less_interest(system: System) -> None:
    rows = _rows(system, replace(ONE_PERCENT, method=Method.EQUAL_PRINCIPAL))
    assert rows == [(100_000, 12_000 - 1_000 * row) for row in range(12)]


def test_interest_only_repays_at_the_end(system: System) -> None:
    rows = _rows(system, replace(ONE_PERCENT, method=Method.INTEREST_ONLY))
    assert rows == [(0, 12_000)] * 11 + [(1_200_000, 12_000)]


def test_flat_interest_stays(system: System) -> None:
    assert _rows(system, replace(ONE_PERCENT, method=Method.FLAT)) == [(100_000, 12_000)] * 12


def test_a_bullet_is_one_row(system: System) -> None:
    quarter = replace(ONE_PERCENT, method=Method.BULLET, periods=1, first_due_day=day_of(dt.date(2026, 4, 15)))
    assert _rows(system, quarter) == [(1_200_000, 36_000)]


def test_an_annuity_pays_the_same_each_month(system: System) -> None:
    rows = _rows(system, replace(ONE_PERCENT, periods=3))
    assert rows == [(396_027, 12_000), (399_987, 8_040), (403_986, 4_040)]
    assert round(1_200_000 * 0.01 / (1 - 1.01**-3)) == 408_027


@pytest.mark.parametrize("method", [Method.EQUAL_PRINCIPAL, Method.FLAT])
def test_interest_only_periods_come_first(system: System, method: Method) -> None:
    rows = _rows(system, replace(ONE_PERCENT, method=method, periods=4, interest_only_periods=2))
    later = 6_000 if method == Method.EQUAL_PRINCIPAL else 12_000
    assert rows == [(0, 12_000), (0, 12_000), (600_000, 12_000), (600_000, later)]


def test_an_annuity_may_rest_until_its_last_row(system: System) -> None:
    rows = _rows(system, replace(ONE_PERCENT, periods=3, interest_only_periods=2))
    assert rows == [(0, 12_000), (0, 12_000), (1_200_000, 12_000)]


@pytest.mark.parametrize(("residue", "parts"), [(Residue.LAST, [33, 33, 34]), (Residue.FIRST, [34, 33, 33])])
def test_the_residue_goes_where_agreed(system: System, residue: Residue, parts: list[int]) -> None:
    draft = replace(ONE_PERCENT, method=Method.EQUAL_PRINCIPAL, periods=3, principal_minor=100)
    rows = _rows(system, replace(draft, rounding=Rounding(residue=residue).word), instalment_minor=33)
    assert [principal for principal, _ in rows] == parts


@pytest.mark.parametrize("rests", [0, 1])
def test_a_first_residue_below_one_is_refused(system: System, refused: Refused, rests: int) -> None:
    draft = replace(ONE_PERCENT, method=Method.EQUAL_PRINCIPAL, periods=3 + rests, principal_minor=100)
    draft = replace(draft, rounding=Rounding(residue=Residue.FIRST).word, interest_only_periods=rests)
    assert _rows(system, draft, instalment_minor=49)[rests][0] == 2
    for instalment in (50, 51):
        with refused("ScheduleDegenerate", row=rests, interest_minor=1, balance_minor=100):
            _rows(system, draft, instalment_minor=instalment)


@pytest.mark.parametrize(
    ("principal", "charged"), [(50, (1, 0, 1, 0)), (150, (2, 2, 2, 1)), (149, (1, 1, 2, 1)), (151, (2, 2, 2, 1))]
)
def test_a_half_is_rounded_by_the_agreed_mode(system: System, principal: int, charged: tuple[int, ...]) -> None:
    """One percent of these is 0.50, 1.50, 1.49 and 1.51."""
    for mode in RoundingMode:
        draft = replace(ONE_PERCENT, method=Method.BULLET, periods=1, principal_minor=principal, rounding=mode)
        assert _rows(system, draft) == [(principal, charged[mode])]


SPANS = [
    ("2026-01-31", "2026-02-28", (28, 28, 28, 28, 28)),
    ("2026-02-28", "2026-03-31", (31, 31, 32, 30, 31)),
    ("2028-02-28", "2028-03-31", (32, 32, 32, 33, 32)),
    ("2028-02-29", "2028-03-31", (31, 31, 31, 30, 31)),
    ("2026-02-28", "2028-02-29", (731, 731, 721, 720, 731)),
    ("2026-01-30", "2026-03-31", (60, 60, 60, 60, 60)),
    ("2026-01-29", "2026-03-31", (61, 61, 61, 62, 61)),
    ("2026-08-31", "2026-09-30", (30, 30, 30, 30, 30)),
]
"""Days of ACT/365F, ACT/360, 30E/360, 30/360 US and the days that ACT/ACT has in common and leap years together."""


def _in_leap_years(start: dt.date, end: dt.date) -> int:
    days = (start + dt.timedelta(days=day) for day in range((end - start).days))
    return sum(isleap(day.year) for day in days)


@pytest.mark.parametrize(("start", "end", "spans"), SPANS)
@pytest.mark.parametrize("day_count", list(DayCount)[:5])
def test_days_are_counted_as_agreed(
    system: System, day_count: DayCount, start: str, end: str, spans: tuple[int, ...]
) -> None:
    begin, due = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    exact = Fraction(spans[day_count], 365 if day_count == DayCount.ACT_365F else 360)
    if day_count == DayCount.ACT_ACT_ISDA:
        leap = _in_leap_years(begin, due)
        exact = Fraction(spans[day_count] - leap, 365) + Fraction(leap, 366)
    draft = replace(ONE_PERCENT, method=Method.BULLET, periods=1, rate_ppm=1_000_000, rounding=RoundingMode.DOWN)
    draft = replace(draft, principal_minor=10**9, period_unit=PeriodUnit.DAY, anchor_day=0, day_count=day_count)
    draft = replace(draft, disbursement_day=day_of(begin), first_due_day=day_of(due))
    assert _rows(system, draft) == [(10**9, int(10**9 * exact))]


@pytest.mark.parametrize(
    ("start", "first", "parts"),
    [
        ("2026-01-15", "2026-02-15", 30),
        ("2026-01-16", "2026-02-15", 30),
        ("2026-01-14", "2026-02-15", 31),
        ("2025-12-31", "2026-02-15", 45),
        ("2025-11-15", "2026-02-15", 90),
        ("2026-02-14", "2026-02-15", 1),
    ],
)
def test_first_months_are_counted_back_from_the_due_day(system: System, start: str, first: str, parts: int) -> None:
    draft = replace(ONE_PERCENT, method=Method.BULLET, periods=1, disbursement_day=day_of(dt.date.fromisoformat(start)))
    draft = replace(draft, first_due_day=day_of(dt.date.fromisoformat(first)))
    assert _rows(system, draft) == [(1_200_000, 400 * parts)]


def test_first_months_end_on_the_last_day_of_a_shorter_one(system: System) -> None:
    """From 28 February, the anchor day 31 of that month, it is one month to 31 March; from the 27th a day more."""
    march = replace(ONE_PERCENT, method=Method.BULLET, periods=1, anchor_day=31)
    march = replace(march, first_due_day=day_of(dt.date(2026, 3, 31)))
    for date, parts in ((28, 30), (27, 31)):
        draft = replace(march, disbursement_day=day_of(dt.date(2026, 2, date)))
        assert _rows(system, draft) == [(1_200_000, 400 * parts)]


def test_periods_have_any_length(system: System) -> None:
    quarters = Draft(periods=3, period_length=3)
    assert _dates(system, system.agreement(ANYONE, quarters)) == ["2026-02-28", "2026-05-31", "2026-08-31"]
    fortnights = Draft(periods=3, period_unit=PeriodUnit.DAY, period_length=14, anchor_day=0)
    assert _dates(system, system.agreement(ANYONE, fortnights)) == ["2026-02-28", "2026-03-14", "2026-03-28"]


def test_a_row_that_would_pay_nothing_is_refused(system: System, refused: Refused) -> None:
    free = replace(ONE_PERCENT, rate_ppm=0, periods=3)
    with refused("ScheduleDegenerate", row=0, interest_minor=0, balance_minor=1_200_000):
        _rows(system, replace(free, method=Method.INTEREST_ONLY))
    with refused("ScheduleDegenerate", row=0, interest_minor=0):
        _rows(system, replace(free, interest_only_periods=1))
    assert _rows(system, free) == [(400_000, 0)] * 3
    assert _rows(system, replace(free, method=Method.INTEREST_ONLY, periods=1)) == [(1_200_000, 0)]


EQUAL_PARTS = replace(ONE_PERCENT, method=Method.EQUAL_PRINCIPAL, periods=3)


@pytest.mark.parametrize("instalment", [300_000, 400_000, 599_999])
def test_equal_parts_leave_the_rest_to_the_last(system: System, instalment: int) -> None:
    assert _rows(system, EQUAL_PARTS, instalment_minor=instalment)[-1][0] == 1_200_000 - 2 * instalment


@pytest.mark.parametrize(("instalment", "row"), [(299_999, 2), (600_000, 1), (1_200_000, 0)])
def test_equal_parts_too_small_or_too_large_are_refused(
    system: System, refused: Refused, instalment: int, row: int
) -> None:
    """The last row would be more than two of them, or would have nothing left."""
    with refused("ScheduleDegenerate", row=row, balance_minor=1_200_000 - row * instalment):
        _rows(system, EQUAL_PARTS, instalment_minor=instalment)
