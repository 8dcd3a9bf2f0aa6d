"""Rounding of exact fractions to whole minor units, by integers alone."""

from enum import StrEnum


class Rounding(StrEnum):
    """What becomes of an exact half. The contract rounds half up; HALF_EVEN is for tables of other systems."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def divide(numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """numerator / denominator to the nearest integer; the denominator is positive."""
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator:
        return quotient + 1
    if 2 * rest < denominator:
        return quotient
    upward = quotient % 2 == 1 if rounding is Rounding.HALF_EVEN else numerator >= 0
    return quotient + upward


def to_multiple(numerator: int, denominator: int, multiple: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """numerator / denominator to the nearest multiple."""
    return multiple * divide(numerator, denominator * multiple, rounding)
