"""The annual percentage rate of charge by Annex I of Directive 2008/48/EC (same equation in (EU) 2023/2225).

The X that makes the sum of advances / (1 + X)^t equal the sum of payments / (1 + X)^t, t in years.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm

from contracts.schedule.day_count import PPM
from contracts.schedule.intervals import intervals
from contracts.schedule.row import Row
from contracts.schedule.terms import ScheduleTerms

Flow = tuple[Fraction, Decimal | int]
"""When, in years after the first advance, and how much."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """Amounts in order of time; `steps` tells for each which of `waits` lies between it and the one before."""

    amounts: list[Decimal]
    steps: list[int]
    waits: list[Fraction]


PRECISION_DIGITS = 34
TOLERANCE = Decimal("1e-16")
"""Of ln(1 + X)."""
HALF_SLACK = Decimal("1e-9")
"""A rate this near (in ppm) to a half is that half: a bullet of a year may have such a rate exactly."""
LOWEST_RATE, HIGHEST_RATE = Decimal("0.000001"), Decimal(1_000_000)
"""Bounds of 1 + X within which the rate is sought."""


class RateUndefined(Exception):
    """The flows have no rate, or more than one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def eu_apr(advances: Sequence[Flow], payments: Sequence[Flow]) -> Decimal:
    """The annual effective rate as a fraction (0.0643 is 6.43 %), exact to 15 digits of 1 + rate.

    Raises RateUndefined when no rate, or more than one, satisfies the equation.
    """
    stream = _net(advances, payments)
    _require_one_rate(stream.amounts)
    with localcontext(prec=PRECISION_DIGITS):
        return _root(stream).exp() - 1


def eu_apr_ppm(advances: Sequence[Flow], payments: Sequence[Flow]) -> int:
    """The annual effective rate in parts per million, rounded half up. Raises RateUndefined."""
    exact = eu_apr(advances, payments) * PPM
    return int((abs(exact) + HALF_SLACK).to_integral_value(ROUND_HALF_UP).copy_sign(exact))


def schedule_apr_ppm(terms: ScheduleTerms, rows: Sequence[Row], upfront_fee_minor: int = 0) -> int:
    """The APR, ppm, of a schedule whose fee is withheld from the disbursement. Raises RateUndefined."""
    payments: list[Flow] = [(years, row.due_minor) for years, row in zip(intervals(terms, rows), rows, strict=True)]
    return eu_apr_ppm([(Fraction(0), terms.principal_minor - upfront_fee_minor)], payments)


def _net(advances: Sequence[Flow], payments: Sequence[Flow]) -> _Stream:
    unit = lcm(*(years.denominator for years, _ in (*advances, *payments)))
    sums: dict[int, Decimal] = {}
    for sign, side in ((-1, advances), (1, payments)):
        for years, amount in side:
            when = years.numerator * (unit // years.denominator)
            sums[when] = sums.get(when, Decimal(0)) + sign * Decimal(amount)
    times = sorted(when for when, amount in sums.items() if amount)
    waits = [later - earlier for earlier, later in pairwise([*times[:1], *times])]
    lengths = sorted(set(waits))
    steps = {wait: step for step, wait in enumerate(lengths)}
    return _Stream(
        [sums[when] for when in times], [steps[wait] for wait in waits], [Fraction(wait, unit) for wait in lengths]
    )


def _require_one_rate(amounts: Sequence[Decimal]) -> None:
    """One change of sign in the flows (Descartes), or in their running sum (Norstrom), means one rate."""
    if not amounts or all(amount > 0 for amount in amounts) or all(amount < 0 for amount in amounts):
        raise RateUndefined("there must be both advances and payments")
    if _sign_changes(amounts) > 1 and _sign_changes([total for total in accumulate(amounts) if total]) != 1:
        raise RateUndefined("advances and payments alternate so that several rates may satisfy the equation")


def _sign_changes(amounts: Sequence[Decimal]) -> int:
    return sum((before > 0) != (after > 0) for before, after in pairwise(amounts))


def _root(stream: _Stream) -> Decimal:
    """The growth ln(1 + X) by Ridders' method; each step at least halves the bracket, so that it always ends."""
    low, high = Decimal(0), (HIGHEST_RATE if sum(stream.amounts) >= 0 else LOWEST_RATE).ln()
    at_low, at_high = _worth(stream, low), _worth(stream, high)
    if at_low == 0:
        return low
    if (at_low > 0) == (at_high > 0):
        raise RateUndefined(f"the rate lies beyond {high.exp() - 1:.6f}")
    while abs(high - low) > TOLERANCE:
        middle = (low + high) / 2
        at_middle = _worth(stream, middle)
        if at_middle == 0:
            return middle
        step = (middle - low) * at_middle / (at_middle * at_middle - at_low * at_high).sqrt()
        growth = middle + (step if at_low > 0 else -step)
        near = [(point, _worth(stream, point)) for point in (growth - TOLERANCE / 2, growth + TOLERANCE / 2)]
        ends = sorted([(low, at_low), (middle, at_middle), *near, (high, at_high)])
        (low, at_low), (high, at_high) = next(pair for pair in pairwise(ends) if (pair[0][1] > 0) != (pair[1][1] > 0))
    return (low + high) / 2


def _worth(stream: _Stream, growth: Decimal) -> Decimal:
    """Worth of payments less advances on the first one's day, discounted step by step from the last."""
    discounts = [(-growth * wait.numerator / wait.denominator).exp() for wait in stream.waits]
    worth = Decimal(0)
    for amount, step in zip(reversed(stream.amounts), reversed(stream.steps), strict=True):
        worth = (worth + amount) * discounts[step]
    return worth
