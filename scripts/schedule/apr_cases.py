"""An example of the annual percentage rate against its published figure."""

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from contracts.schedule import RateUndefined, eu_apr
from scripts.schedule.fineract import Unsupported
from scripts.schedule.verdict import Status, Verdict

Fields = Mapping[str, Any]
Flow = tuple[Fraction, Decimal | int]
DECIMALS = 6
MOST_PAYMENTS = 10_000
MOST_AMOUNT = 10**15
MOST_PLACES = 18
"""Decimals of an amount or a published rate."""
MOST_YEARS = 1_000
MOST_TEXT = 1_000
_TIME = re.compile(r"\d+(\.\d+)?|\d+/0*[1-9]\d*", re.ASCII)


def check_apr(example: Fields) -> Verdict:
    """Solve an example's equation and compare the rate in the digits that were published."""
    name, figures = str(example.get("id", "?")), dict[str, Any]()
    try:
        percent = _percent(example)
        figures = {"apr_percent": str(_rounded(percent, DECIMALS))}
        difference = _difference(percent, example)
    except Unsupported as unsupported:
        return Verdict(name, Status.UNSUPPORTED, unsupported.reason, figures)
    return Verdict(name, Status.FAILED if difference else Status.PASSED, difference, figures)


def _percent(example: Fields) -> Decimal:
    if example.get("method") != "eu_apr":
        raise Unsupported(f"method {example.get('method')!r}: only the equation of the European Union is solved")
    if not example.get("years", True):
        raise Unsupported("times are not in years")
    advances = [(_years(when), _amount(amount)) for when, amount in _pairs(example)]
    payments = [flow for run in _list(example, "payments") for flow in _run(run)]
    try:
        return 100 * eu_apr(advances, payments)
    except RateUndefined as undefined:
        raise Unsupported(f"no rate: {undefined.reason}") from undefined


def _difference(percent: Decimal, example: Fields) -> str:
    published = example.get("published_percent", example.get("expected_percent"))
    if published is None:
        raise Unsupported("nothing to compare with: no published figure")
    expected = _amount(published)
    decimals = max(0, -int(expected.as_tuple().exponent))
    found = _rounded(percent, decimals)
    return "" if found == expected else f"{found} %, published is {expected} %"


def _rounded(percent: Decimal, decimals: int) -> Decimal:
    return percent.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _pairs(example: Fields) -> list[list[Any]]:
    pairs = _list(example, "advances")
    if any(not isinstance(pair, list) or len(pair) != 2 for pair in pairs):
        raise Unsupported("advances are pairs of time and amount")
    return pairs


def _run(run: object) -> Iterator[Flow]:
    """`count` payments, the first at `first`, then every `every`."""
    if not isinstance(run, dict):
        raise Unsupported("payments are objects")
    times = run.get("count", 1)
    if type(times) is not int or not 0 <= times <= MOST_PAYMENTS:
        raise Unsupported(f"count {times!r} is not a whole number up to {MOST_PAYMENTS}")
    first, every, amount = _years(run.get("first", 0)), _years(run.get("every", 0)), _amount(run.get("amount"))
    if first + every * max(times - 1, 0) > MOST_YEARS:
        raise Unsupported(f"payments last longer than {MOST_YEARS} years")
    return ((first + number * every, amount) for number in range(times))


def _list(example: Fields, name: str) -> list[Any]:
    values = example.get(name)
    if not isinstance(values, list) or not values:
        raise Unsupported(f"the example has no {name}")
    return values


def _years(text: object) -> Fraction:
    """A sum of fractions such as "3/365+1/12"."""
    parts = [part.strip() for part in str(text).split("+")]
    if len(str(text)) > MOST_TEXT or not all(_TIME.fullmatch(part) for part in parts):
        raise Unsupported(f"{text!r} is not a time in years")
    years = sum((Fraction(part) for part in parts), Fraction(0))
    if years > MOST_YEARS:
        raise Unsupported(f"{text!r} is more than {MOST_YEARS} years")
    return years


def _amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise Unsupported(f"{value!r} is not an amount") from None
    if not amount.is_finite() or not -MOST_AMOUNT <= amount <= MOST_AMOUNT:
        raise Unsupported(f"{value!r} is not an amount")
    if int(amount.as_tuple().exponent) < -MOST_PLACES:
        raise Unsupported(f"{value!r} has more than {MOST_PLACES} decimals")
    return amount
