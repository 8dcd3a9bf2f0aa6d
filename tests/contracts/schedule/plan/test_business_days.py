"""Where a due day on a day off goes."""

from datetime import date

import pytest

from contracts.schedule import date_of, day_of
from contracts.schedule.plan import BusinessDays, PlanRefused, Shift


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


NATIONAL_DAY = BusinessDays(
    holidays=frozenset(day(f"2026-10-0{number}") for number in range(1, 8)),
    workdays=frozenset({day("2026-09-20"), day("2026-10-10")}),
)
"""The national holiday of 2026 in China, with the two weekend days that are worked in its stead."""


@pytest.mark.parametrize(
    ("shift", "due", "moved"),
    [
        ("following", "2026-10-01", "2026-10-08"),
        ("preceding", "2026-10-07", "2026-09-30"),
        ("modified_following", "2026-10-03", "2026-10-08"),
        ("following", "2026-10-10", "2026-10-10"),  # a Saturday that is worked
        ("following", "2026-09-20", "2026-09-20"),  # a Sunday that is worked
        ("following", "2026-10-11", "2026-10-12"),
        ("following", "2026-10-31", "2026-11-02"),
        ("modified_following", "2026-10-31", "2026-10-30"),  # the following day would be in November
        ("preceding", "2026-10-31", "2026-10-30"),
    ],
)
def test_a_day_off_is_moved(shift: str, due: str, moved: str) -> None:
    calendar = BusinessDays(Shift(shift), False, NATIONAL_DAY.weekend, NATIONAL_DAY.holidays, NATIONAL_DAY.workdays)
    assert date_of(calendar.moved(day(due))).isoformat() == moved


def test_a_calendar_without_a_working_day_is_refused() -> None:
    closed = BusinessDays(holidays=frozenset(range(day("2026-01-01"), day("2026-12-31"))))
    with pytest.raises(PlanRefused, match="within 31 days"):
        closed.moved(day("2026-06-01"))
