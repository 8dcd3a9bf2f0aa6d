"""How late a row is: days after its due day, without those on which the clock stood still."""

from collections.abc import Iterable

Stop = tuple[int, int]
"""Days on which clocks stood still, in the loan's time zone: from the first (included) to the second (excluded)."""

BUCKET_FLOORS = (1, 30, 60, 90)
"""Days late from which on a loan past its grace is in bucket 1, 2, 3, 4."""


def days_late(due_day: int, day: int, stops: Iterable[Stop] = ()) -> int:
    """Counted days between a due day and a day, 0 when it has not passed."""
    if day <= due_day:
        return 0
    return day - due_day - stopped_days(due_day, day, stops)


def stopped_days(start: int, end: int, stops: Iterable[Stop]) -> int:
    """Days from start (included) to end (excluded) on which clocks stood still; each counts once."""
    total, reached = 0, start
    for first, until in sorted(stops):
        begin, close = max(first, reached), min(until, end)
        if close > begin:
            total, reached = total + close - begin, close
    return total


def last_late(day: int, grace_days: int, stops: tuple[Stop, ...] = ()) -> int:
    """The last due day that is later on a day than a grace allows; below 0 if none since 1970 is."""
    due = day - grace_days - 1
    while days_late(due, day, stops) <= grace_days:
        due -= 1
    return due


def bucket_of(late_days: int, grace_days: int) -> int:
    """The arrears bucket: 0 within the grace, else 1 from 1 day, 2 from 30, 3 from 60, 4 from 90."""
    if late_days <= grace_days:
        return 0
    return sum(late_days >= floor for floor in BUCKET_FLOORS)
