"""The years between disbursement and each row, as the annual percentage rate counts them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from contracts.schedule.calendar import date_of, day_of, months_back
from contracts.schedule.method import PeriodUnit
from contracts.schedule.row import Row
from contracts.schedule.terms import ScheduleTerms

YEAR_MONTHS, YEAR_WEEKS, YEAR_DAYS, WEEK_DAYS = 12, 52, 365, 7


def intervals(terms: ScheduleTerms, rows: Sequence[Row]) -> list[Fraction]:
    """Years from disbursement to each row (Directive 2008/48/EC, Annex I, part I, remark c).

    Equal periods are whole months or weeks; what is left of the first is days / 365 (in a leap year's stead 366).
    Periods of other lengths are days / 365. Each row of a table is counted on its own.
    """
    if terms.method.is_table:
        return [table_interval(row.due_day, terms.disbursement_day) for row in rows]
    if terms.period_unit == PeriodUnit.DAY and terms.period_length % WEEK_DAYS:
        return [Fraction(row.due_day - terms.disbursement_day, YEAR_DAYS) for row in rows]
    first, step = first_interval(terms), _period(terms)
    return [first + index * step for index in range(len(rows))]


def first_interval(terms: ScheduleTerms) -> Fraction:
    """Years from disbursement to the first due day: whole months or weeks counted back from it, then days."""
    if terms.period_unit == PeriodUnit.DAY:
        weeks, days = divmod(terms.first_due_day - terms.disbursement_day, WEEK_DAYS)
        return Fraction(weeks, YEAR_WEEKS) + Fraction(days, YEAR_DAYS)
    return _months_and_days(terms.first_due_day, terms.anchor_day, terms.disbursement_day)


def table_interval(due: int, disbursement_day: int) -> Fraction:
    """Years from disbursement to a due day: whole months counted back by its own day of the month, then days."""
    return _months_and_days(due, date_of(due).day, disbursement_day)


def _period(terms: ScheduleTerms) -> Fraction:
    if terms.period_unit == PeriodUnit.DAY:
        return Fraction(terms.period_length // WEEK_DAYS, YEAR_WEEKS)
    return Fraction(terms.period_length, YEAR_MONTHS)


def _months_and_days(due: int, anchor_day: int, start_day: int) -> Fraction:
    months, begin = months_back(due, anchor_day, start_day)
    return Fraction(months, YEAR_MONTHS) + Fraction(begin - start_day, _year_before(begin))


def _year_before(day: int) -> int:
    """Days from the same day of the previous year to this day."""
    when = date_of(day)
    february_29 = (when.month, when.day) == (2, 29)
    return day - day_of(date(when.year - 1, when.month, 28 if february_29 else when.day))
