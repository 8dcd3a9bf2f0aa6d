"""Rows of any spacing and size: how a balance is repaid when each row's part of a year is given."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contracts.schedule.errors import ScheduleDegenerate
from contracts.schedule.instalment import levelled
from contracts.schedule.rounding import Levelling, Residue, Rounding, divide, to_multiple

Factor = tuple[int, int]
"""Interest of a row for each unit of the base: numerator and denominator."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A balance and what its rows follow from, in minor units.

    `weights` are the relative sizes of the rows: of their totals, or where `by_principal` of their principal. A row
    of weight 0 repays nothing. Rows before `first_interest_row` ask for no interest; it is due on top of that row's
    own, or if `waived` never. `flat` interest is on the whole principal.
    """

    principal_minor: int
    factors: tuple[Factor, ...]
    weights: tuple[int, ...]
    rounding: Rounding
    multiple_minor: int = 1
    by_principal: bool = False
    flat: bool = False
    first_interest_row: int = 0
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Principal and interest of a row; `own_interest_minor` is what the row itself accrues."""

    principal_minor: int
    interest_minor: int
    own_interest_minor: int


def amounts(spread: Spread) -> list[Part]:
    """The rows, by the instalment that levels them. Raises ScheduleDegenerate where a row cannot be."""
    unit = unit_instalment(spread)
    parts = list(_walk(spread, unit))
    balance = spread.principal_minor
    for row, part in enumerate(parts):
        early = part.principal_minor == balance and row + 1 < len(parts)
        if not 0 <= part.principal_minor <= balance or early:
            raise ScheduleDegenerate(row, part.own_interest_minor, balance)
        balance -= part.principal_minor
    return parts


def unit_instalment(spread: Spread) -> int:
    """What a row of weight 1 pays, levelled by the rule of `level_instalment` when the rounding says so."""
    unit = _at_least_one(spread, *_exact_unit(spread))
    if spread.by_principal or spread.rounding.levelling is Levelling.EXACT:
        return unit
    return levelled(
        unit,
        sum(spread.weights),
        spread.rounding.mode,
        rounded=lambda candidate: _at_least_one(spread, candidate, 1),
        last_difference=lambda candidate: _last_difference(spread, candidate),
    )


def _at_least_one(spread: Spread, numerator: int, denominator: int) -> int:
    return max(to_multiple(numerator, denominator, spread.multiple_minor, spread.rounding.mode), spread.multiple_minor)


def _exact_unit(spread: Spread) -> Factor:
    if spread.by_principal:
        return spread.principal_minor, sum(spread.weights)
    if spread.flat:
        charged = [_charge(spread, spread.principal_minor, row) for row, weight in enumerate(spread.weights) if weight]
        return spread.principal_minor + sum(charged), sum(spread.weights)
    return _annuity_unit(spread)


def _annuity_unit(spread: Spread) -> Factor:
    """Principal over the present value of the weights; rows of weight 0 pay their interest and do not discount."""
    worth, over = 0, 1
    for (numerator, denominator), weight in zip(reversed(spread.factors), reversed(spread.weights), strict=True):
        if weight:
            worth = (worth + weight * over) * denominator
            over *= numerator + denominator
    return spread.principal_minor * over, worth


def _charge(spread: Spread, base: int, row: int) -> int:
    numerator, denominator = spread.factors[row]
    return divide(base * numerator, denominator, spread.rounding.mode)


def _walk(spread: Spread, unit: int) -> Iterator[Part]:
    """Each row, whether it makes sense or not; the last one takes the rest."""
    balance, carried = spread.principal_minor, 0
    for row in range(len(spread.weights)):
        own = _charge(spread, spread.principal_minor if spread.flat else balance, row)
        asked = own if row >= spread.first_interest_row else 0
        principal = balance if row + 1 == len(spread.weights) else _principal(spread, unit, row, asked)
        if row < spread.first_interest_row:
            carried += 0 if spread.waived else own
            yield Part(principal, 0, own)
        else:
            yield Part(principal, own + carried, own)
            carried = 0
        balance -= principal


def _principal(spread: Spread, unit: int, row: int, interest: int) -> int:
    weight = spread.weights[row]
    if not weight:
        return 0
    if not spread.by_principal:
        return weight * unit - interest
    first = not any(spread.weights[:row])
    if first and spread.rounding.residue is Residue.FIRST:
        return spread.principal_minor - unit * sum(spread.weights[row + 1 :])
    return weight * unit


def _last_difference(spread: Spread, unit: int) -> int:
    """How much more the last row is than its instalment, without what is carried to it."""
    *_, last = _walk(replace(spread, first_interest_row=0), unit)
    return last.principal_minor + last.interest_minor - spread.weights[-1] * unit
