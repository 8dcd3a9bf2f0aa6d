"""Rounding of exact fractions to whole minor units, by integers alone."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from contracts.schedule.errors import UnsupportedRounding


class RoundingMode(IntEnum):
    """What becomes of a fraction of a minor unit; UP is away from zero, DOWN towards it."""

    HALF_UP = 0
    HALF_EVEN = 1
    UP = 2
    DOWN = 3


class Residue(IntEnum):
    """The row that takes what equal parts of the principal leave over (FIRST: the first that repays principal)."""

    LAST = 0
    FIRST = 1


class Levelling(IntEnum):
    """LEVELLED moves the instalment so that the last row differs least; EXACT leaves it as the formula gives it."""

    LEVELLED = 0
    EXACT = 1


@dataclass(frozen=True, slots=True)
class Rounding:
    """The rounding rules of an agreement."""

    mode: RoundingMode = RoundingMode.HALF_UP
    residue: Residue = Residue.LAST
    levelling: Levelling = Levelling.LEVELLED

    @property
    def word(self) -> int:
        """As it is signed: mode in bits 0 to 3, residue in 4 to 7, levelling in 8 to 11."""
        return self.mode | self.residue << 4 | self.levelling << 8

    @classmethod
    def of(cls, word: int) -> Self:
        """The rules of a signed word. Raises UnsupportedRounding."""
        try:
            return cls(RoundingMode(word & 0xF), Residue(word >> 4 & 0xF), Levelling(word >> 8))
        except ValueError:
            raise UnsupportedRounding(word) from None


DEFAULT_ROUNDING = Rounding()


def divide(numerator: int, denominator: int, mode: RoundingMode = RoundingMode.HALF_UP) -> int:
    """numerator / denominator as an integer; the denominator is positive. Below zero the magnitude is rounded."""
    rounded = ROUNDED[mode]
    return rounded(numerator, denominator) if numerator >= 0 else -rounded(-numerator, denominator)


def to_multiple(numerator: int, denominator: int, multiple: int, mode: RoundingMode = RoundingMode.HALF_UP) -> int:
    """numerator / denominator as a multiple of `multiple`."""
    return multiple * divide(numerator, denominator * multiple, mode)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _half_even(numerator: int, denominator: int) -> int:
    quotient, rest = divmod(numerator, denominator)
    return quotient + (2 * rest + quotient % 2 > denominator)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator


ROUNDED: dict[RoundingMode, Callable[[int, int], int]] = {
    RoundingMode.HALF_UP: _half_up,
    RoundingMode.HALF_EVEN: _half_even,
    RoundingMode.UP: _up,
    RoundingMode.DOWN: _down,
}
"""Each mode's quotient of a numerator that is not negative and a positive denominator."""
