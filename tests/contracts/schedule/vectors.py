"""The agreements of the golden file: every method, day count, rounding, period and table, and every refusal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

from contracts.schedule import (
    DayCount,
    Levelling,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    Row,
    ScheduleTerms,
    day_of,
    derive,
    first_due_day,
    level_instalment,
)

FORMULAS = [method for method in Method if not method.is_table]


_DAYS: dict[str, Any] = {"period_unit": PeriodUnit.DAY, "period_length": 1}


@dataclass(frozen=True)
class Vector:
    """An agreement to write down; `rows` is a table's, `instalment_minor` None the levelled one."""

    id: str
    terms: ScheduleTerms
    fee_minor: int = 0
    rows: tuple[Row, ...] = ()
    instalment_minor: int | None = None


def day(text: str) -> int:
    """The day number of an ISO date."""
    return day_of(date.fromisoformat(text))


def monthly(disbursed: str, first_due: str, anchor: int, **terms: Any) -> ScheduleTerms:
    """Terms by months; a loan of 10,000.00 at 14.5 % over 6 rows unless told."""
    start, due = day(disbursed), day(first_due)
    usual: dict[str, Any] = {"principal_minor": 1_000_000, "rate_ppm": 145_000, "periods": 6}
    return ScheduleTerms(
        **usual | {"day_count": DayCount.ACT_365F} | terms,
        disbursement_day=start,
        first_due_day=due,
        anchor_day=anchor,
    )


def daily(disbursed: str, first_due: str, length: int, **terms: Any) -> ScheduleTerms:
    """Terms by so many days, otherwise as `monthly`."""
    return monthly(disbursed, first_due, 0, period_unit=PeriodUnit.DAY, period_length=length, **terms)


def vectors() -> Iterator[Vector]:
    """All agreements that a LoanBook accepts, in the order of the file."""
    yield from _annuities()
    yield from _methods_and_day_counts()
    yield from _roundings()
    yield from _periods()
    yield from _moratoria()
    yield from _limits()
    yield from _tables()


def _annuities() -> Iterator[Vector]:
    thirty, act_360 = DayCount.THIRTY_E_360, DayCount.ACT_360
    yield Vector("plain year", monthly("2026-01-15", "2026-02-15", 15, principal_minor=1_200_000, periods=12), 24_000)
    leap = monthly("2027-12-31", "2028-01-31", 31, principal_minor=500_000, rate_ppm=240_000, periods=12)
    yield Vector("month end through a leap February", leap, 10_000)
    ends = monthly("2026-01-31", "2026-02-28", 31, principal_minor=100_000, rate_ppm=120_000, day_count=thirty)
    yield Vector("month end 30E/360", ends, 2_000)
    long_first = monthly("2026-01-20", "2026-03-20", 20, principal_minor=100_000, rate_ppm=180_000, periods=10)
    yield Vector("first period of two months", replace(long_first, day_count=act_360), 2_000)
    free = monthly("2026-03-05", "2026-04-05", 5, principal_minor=100_000, rate_ppm=0, periods=7)
    yield Vector("zero interest", free, 2_000)
    yield Vector("one row", replace(free, rate_ppm=360_000, periods=1), 2_000)
    yuan = monthly("2026-05-29", "2026-06-29", 29, principal_minor=888_888, rate_ppm=99_900, periods=24)
    yield Vector("whole yuan instalments", replace(yuan, multiple_minor=100), 17_777)
    forty = monthly("2026-02-28", "2026-03-28", 28, principal_minor=10**10, rate_ppm=43_500, periods=480)
    yield Vector("forty years", replace(forty, day_count=thirty), 200_000_000)
    short = monthly("2026-01-20", "2026-02-05", 5, principal_minor=2_345_678, rate_ppm=215_000, periods=18)
    yield Vector("a short first period", short, 46_913)
    small = monthly("2026-07-01", "2026-08-01", 1, principal_minor=101, rate_ppm=360_000, periods=3)
    yield Vector("small loan, odd cents", replace(small, day_count=act_360), 2)
    dear = monthly("2026-10-10", "2026-11-10", 10, principal_minor=5_000_000, rate_ppm=360_000, periods=36)
    yield Vector("highest rate", replace(dear, multiple_minor=10), 100_000)
    thirtieth = monthly("2026-11-30", "2026-12-30", 30, principal_minor=777_777, rate_ppm=88_800, periods=5)
    yield Vector("day 30 through February", replace(thirtieth, day_count=thirty), 15_555)


