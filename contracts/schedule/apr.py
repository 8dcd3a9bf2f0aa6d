"""The annual percentage rate of charge by Annex I of Directive 2008/48/EC (same equation in (EU) 2023/2225).

The X that makes the sum of advances / (1 + X)^t equal the sum of payments / (1 + X)^t, t in years.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, pairwise

from contracts.schedule.annuity import Row
from contracts.schedule.calendar import date_of, day_of, due_day, month_index
from contracts.schedule.day_count import PPM
from contracts.schedule.terms import ScheduleTerms

Flow = tuple[Fraction, Decimal | int]
"""When, in years after the first advance, and how much."""

PRECISION_DIGITS = 34
TOLERANCE = Decimal("1e-16")
LOWEST_RATE, HIGHEST_RATE = Decimal("0.000001"), Decimal(1_000_000)
"""Bounds of 1 + X within which the rate is sought."""
MAX_ITERATIONS = 200


class RateUndefined(Exception):
    """The flows have no rate, or more than one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def eu_apr(advances: Sequence[Flow], payments: Sequence[Flow]) -> Decimal:
    """The annual effective rate as a fraction (0.0643 is 6.43 %), exact to 15 decimals.

    Raises RateUndefined when no rate, or more than one, satisfies the equation.
    """
    flows = _net(advances, payments)
    _require_one_rate(flows)
    with localcontext(prec=PRECISION_DIGITS):
        return _root(flows)


def eu_apr_ppm(advances: Sequence[Flow], payments: Sequence[Flow]) -> int:
    """The annual effective rate in parts per million, rounded half up. Raises RateUndefined."""
    return int((eu_apr(advances, payments) * PPM).to_integral_value(ROUND_HALF_UP))


def schedule_apr_ppm(terms: ScheduleTerms, rows: Sequence[Row], upfront_fee_minor: int = 0) -> int:
    """The APR, ppm, of a schedule whose fee is withheld from the disbursement. Raises RateUndefined."""
    first = first_interval(terms)
    payments: list[Flow] = [(first + Fraction(row.nr - 1, 12), row.due_minor) for row in rows]
    return eu_apr_ppm([(Fraction(0), terms.principal_minor - upfront_fee_minor)], payments)


def first_interval(terms: ScheduleTerms) -> Fraction:
    """Years from disbursement to the first due day: whole months counted back from it, then days / 365 or 366."""
    months = 0
    month = month_index(terms.first_due_day)
    while due_day(month - months - 1, terms.anchor_day, 0) >= terms.disbursement_day:
        months += 1
    start_of_months = due_day(month - months, terms.anchor_day, 0)
    days = start_of_months - terms.disbursement_day
    return Fraction(months, 12) + Fraction(days, _year_before(start_of_months))


def _year_before(day: int) -> int:
    """Days from the same day of the previous year to this day."""
    when = date_of(day)
    february_29 = (when.month, when.day) == (2, 29)
    return day - day_of(date(when.year - 1, when.month, 28 if february_29 else when.day))


def _net(advances: Sequence[Flow], payments: Sequence[Flow]) -> list[tuple[Fraction, Decimal]]:
    sums: dict[Fraction, Decimal] = {}
    for sign, side in ((-1, advances), (1, payments)):
        for years, amount in side:
            sums[years] = sums.get(years, Decimal(0)) + sign * Decimal(amount)
    return [(years, amount) for years, amount in sorted(sums.items()) if amount]


def _require_one_rate(flows: Sequence[tuple[Fraction, Decimal]]) -> None:
    """One change of sign in the flows (Descartes), or in their running sum (Norstrom), means one rate."""
    amounts = [amount for _, amount in flows]
    if not amounts or all(amount > 0 for amount in amounts) or all(amount < 0 for amount in amounts):
        raise RateUndefined("there must be both advances and payments")
    if _sign_changes(amounts) > 1 and _sign_changes([total for total in accumulate(amounts) if total]) != 1:
        raise RateUndefined("advances and payments alternate so that several rates may satisfy the equation")


def _sign_changes(amounts: Sequence[Decimal]) -> int:
    return sum((before > 0) != (after > 0) for before, after in pairwise(amounts))


def _root(flows: Sequence[tuple[Fraction, Decimal]]) -> Decimal:
    """The growth ln(1 + X) by Ridders' method on a bracket; an answer counts when the sign changes around it."""
    low, high = Decimal(0), (HIGHEST_RATE if sum(amount for _, amount in flows) >= 0 else LOWEST_RATE).ln()
    at_low, at_high = _value(flows, low), _value(flows, high)
    if at_low == 0:
        return Decimal(0)
    if (at_low > 0) == (at_high > 0):
        raise RateUndefined(f"the rate lies beyond {high.exp() - 1:.6f}")
    for _ in range(MAX_ITERATIONS):
        middle = (low + high) / 2
        at_middle = _value(flows, middle)
        step = (middle - low) * at_middle / (at_middle * at_middle - at_low * at_high).sqrt()
        growth = middle + (step if at_low > 0 else -step)
        if (_value(flows, growth - TOLERANCE) > 0) != (_value(flows, growth + TOLERANCE) > 0):
            return growth.exp() - 1
        ends = sorted([(low, at_low), (middle, at_middle), (growth, _value(flows, growth)), (high, at_high)])
        (low, at_low), (high, at_high) = next(pair for pair in pairwise(ends) if (pair[0][1] > 0) != (pair[1][1] > 0))
    raise RateUndefined(f"no convergence within {MAX_ITERATIONS} steps")


def _value(flows: Sequence[tuple[Fraction, Decimal]], growth: Decimal) -> Decimal:
    """Present value of payments less advances at a growth ln(1 + X) a year."""
    return sum((amount * (-growth * years.numerator / years.denominator).exp() for years, amount in flows), Decimal(0))
