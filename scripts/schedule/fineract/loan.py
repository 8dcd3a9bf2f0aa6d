"""The terms of one case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from contracts.schedule import RoundingMode, day_of, to_multiple
from scripts.schedule.fineract.errors import Unsupported

Fields = Mapping[str, Any]
T = TypeVar("T")

TERMS = {
    "product",
    "submitted_on",
    "principal",
    "annual_rate_percent",
    "interest_type",
    "interest_period",
    "amortization",
    "term",
    "term_unit",
    "repay_every",
    "repay_unit",
    "repayments",
    "grace_principal",
    "grace_interest",
    "interest_free_days",
    "allocation",
    "charge calculation type",
    "charge amount %",
    "charge amount",
    "fixed_length_days",
    "down_payment_percent_override",
}
SETTINGS = {
    "days_in_year",
    "days_in_month",
    "days_in_year_custom",
    "partial_period_interest",
    "interest_recalculation",
    "schedule_type",
    "decimals",
    "rounding",
    "instalment_multiple_of",
    "down_payment_percent",
    "interest_on_disbursement_day",
}
FEBRUARY_29 = "FEB_29_PERIOD_ONLY"
STARTS_AT_SUBMISSION = "submitted on date"
"""What a scenario's name says when its due dates count from the application instead of the disbursement."""
MAX_REPAYMENTS, MAX_EVERY, MAX_TERM = 480, 3_660, 20_000
MOST_DECIMALS = 8
MOST_NUMBER = 10**12
MAX_DAY = 100_000
MOST_PLACES = 18


class Unit(Enum):
    """What a period counts, with the periods of a year by which CUMULATIVE divides the rate."""

    DAYS = 365
    WEEKS = 52
    MONTHS = 12
    YEARS = 1


@dataclass(frozen=True, slots=True)
class Loan:
    """A case's terms; amounts in minor units, days since 1970."""

    principal_minor: int
    rate_percent: Decimal
    """A year."""
    start_day: int
    seed_day: int
    """The day from which due dates are counted."""
    other_seed_day: int
    """The day from which they would be if the product said so: of the application instead of the disbursement."""
    unit: Unit
    every: int
    repayments: int
    term: int
    flat: bool
    daily: bool
    equal_principal: bool
    progressive: bool
    year_days: int | None
    """None is the actual year."""
    months_of_30: bool
    leap_year_only_with_its_day: bool
    partial_periods: bool
    recalculates: bool
    """Interest follows actual payments: a table drawn later charges it on what is overdue, too."""
    splits_at_new_year: bool
    multiple_minor: int | None
    mode: RoundingMode
    decimals: int
    down_payment_minor: int
    principal_grace: int
    interest_grace: int
    fixed_length: int | None
    """Units after the seed day on which the last row is due; None where the periods say it."""


def read_loan(case: Fields) -> Loan:
    """The terms of a case. Raises Unsupported: what is missing, unknown or not meant."""
    terms, settings = _section(case, "terms"), _section(case, "settings")
    _refuse_unknown(terms, TERMS, "term")
    _refuse_unknown(settings, SETTINGS, "setting")
    decimals = _whole(settings, "decimals", 0, MOST_DECIMALS)
    mode = _word(settings, "rounding", {mode.name: mode for mode in RoundingMode})
    principal, start = _payout(case, terms, decimals)
    seeds = [start, _day(terms, "submitted_on") if "submitted_on" in terms else start]
    if STARTS_AT_SUBMISSION in str(case.get("scenario", "")).lower():
        seeds.reverse()
    multiple = _multiple(settings, decimals)
    return Loan(
        principal_minor=principal,
        rate_percent=_number(terms, "annual_rate_percent"),
        start_day=start,
        seed_day=seeds[0],
        other_seed_day=seeds[1],
        unit=_word(terms, "repay_unit", {unit.name: unit for unit in Unit}),
        every=_whole(terms, "repay_every", 1, MAX_EVERY),
        repayments=_whole(terms, "repayments", 1, MAX_REPAYMENTS),
        term=_whole(terms, "term", 1, MAX_TERM),
        flat=_word(terms, "interest_type", {"FLAT": True, "DECLINING_BALANCE": False}),
        daily=_word(terms, "interest_period", {"DAILY": True, "SAME_AS_REPAYMENT_PERIOD": False}),
        equal_principal=_word(terms, "amortization", {"EQUAL_PRINCIPAL": True, "EQUAL_INSTALLMENTS": False}),
        progressive=_word(settings, "schedule_type", {"PROGRESSIVE": True, "CUMULATIVE": False}),
        year_days=_word(settings, "days_in_year", {"ACTUAL": None, "360": 360, "364": 364, "365": 365}),
        months_of_30=_word(settings, "days_in_month", {"ACTUAL": False, "30": True}),
        leap_year_only_with_its_day=_word(settings, "days_in_year_custom", {FEBRUARY_29: True}, False),
        partial_periods=_flag(settings, "partial_period_interest"),
        recalculates=_flag(settings, "interest_recalculation"),
        splits_at_new_year=_flag(settings, "interest_on_disbursement_day"),
        multiple_minor=multiple,
        mode=mode,
        decimals=decimals,
        down_payment_minor=_down_payment(terms, settings, principal, multiple, mode),
        principal_grace=_whole(terms, "grace_principal", 0, MAX_REPAYMENTS, 0),
        interest_grace=_interest_grace(terms),
        fixed_length=_whole(terms, "fixed_length_days", 1, MAX_TERM) if "fixed_length_days" in terms else None,
    )