def _methods_and_day_counts() -> Iterator[Vector]:
    """Each method by each day count, over a year's end and the end of a leap February."""
    for method, day_count in product(FORMULAS, DayCount):
        periods = 1 if method == Method.BULLET else 7
        terms = monthly("2027-10-31", "2027-11-30", 31, method=method, day_count=day_count, periods=periods)
        yield Vector(f"{method.name} by {day_count.name}", terms, 12_345)


def _roundings() -> Iterator[Vector]:
    """Each method by each mode, with the rules for residue and levelling that it has."""
    for method, mode in product(FORMULAS, RoundingMode):
        for residue, levelling in product(Residue, Levelling):
            if residue == Residue.LAST or method == Method.EQUAL_PRINCIPAL:
                rounding = Rounding(mode, residue, levelling)
                periods = 1 if method == Method.BULLET else 7
                terms = monthly("2026-03-31", "2026-04-30", 30, rate_ppm=111_111, periods=periods, method=method)
                named = f"{method.name} rounded {mode.name}, residue {residue.name}, {levelling.name}"
                yield Vector(named, replace(terms, rounding=rounding, multiple_minor=10), 1)
    for levelling in Levelling:
        moved = monthly("2026-01-15", "2026-02-15", 15, principal_minor=163_352, rate_ppm=120_000, periods=24)
        named = f"an instalment that levelling moves, {levelling.name}"
        yield Vector(named, replace(moved, rounding=Rounding(levelling=levelling)))
    halves = monthly("2026-01-01", "2026-02-01", 1, principal_minor=36_500, rate_ppm=100_000, periods=4)
    for mode in RoundingMode:
        terms = replace(halves, method=Method.FLAT, day_count=DayCount.MONTHS_360, rate_ppm=6_000)
        yield Vector(
            f"exact halves rounded {mode.name}", replace(terms, rounding=Rounding(mode), principal_minor=1_000)
        )


def _periods() -> Iterator[Vector]:
    for method in (Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.FLAT):
        shape: dict[str, Any] = {"method": method, "periods": 5, "rate_ppm": 14_500}
        for length in (2, 3, 6, 12, 120):
            terms = monthly("2026-01-31", "2026-02-28", 31, period_length=length, **shape)
            yield Vector(f"{method.name} every {length} months", terms, 5_000)
        for length in (1, 7, 10, 14, 28, 90, 3_660):
            terms = daily("2026-12-20", "2027-01-04", length, **shape)
            yield Vector(f"{method.name} every {length} days", terms, 5_000)
    for day_count in DayCount:
        if day_count != DayCount.MONTHS_360:
            terms = daily("2027-12-18", "2028-01-01", 14, periods=9, day_count=day_count)
            yield Vector(f"fortnights by {day_count.name}", terms)
        odd = monthly("2026-12-11", "2028-02-29", 31, day_count=day_count)
        yield Vector(f"a first period of 14 months and days by {day_count.name}", odd)
        yield Vector(f"half-years by {day_count.name}", replace(odd, period_length=6))
    yield Vector("odd days before a 29 February", monthly("2028-02-20", "2028-03-29", 29), 500_000)
    anchors = [(28, "2027-02-28"), (29, "2027-02-28"), (30, "2028-02-29"), (31, "2100-02-28")]
    for anchor, first in anchors:
        start = day(first) - 40
        terms = replace(monthly(first, first, anchor, day_count=DayCount.THIRTY_360_US), disbursement_day=start)
        yield Vector(f"day {anchor} from {first}", terms)


