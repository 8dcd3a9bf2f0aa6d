"""Plans as JSON."""

import re
from collections.abc import Mapping
from typing import Any

from contracts.schedule.calendar import date_of, day_at, due_day, month_index
from contracts.schedule.day_count import PPM, DayCount
from contracts.schedule.limits import (
    EASTERNMOST_MINUTES,
    LAST_DAY,
    MAX_DAY,
    MAX_FIRST_PERIOD_DAYS,
    MAX_PERIOD_DAYS,
    MAX_PERIOD_MONTHS,
    MAX_PERIODS,
    MAX_PRINCIPAL_MINOR,
    MAX_RATE_PPM,
    WESTERNMOST_MINUTES,
)
from contracts.schedule.method import Method, PeriodUnit
from contracts.schedule.plan.business_days import BusinessDays, Shift
from contracts.schedule.plan.errors import PlanRefused
from contracts.schedule.plan.plan import Moratorium, Plan, PlannedRow
from contracts.schedule.plan.reader import Reader, parse_day, reading
from contracts.schedule.rounding import Levelling, Residue, Rounding, RoundingMode, to_multiple

UNITS = {
    "days": (PeriodUnit.DAY, 1, MAX_PERIOD_DAYS),
    "weeks": (PeriodUnit.DAY, 7, MAX_PERIOD_DAYS // 7),
    "months": (PeriodUnit.MONTH, 1, MAX_PERIOD_MONTHS),
    "years": (PeriodUnit.MONTH, 12, MAX_PERIOD_MONTHS // 12),
}
"""Unit of the contract, how many of it, and the most of them in a period."""
MAX_WEIGHT = 1_000_000
LATEST_AT = MAX_DAY * 86_400
WEEKDAYS = range(1, 8)
_METHODS = [method.name.lower() for method in Method]
_DAY_COUNTS = [count.name.lower() for count in DayCount]
_ZONE = re.compile(r"([+-])([0-9]{2}):([0-5][0-9])")


def parse_plan(terms: Mapping[str, Any]) -> Plan:
    """The plan that a JSON object says. Raises PlanRefused, which names the field, its value and its limit."""
    with reading(terms) as reader:
        method = Method[reader.word("method", _METHODS).upper()]
        rows = _rows(reader) if method.is_table else ()
        periods = _periods(reader, method, len(rows))
        unit, length = _period(reader)
        zone = _time_zone(reader)
        paid_out = _disbursement_day(reader, zone)
        anchor, first = _first_due(reader, unit, length, paid_out, rows)
        principal = reader.integer("principal_minor", 1, MAX_PRINCIPAL_MINOR)
        rounding, multiple = _rounding(reader, method)
        upfront, financed = _fees(reader, principal)
        weights = _weights(reader, method, periods)
        return Plan(
            method=method,
            principal_minor=principal,
            rate_ppm=reader.integer("rate_ppm", 0, MAX_RATE_PPM),
            periods=periods,
            disbursement_day=paid_out,
            first_due_day=first,
            anchor_day=anchor,
            day_count=_day_count(reader, unit, method),
            rounding=rounding,
            multiple_minor=multiple,
            period_unit=unit,
            period_length=length,
            moratorium=_moratorium(reader, method, periods, weights),
            down_payment_minor=_down_payment(reader, method, principal, multiple, rounding.mode),
            upfront_fee_minor=upfront,
            financed_fee_minor=financed,
            weights=weights,
            rows=rows,
            business_days=_business_days(reader),
            time_zone_minutes=zone,
        )


def _rows(reader: Reader) -> tuple[PlannedRow, ...]:
    rows = reader.list("rows")
    if not 1 <= len(rows) <= MAX_PERIODS:
        raise PlanRefused("rows", len(rows), f"a custom method has 1 to {MAX_PERIODS} rows and")
    return tuple(_row(fields, f"rows[{index}]") for index, fields in enumerate(rows))


def _row(fields: object, path: str) -> PlannedRow:
    with reading(fields, path) as row:
        interest = row.integer("interest_minor") if row.has("interest_minor") else None
        return PlannedRow(
            _within(row, "due_date", 0, LAST_DAY), row.integer("principal_minor", 0, MAX_PRINCIPAL_MINOR), interest
        )


def _periods(reader: Reader, method: Method, rows: int) -> int:
    if method.is_table:
        return reader.integer("periods", rows, rows, default=rows)
    most = 1 if method is Method.BULLET else MAX_PERIODS
    return reader.integer("periods", 1, most, default=1 if method is Method.BULLET else None)


def _period(reader: Reader) -> tuple[PeriodUnit, int]:
    with reader.section("period") as period:
        unit, times, most = UNITS[period.word("unit", list(UNITS), default="months")]
        return unit, times * period.integer("every", 1, most, default=1)


def _time_zone(reader: Reader) -> int:
    text = reader.text("time_zone", "an offset such as +08:00", default="+00:00")
    match = _ZONE.fullmatch(text)
    minutes = (
        (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1) if match else EASTERNMOST_MINUTES + 1
    )
    if not WESTERNMOST_MINUTES <= minutes <= EASTERNMOST_MINUTES:
        raise PlanRefused("time_zone", text, "offsets from -12:00 to +14:00 are")
    return minutes


def _disbursement_day(reader: Reader, zone: int) -> int:
    if reader.has("disbursement_at"):
        return day_at(reader.integer("disbursement_at", max(0, -zone * 60), LATEST_AT), zone)
    return _within(reader, "disbursement_date", 0, MAX_DAY)


def _within(reader: Reader, field: str, least: int, most: int) -> int:
    day = reader.day(field)
    if not least <= day <= most:
        limit = f"dates from {date_of(least)} to {date_of(most)} are"
        raise PlanRefused(reader.name(field), date_of(day).isoformat(), limit)
    return day


def _first_due(
    reader: Reader, unit: PeriodUnit, length: int, paid_out: int, rows: tuple[PlannedRow, ...]
) -> tuple[int, int]:
    """Anchor day and first due day: as given, or a whole period after the disbursement at the earliest."""
    if rows:
        return 0, rows[0].due_day
    latest = paid_out + MAX_FIRST_PERIOD_DAYS
    first = _within(reader, "first_due_date", paid_out + 1, latest) if reader.has("first_due_date") else None
    if unit is PeriodUnit.DAY:
        return 0, paid_out + length if first is None else first
    anchor = reader.integer("anchor_day", 1, 31, default=date_of(paid_out if first is None else first).day)
    if first is None:
        first = _period_after(paid_out, anchor, length)
    if first > latest:
        raise PlanRefused("anchor_day", anchor, f"a first due day of {date_of(latest)} at the latest is")
    if due_day(month_index(first), anchor, 0) != first:
        raise PlanRefused("first_due_date", date_of(first).isoformat(), f"day {anchor} of its month is")
    return anchor, first


def _period_after(paid_out: int, anchor: int, months: int) -> int:
    month = month_index(paid_out) + months
    early = due_day(month, anchor, 0) < due_day(month, date_of(paid_out).day, 0)
    return due_day(month, anchor, 1 if early else 0)


def _day_count(reader: Reader, unit: PeriodUnit, method: Method) -> DayCount:
    count = DayCount[reader.word("day_count", _DAY_COUNTS, default="act_365f").upper()]
    if count is DayCount.MONTHS_360 and (unit is PeriodUnit.DAY or method.is_table):
        raise PlanRefused("day_count", "months_360", "it needs a method with periods of months or years; any other is")
    return count


def _rounding(reader: Reader, method: Method) -> tuple[Rounding, int]:
    with reader.section("rounding") as rounding:
        residues = ("last", "first") if method is Method.EQUAL_PRINCIPAL else ("last",)
        return Rounding(
            RoundingMode[rounding.word("mode", [mode.name.lower() for mode in RoundingMode], "half_up").upper()],
            Residue[rounding.word("residue", residues, "last").upper()],
            Levelling[rounding.word("levelling", ("levelled", "exact"), "levelled").upper()],
        ), rounding.integer("multiple_minor", 1, MAX_PRINCIPAL_MINOR, default=1)


def _moratorium(reader: Reader, method: Method, periods: int, weights: tuple[int, ...]) -> Moratorium:
    with reader.section("moratorium") as moratorium:
        resting = periods - 1 if method.has_instalment and not weights else 0
        principal = moratorium.integer("principal_periods", 0, resting, default=0)
        most = _most_interest_free(method, periods, principal, weights)
        interest = moratorium.integer("interest_periods", 0, most, default=0)
        return Moratorium(
            principal, interest, moratorium.word("interest", ("deferred", "waived"), "deferred") == "waived"
        )


def _most_interest_free(method: Method, periods: int, resting: int, weights: tuple[int, ...]) -> int:
    """An instalment that counts interest cannot go without it; parts of the principal can."""
    if method.is_table:
        return 0
    if method in {Method.ANNUITY, Method.FLAT}:
        return next((row for row, weight in enumerate(weights) if weight), resting)
    return periods - 1


def _down_payment(reader: Reader, method: Method, principal: int, multiple: int, mode: RoundingMode) -> int:
    if method.is_table and reader.has("down_payment"):
        raise PlanRefused("down_payment", "given", "a custom method has it among its rows; none is")
    with reader.section("down_payment") as down:
        if down.has("amount_minor"):
            return down.integer("amount_minor", 0, principal - 1)
        percent = down.integer("percent_ppm", 0, PPM - 1, default=0)
        amount = to_multiple(principal * percent, PPM, multiple, mode)
        if amount >= principal:
            raise PlanRefused("down_payment.percent_ppm", percent, f"rounded to {multiple} it must leave something and")
        return amount


def _fees(reader: Reader, principal: int) -> tuple[int, int]:
    with reader.section("fees") as fees:
        upfront = fees.integer("upfront_minor", 0, principal - 1, default=0)
        return upfront, fees.integer("financed_minor", 0, MAX_PRINCIPAL_MINOR - principal, default=0)


def _weights(reader: Reader, method: Method, periods: int) -> tuple[int, ...]:
    weights = reader.list("weights")
    if not weights:
        return ()
    if not method.has_instalment:
        raise PlanRefused("weights", weights, "only annuity, equal_principal and flat have them; none is")
    if len(weights) != periods or any(type(weight) is not int or not 0 <= weight <= MAX_WEIGHT for weight in weights):
        raise PlanRefused("weights", weights, f"{periods} whole numbers from 0 to {MAX_WEIGHT} are")
    if not weights[-1]:
        raise PlanRefused("weights", weights, "the last row takes the rest: a last weight of at least 1 is")
    return tuple(weights)


def _business_days(reader: Reader) -> BusinessDays | None:
    if not reader.has("business_days"):
        return None
    with reader.section("business_days") as days:
        weekend = days.list("weekend") if days.has("weekend") else [6, 7]
        if any(type(day) is not int or day not in WEEKDAYS for day in weekend) or len(set(weekend)) == len(WEEKDAYS):
            raise PlanRefused("business_days.weekend", weekend, "ISO weekdays 1 (Monday) to 7, not all of them, are")
        return BusinessDays(
            Shift(days.word("shift", list(Shift), "following")),
            days.word("interest", ("adjusted", "unadjusted"), "unadjusted") == "adjusted",
            frozenset(weekend),
            _days(days, "holidays"),
            _days(days, "workdays"),
        )


def _days(reader: Reader, field: str) -> frozenset[int]:
    return frozenset(
        parse_day(reader.name(f"{field}[{index}]"), value) for index, value in enumerate(reader.list(field))
    )