def _refuse_unknown(fields: Fields, known: set[str], kind: str) -> None:
    for name in fields:
        if name not in known:
            raise Unsupported(f"{kind} {name!r} is not known")


def _payout(case: Fields, terms: Fields, decimals: int) -> tuple[int, int]:
    """Amount and day: of the disbursement once there is one, else as applied for."""
    if case.get("disbursed") is None:
        return _minor(terms, "principal", decimals), _day(terms, "submitted_on")
    disbursed = _section(case, "disbursed")
    return _minor(disbursed, "amount", decimals), _day(disbursed, "date")


def _multiple(settings: Fields, decimals: int) -> int | None:
    value = _number(settings, "instalment_multiple_of", Decimal(0)) * 10**decimals
    return int(value) if value >= 1 else None


def _down_payment(terms: Fields, settings: Fields, principal: int, multiple: int | None, mode: RoundingMode) -> int:
    """A part of the disbursement, rounded to the currency and then to the multiple of instalments."""
    percent = _number(settings, "down_payment_percent", Decimal(0))
    percent = _number(terms, "down_payment_percent_override", percent)
    exact = Fraction(principal) * Fraction(percent) / 100
    amount = to_multiple(exact.numerator, exact.denominator, 1, mode)
    return to_multiple(amount, 1, multiple or 1, mode)


def _interest_grace(terms: Fields) -> int:
    """Rows whose interest is due later.

    Fineract's test suite sends the grace on interest payment twice, the second time from the column that is called
    the interest-free period, and that one stays (LoanStepDef).
    """
    return _whole(terms, "interest_free_days", 0, MAX_REPAYMENTS, 0)


def _section(case: Fields, name: str) -> Fields:
    fields = case.get(name)
    if not isinstance(fields, dict):
        raise Unsupported(f"the case has no {name}")
    return fields


def _word(fields: Fields, name: str, words: Mapping[str, T], default: T | None = None) -> T:
    if name not in fields and default is not None:
        return default
    value = str(fields.get(name)).upper()
    if value not in words:
        raise Unsupported(f"{name} {fields.get(name)!r} is not one of {', '.join(words)}")
    return words[value]


def _flag(fields: Fields, name: str) -> bool:
    return _word(fields, name, {"TRUE": True, "FALSE": False}, False)


def _number(fields: Fields, name: str, default: Decimal | None = None) -> Decimal:
    if name not in fields and default is not None:
        return default
    try:
        number = Decimal(str(fields.get(name)))
    except InvalidOperation:
        raise Unsupported(f"{name} {fields.get(name)!r} is not a number") from None
    if not number.is_finite() or not 0 <= number <= MOST_NUMBER:
        raise Unsupported(f"{name} {fields.get(name)!r} is not from 0 to {MOST_NUMBER}")
    if int(number.as_tuple().exponent) < -MOST_PLACES:
        raise Unsupported(f"{name} {fields.get(name)!r} has more than {MOST_PLACES} decimals")
    return number


def _whole(fields: Fields, name: str, least: int, most: int, default: int | None = None) -> int:
    number = _number(fields, name, None if default is None else Decimal(default))
    if number != int(number) or not least <= number <= most:
        raise Unsupported(f"{name} {fields.get(name)!r} is not a whole number from {least} to {most}")
    return int(number)


def _minor(fields: Fields, name: str, decimals: int) -> int:
    minor = _number(fields, name) * 10**decimals
    if minor != int(minor) or minor < 1:
        raise Unsupported(f"{name} {fields.get(name)!r} is not an amount with {decimals} decimals")
    return int(minor)


def _day(fields: Fields, name: str) -> int:
    try:
        day = day_of(date.fromisoformat(str(fields.get(name))))
    except ValueError:
        raise Unsupported(f"{name} {fields.get(name)!r} is not a date") from None
    if not 0 <= day <= MAX_DAY:
        raise Unsupported(f"{name} {fields.get(name)!r} is not a date from 1970 to 2243")
    return day