def _moratoria() -> Iterator[Vector]:
    for method, interest_only in product((Method.ANNUITY, Method.EQUAL_PRINCIPAL, Method.FLAT), (1, 4, 11)):
        terms = monthly("2026-06-15", "2026-07-15", 15, periods=12, method=method, interest_only_periods=interest_only)
        yield Vector(f"{method.name} after {interest_only} of interest only", terms, 8_000)
    first = monthly("2026-06-15", "2026-07-15", 15, periods=8, method=Method.EQUAL_PRINCIPAL, interest_only_periods=3)
    rounding = Rounding(RoundingMode.DOWN, Residue.FIRST)
    yield Vector("the first row of principal takes the residue", replace(first, rounding=rounding, multiple_minor=7))


def _limits() -> Iterator[Vector]:
    start = 100_000
    due = first_due_day(start, 31)
    latest = ScheduleTerms(2**38, 20_000, 480, start, due, 31, DayCount.ACT_ACT_ISDA)
    yield Vector("disbursed on the last possible day", latest)
    days = replace(
        latest, periods=5, first_due_day=100_360, anchor_day=0, rate_ppm=9_999, **_DAYS | {"period_length": 3_660}
    )
    yield Vector("periods of ten years until the last day of all", days)
    yield Vector("the longest first period", replace(days, principal_minor=2**37, periods=1, first_due_day=103_660))
    most = monthly("2026-01-01", "2026-01-02", 0, principal_minor=2**44 - 1, rate_ppm=1, periods=480)
    yield Vector("the largest principal", replace(most, **_DAYS))
    dearest = monthly("2026-01-01", "2026-01-02", 0, rate_ppm=2**24 - 1, periods=30)
    yield Vector("the highest rate of all", replace(dearest, **_DAYS))
    cent = monthly("1970-01-01", "1970-02-01", 1, principal_minor=1, rate_ppm=0, periods=1)
    yield Vector("one cent on the first day of all", cent)
    yield Vector("the highest anchor by all day counts", monthly("2023-12-31", "2024-01-31", 31, periods=3, rate_ppm=1))


def table(id: str, terms: ScheduleTerms, rows: list[tuple[int, int, int]], fee_minor: int = 0) -> Vector:
    """A table of (due day, principal, interest)."""
    numbered = tuple(Row(nr, *row) for nr, row in enumerate(rows, 1))
    return Vector(id, terms.as_table(numbered), fee_minor, numbered)


def _tables() -> Iterator[Vector]:
    for source in (*_methods_and_day_counts(), *_weekly()):
        if source.terms.day_count != DayCount.MONTHS_360:
            rows = derive(source.terms, level_instalment(source.terms))
            yield Vector(f"table of {source.id}", source.terms.as_table(rows), source.fee_minor, tuple(rows))
    base = monthly("2026-01-15", "2026-02-15", 15)
    days = [day(f"2026-{month:02}-15") for month in range(1, 13)]
    harvest = [(days[3], 0, 30_000), (days[8], 600_000, 60_000), (days[11], 400_000, 20_994)]
    yield table("paid at harvest, interest later than it accrues", base, harvest, 9_000)
    free = [(days[1], 250_000, 0), (days[2], 250_000, 0), (days[5], 250_000, 0), (days[7], 250_000, 9_000)]
    yield table("an interest-free start", base, free)
    down = [(days[0], 300_000, 0), (days[1], 350_000, 8_000), (days[2], 350_000, 4_000)]
    yield table("a down payment on the first day", base, down, 1_000)
    yield table("one row on the first day", base, [(days[0], 1_000_000, 0)])
    latest = replace(base, disbursement_day=100_000)
    yield table("due on the last day of all", latest, [(103_660, 400_000, 1), (115_000, 600_000, 1)])
    steps = [(days[k], 50_000 + 20_000 * k, 1_000) for k in range(1, 6)]
    steps.append((days[7], 1_000_000 - sum(row[1] for row in steps), 5_000))
    yield table("steps up, on the flat rate", replace(base, method=Method.FLAT), steps)
    largest = [(days[1], 2**39 - 2, 1), (days[2], 2, 0)]
    yield table("the largest row", replace(base, principal_minor=2**39), largest)
    crossed = [(days[0] + 9 * k, 2_000, k % 7) for k in range(1, 480)]
    yield table("480 rows of nine days", base, [*crossed, (days[0] + 9 * 480, 1_000_000 - 2_000 * 479, 6)])


