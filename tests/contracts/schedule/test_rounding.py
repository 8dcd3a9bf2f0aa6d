"""Four modes, against decimal's; words that mean nothing are refused."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.schedule import Levelling, Residue, Rounding, RoundingMode, UnsupportedRounding, divide, to_multiple

DECIMAL = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.UP: ROUND_UP,
    RoundingMode.DOWN: ROUND_DOWN,
}
MODES = st.sampled_from(RoundingMode)


@given(st.integers(-(10**9), 10**9), st.sampled_from([1, 2, 4, 5, 8, 10, 1000, 2**10]), MODES)
def test_exact_decimals_round_as_decimal_does(numerator: int, denominator: int, mode: RoundingMode) -> None:
    with localcontext(prec=60):
        exact = Decimal(numerator) / Decimal(denominator)
        assert divide(numerator, denominator, mode) == int(exact.quantize(Decimal(1), DECIMAL[mode]))


@given(st.integers(0, 2**120), st.integers(1, 2**60))
def test_the_modes_enclose_the_exact_value(numerator: int, denominator: int) -> None:
    down, up = (divide(numerator, denominator, mode) for mode in (RoundingMode.DOWN, RoundingMode.UP))
    assert down * denominator <= numerator <= up * denominator
    assert up - down == bool(numerator % denominator)
    for mode in (RoundingMode.HALF_UP, RoundingMode.HALF_EVEN):
        assert 2 * abs(divide(numerator, denominator, mode) * denominator - numerator) <= denominator


@pytest.mark.parametrize(
    ("mode", "rounded"), zip(RoundingMode, [(1, 2, 3), (0, 2, 2), (1, 2, 3), (0, 1, 2)], strict=True)
)
def test_halves(mode: RoundingMode, rounded: tuple[int, ...]) -> None:
    assert tuple(divide(halves, 2, mode) for halves in (1, 3, 5)) == rounded


@given(st.integers(0, 10**12), st.integers(1, 10**6), MODES)
def test_a_multiple_is_one(numerator: int, multiple: int, mode: RoundingMode) -> None:
    rounded = to_multiple(numerator, 7, multiple, mode)
    assert rounded % multiple == 0
    assert abs(7 * rounded - numerator) < 7 * multiple


def test_words_and_rules_are_one_to_one() -> None:
    words = [Rounding(*rules).word for rules in product(RoundingMode, Residue, Levelling)]
    assert [Rounding.of(word).word for word in words] == words
    assert Rounding().word == 0
    assert sorted(words) == [0, 1, 2, 3, 0x10, 0x11, 0x12, 0x13, 0x100, 0x101, 0x102, 0x103, 0x110, 0x111, 0x112, 0x113]


@pytest.mark.parametrize("word", [4, 0xF, 0x20, 0xF0, 0x200, 0xF00, 0x1000, 2**255])
def test_any_other_word_is_refused(word: int) -> None:
    with pytest.raises(UnsupportedRounding) as refused:
        Rounding.of(word)
    assert refused.value.rounding == word
