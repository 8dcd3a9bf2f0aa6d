"""The instalment that a principal, a rate and a number of rows ask for."""

from collections.abc import Callable
from math import gcd, prod

from contracts.schedule.day_count import PPM, interest
from contracts.schedule.method import Method
from contracts.schedule.periods import accruals
from contracts.schedule.rounding import Levelling, RoundingMode, divide, to_multiple
from contracts.schedule.terms import ScheduleTerms

LEVELLING_PASSES = 3


def level_instalment(terms: ScheduleTerms) -> int:
    """The instalment in minor units, a multiple of the agreed one; 0 where the method has none.

    The formula's instalment, rounded by the agreed mode. Equal instalments are then levelled by Apache Fineract's
    rule (ProgressiveEMICalculator): up to three passes add difference / rows while the last row's difference
    exceeds floor(rows / 2) minor units and the pass makes it smaller. Rows are those that repay principal.
    Raises UnsupportedDayCount.
    """
    if not terms.method.has_instalment:
        return 0
    instalment = _at_least_one(terms, *_exact_instalment(terms))
    if terms.method == Method.EQUAL_PRINCIPAL or terms.rounding.levelling == Levelling.EXACT:
        return instalment
    rows = terms.periods - terms.interest_only_periods
    return levelled(
        instalment,
        rows,
        terms.rounding.mode,
        rounded=lambda candidate: _at_least_one(terms, candidate, 1),
        last_difference=lambda candidate: _last_difference(terms, candidate),
    )


def levelled(
    instalment: int,
    shares: int,
    mode: RoundingMode,
    *,
    rounded: Callable[[int], int],
    last_difference: Callable[[int], int],
) -> int:
    """The instalment after the passes of `level_instalment`; `shares` are the rows that its change is spread over.

    `rounded` makes a candidate a multiple, `last_difference` is how much more the last row is than its instalments.
    """
    difference = last_difference(instalment)
    for _ in range(LEVELLING_PASSES):
        if abs(difference) <= shares // 2:
            break
        candidate = rounded(instalment + divide(difference, shares, mode))
        moved = last_difference(candidate)
        if abs(moved) >= abs(difference):
            break
        instalment, difference = candidate, moved
    return instalment


def _at_least_one(terms: ScheduleTerms, numerator: int, denominator: int) -> int:
    multiple = terms.multiple_minor
    return max(to_multiple(numerator, denominator, multiple, terms.rounding.mode), multiple)


def _exact_instalment(terms: ScheduleTerms) -> tuple[int, int]:
    """Numerator and denominator of the instalment before it is rounded."""
    rows = terms.periods - terms.interest_only_periods
    if terms.method == Method.EQUAL_PRINCIPAL:
        return terms.principal_minor, rows
    parts = [parts for _due, parts in accruals(terms)[terms.interest_only_periods :]]
    if terms.method == Method.FLAT:
        return terms.principal_minor + sum(_interest(terms, terms.principal_minor, each) for each in parts), rows
    return _exact_annuity(terms, parts)


def _exact_annuity(terms: ScheduleTerms, parts: list[int]) -> tuple[int, int]:
    """Principal * product of (1 + f) / sum of the products of those after each row, f being a row's rate."""
    year = PPM * terms.day_count.year_parts
    common = gcd(year, terms.rate_ppm)
    rate, year = terms.rate_ppm // common, year // common
    growths = [year + rate * each for each in parts]
    annuities = year_power = 1
    for growth in growths[1:]:
        year_power *= year
        annuities = year_power + annuities * growth
    return terms.principal_minor * prod(growths), annuities * year


def _interest(terms: ScheduleTerms, base: int, parts: int) -> int:
    return interest(base, terms.rate_ppm, parts, terms.day_count, terms.rounding.mode)


def _last_difference(terms: ScheduleTerms, instalment: int) -> int:
    """How much more the last row is than the instalment: what would be left if it were one too, in minor units."""
    periods = accruals(terms)[terms.interest_only_periods :]
    balance = terms.principal_minor
    for _due, parts in periods:
        base = terms.principal_minor if terms.method.is_flat else balance
        balance += _interest(terms, base, parts) - instalment
    return balance