def _weekly() -> Iterator[Vector]:
    yield Vector("forty weeks", daily("2026-01-01", "2026-01-08", 7, periods=40))


def refusals() -> Iterator[Vector]:
    """Agreements that a LoanBook refuses for their rows, in the order of the file."""
    yield from _refused_formulas()
    yield from _refused_tables()


def _refused_formulas() -> Iterator[Vector]:
    year = monthly("2026-01-15", "2026-02-15", 15, rate_ppm=120_000, periods=12)
    for instalment in (10_191, 10_192, 1_010_192, 1_020_000, 80_000, 100_000):
        yield Vector(f"annuity of {instalment}", year, instalment_minor=instalment)
    flat = replace(year, method=Method.FLAT)
    for instalment in (9_200, 10_192, 60_000, 150_000):
        yield Vector(f"flat instalment of {instalment}", flat, instalment_minor=instalment)
    equal = replace(year, method=Method.EQUAL_PRINCIPAL)
    for instalment in (1, 76_922, 90_910, 1_000_000):
        yield Vector(f"equal principal of {instalment}", equal, instalment_minor=instalment)
    first = replace(equal, rounding=Rounding(residue=Residue.FIRST))
    yield Vector("equal principal that leaves nothing to the first row", first, instalment_minor=90_910)
    usury = replace(year, periods=1, rate_ppm=2**24 - 1)
    yield Vector("interest of a whole instalment in the last row", usury, instalment_minor=1_424_914)
    silent = replace(year, method=Method.INTEREST_ONLY, rate_ppm=0)
    yield Vector("interest only at no interest", silent, instalment_minor=0)
    grace = replace(year, rate_ppm=0, interest_only_periods=2)
    yield Vector("an interest-only start at no interest", grace, instalment_minor=100_000)
    huge = replace(year, method=Method.BULLET, periods=1, principal_minor=2**39, rate_ppm=1)
    yield Vector("a bullet beyond a row", huge, instalment_minor=0)
    dear = replace(year, principal_minor=2**44 - 1, rate_ppm=2**24 - 1, method=Method.INTEREST_ONLY)
    yield Vector("interest beyond a row", dear, instalment_minor=0)


def _refused_tables() -> Iterator[Vector]:
    base = monthly("2026-01-15", "2026-02-15", 15)
    first, second = day("2026-02-15"), day("2026-03-15")
    good = [(first, 500_000, 12_315), (second, 500_000, 5_562)]
    yield table("two rows on one day", base, [good[0], (first, 500_000, 0)])
    yield table("a row before the one before", base, [good[0], (first - 1, 500_000, 0)])
    yield table("due after the last day of all", base, [good[0], (115_001, 500_000, 0)])
    yield table("interest a cent too high", base, [(first, 500_000, 12_316), good[1]])
    yield table("interest a cent too high at last", base, [good[0], (second, 500_000, 5_563)])
    yield table("interest a cent too high after deferral", base, [(first, 500_000, 0), (second, 500_000, 17_878)])
    yield table("principal a cent too high", base, [good[0], (second, 500_001, 0)])
    yield table("principal a cent too low", base, [good[0], (second, 499_999, 0)])
    yield table("repaid before the last row", base, [(first, 1_000_000, 0), (second, 0, 5)])
    yield table("a row that pays nothing", base, [(first, 0, 0), (second, 1_000_000, 0)])
    large = replace(base, principal_minor=2**39 + 5)
    yield table("a row too large by a cent", large, [(first, 2**39 - 1, 1), (second, 6, 0)])
    short = table("a row too few", base, good)
    yield replace(short, terms=replace(short.terms, periods=3))
    yield replace(short, id="a row too many", terms=replace(short.terms, periods=1))
