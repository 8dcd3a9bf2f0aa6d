"""Numbers as Fineract computes them: 19 significant digits, each step rounded (MoneyHelper's MathContext).

It shows where a product would be exactly half a cent: 750 x 7 % x 30 / 360 is 4.375, but 4.3749999999999999 in
nineteen digits.
"""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from fractions import Fraction

from contracts.schedule import RoundingMode

PRECISION = 19
_SCALE = Decimal(1).scaleb(-PRECISION)
_CONTEXTS = {
    mode: Context(prec=PRECISION, rounding=rounding)
    for mode, rounding in {
        RoundingMode.HALF_UP: ROUND_HALF_UP,
        RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
        RoundingMode.UP: ROUND_UP,
        RoundingMode.DOWN: ROUND_DOWN,
    }.items()
}


class Digits:
    """Arithmetic of one rounding mode."""

    def __init__(self, mode: RoundingMode) -> None:
        self._context = _CONTEXTS[mode]

    def quotient(self, dividend: Decimal | int, divisor: Decimal | int) -> Decimal:
        """dividend / divisor in 19 digits."""
        return self._context.divide(Decimal(dividend), Decimal(divisor))

    def product(self, one: Decimal, other: Decimal | int) -> Decimal:
        """one * other in 19 digits."""
        return self._context.multiply(one, Decimal(other))

    def total(self, one: Decimal, other: Decimal) -> Decimal:
        """one + other in 19 digits."""
        return self._context.add(one, other)

    def factor(self, rate: Decimal, share: Decimal) -> Fraction:
        """The interest of a share of a year at a yearly rate, with 19 decimals."""
        exact = self._context.multiply(rate, share)
        return Fraction(exact.quantize(_SCALE, rounding=self._context.rounding, context=Context(prec=2 * PRECISION)))


def exact(numerator: Fraction) -> Decimal:
    """A fraction that is whole units and a started one's share, in Fineract a double."""
    return Decimal(repr(float(numerator)))
