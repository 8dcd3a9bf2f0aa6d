"""The annuity: equal instalments, each row rounded once, the last row takes the residue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from eth_utils.crypto import keccak

from contracts.schedule.day_count import PPM, interest
from contracts.schedule.rounding import divide, to_multiple
from contracts.schedule.terms import ScheduleTerms

LEVELLING_PASSES = 3


class ScheduleDegenerate(Exception):
    """The instalment does not carry the schedule at this row (0 is the first).

    It must exceed the row's interest, must not repay everything before the last row, and the last row must not
    exceed two instalments.
    """

    def __init__(self, row: int, interest_minor: int, balance_minor: int) -> None:
        super().__init__(f"row {row}: interest {interest_minor}, balance {balance_minor}")
        self.row, self.interest_minor, self.balance_minor = row, interest_minor, balance_minor


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a schedule; `nr` counts from 1."""

    nr: int
    due_day: int
    principal_minor: int
    interest_minor: int

    @property
    def due_minor(self) -> int:
        """What is to be paid: principal and interest."""
        return self.principal_minor + self.interest_minor

    @property
    def word(self) -> int:
        """The row in one 32-byte word: due day << 224 | principal << 112 | interest."""
        return self.due_day << 224 | self.principal_minor << 112 | self.interest_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a schedule in minor units; `total_minor` is everything the borrower pays."""

    principal_minor: int
    interest_minor: int
    fees_minor: int
    total_minor: int


def derive(terms: ScheduleTerms, instalment_minor: int) -> list[Row]:
    """The table of an instalment. The same as LoanBook.deriveSchedule. Raises ScheduleDegenerate."""
    rows: list[Row] = []
    for row, balance in _walk(terms, instalment_minor):
        _require_sound(row, balance, instalment_minor, last=row.nr == terms.periods)
        rows.append(row)
    return rows


def _walk(terms: ScheduleTerms, instalment_minor: int) -> Iterator[tuple[Row, int]]:
    """Each row with the balance at its start, whether they make sense or not."""
    balance = terms.principal_minor
    for nr, (due, days) in enumerate(_periods(terms), 1):
        charged = interest(balance, terms.rate_ppm, days, terms.day_count, terms.rounding)
        principal = balance if nr == terms.periods else instalment_minor - charged
        yield Row(nr, due, principal, charged), balance
        balance -= principal


@lru_cache(maxsize=64)
def _periods(terms: ScheduleTerms) -> list[tuple[int, int]]:
    return terms.periods_of_interest()


def _require_sound(row: Row, balance: int, instalment: int, *, last: bool) -> None:
    fits = row.due_minor <= 2 * instalment if last else row.principal_minor < balance
    if row.interest_minor >= instalment or not fits:
        raise ScheduleDegenerate(row.nr - 1, row.interest_minor, balance)


def level_instalment(terms: ScheduleTerms) -> int:
    """The instalment that makes the last row differ least from the others, in minor units.

    Apache Fineract's rule (ProgressiveEMICalculator): P * prod(1 + f) / sum of products, rounded to the multiple;
    then up to three passes add difference / n while the last row's difference exceeds floor(n / 2) minor units
    and the pass makes it smaller.
    """
    instalment = _exact_instalment(terms)
    for _ in range(LEVELLING_PASSES):
        better = _levelled(terms, instalment)
        if better == instalment:
            break
        instalment = better
    return instalment


def _exact_instalment(terms: ScheduleTerms) -> int:
    year = PPM * terms.day_count.year_days
    growths = [year + terms.rate_ppm * days for _due, days in _periods(terms)]
    annuities = 1
    for row in range(1, terms.periods):
        annuities = year**row + annuities * growths[row]
    exact = terms.principal_minor * prod(growths), annuities * year
    return max(to_multiple(*exact, terms.multiple_minor, terms.rounding), terms.multiple_minor)


def _levelled(terms: ScheduleTerms, instalment: int) -> int:
    difference = _last_difference(terms, instalment)
    if terms.periods < 2 or abs(difference) <= terms.periods // 2:
        return instalment
    moved = instalment + divide(difference, terms.periods, terms.rounding)
    candidate = max(to_multiple(moved, 1, terms.multiple_minor, terms.rounding), terms.multiple_minor)
    closer = abs(_last_difference(terms, candidate)) < abs(difference)
    return candidate if closer else instalment


def _last_difference(terms: ScheduleTerms, instalment: int) -> int:
    *_, (last, _balance) = _walk(terms, instalment)
    return last.due_minor - instalment


def schedule_root(rows: Sequence[Row]) -> bytes:
    """What both sides sign: keccak256 of the rows' words one after another."""
    return keccak(b"".join(row.word.to_bytes(32, "big") for row in rows))


def totals(rows: Sequence[Row], upfront_fee_minor: int = 0) -> Totals:
    """Sums of a schedule with the fee that is withheld from the disbursement."""
    principal = sum(row.principal_minor for row in rows)
    charged = sum(row.interest_minor for row in rows)
    return Totals(principal, charged, upfront_fee_minor, principal + charged + upfront_fee_minor)
