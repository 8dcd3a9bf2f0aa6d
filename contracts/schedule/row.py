"""One row of a schedule, and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_DAY_SHIFT, _PRINCIPAL_SHIFT = 224, 112
_AMOUNT_MASK = 2**112 - 1


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
        return self.due_day << _DAY_SHIFT | self.principal_minor << _PRINCIPAL_SHIFT | self.interest_minor

    @classmethod
    def of(cls, nr: int, word: int) -> Self:
        """The row that a word says; the inverse of `word`."""
        return cls(nr, word >> _DAY_SHIFT, word >> _PRINCIPAL_SHIFT & _AMOUNT_MASK, word & _AMOUNT_MASK)


def rows_of(words: Iterable[int]) -> tuple[Row, ...]:
    """The rows of a table, as the event ScheduleTable has their words."""
    return tuple(Row.of(nr, word) for nr, word in enumerate(words, 1))


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a schedule in minor units; `total_minor` is everything the borrower pays."""

    principal_minor: int
    interest_minor: int
    fees_minor: int
    total_minor: int


def totals(rows: Iterable[Row], upfront_fee_minor: int = 0) -> Totals:
    """Sums of a schedule with the fee that is withheld from the disbursement."""
    principal = charged = 0
    for row in rows:
        principal += row.principal_minor
        charged += row.interest_minor
    return Totals(principal, charged, upfront_fee_minor, principal + charged + upfront_fee_minor)
