"""Days since 1970-01-01, months as year * 12 + month - 1, and the month-end rule."""

from calendar import isleap
from datetime import date

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_of(when: date) -> int:
    """The day number of a date."""
    return when.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    """The date of a day number (years 1 to 9999)."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def month_index(day: int) -> int:
    """The month a day lies in: 2026-01 is 24312."""
    when = date_of(day)
    return when.year * 12 + when.month - 1


def month_length(month: int) -> int:
    """Days of a month."""
    year, number = divmod(month, 12)
    return 29 if number == 1 and isleap(year) else _MONTH_LENGTHS[number]


def due_day(first_month_index: int, anchor_day: int, months: int) -> int:
    """The anchor day, so many months after a month, or the last day of a shorter one."""
    month = first_month_index + months
    year, number = divmod(month, 12)
    return day_of(date(year, number + 1, min(anchor_day, month_length(month))))


def first_due_day(disbursement_day: int, anchor_day: int) -> int:
    """The first anchor day that lies at least a whole month after the disbursement."""
    month = month_index(disbursement_day) + 1
    if due_day(month, anchor_day, 0) < due_day(month, date_of(disbursement_day).day, 0):
        month += 1
    return due_day(month, anchor_day, 0)


def months_back(due: int, anchor_day: int, start_day: int) -> tuple[int, int]:
    """Whole months counted back from a due day by its anchor to a start not after it, and the day they begin on."""
    month = month_index(due)
    months = month - month_index(start_day)
    begin = due_day(month, anchor_day, -months)
    if begin < start_day:
        months -= 1
        begin = due_day(month, anchor_day, -months)
    return months, begin


def day_at(instant: int, time_zone_minutes: int) -> int:
    """The day that an instant (UTC seconds) belongs to in a time zone."""
    return (instant + time_zone_minutes * 60) // 86_400
