"""Who pays when in the demo."""

from hypothesis import given
from hypothesis import strategies as st

from scripts.demo.habits import (
    EARLY_DAYS,
    EARLY_ROW,
    LATE_DAYS,
    LATE_ROW,
    STOPS_AFTER_ROW,
    Act,
    Habit,
    acts_of,
    assign,
    by_day,
)

DUE_DAYS = [100, 131, 161, 192, 222, 253, 283, 314]
PERIODS = st.dictionaries(st.integers(1, 40), st.integers(1, 60), max_size=20)


@given(PERIODS)
def test_each_exception_is_given_to_one_borrower_at_most(periods: dict[int, int]) -> None:
    habits = assign(periods)
    assert habits.keys() == periods.keys()
    for exception in (Habit.LATE, Habit.EARLY, Habit.STOPS):
        assert sum(habit is exception for habit in habits.values()) <= 1


@given(PERIODS)
def test_only_loans_long_enough_show_an_exception(periods: dict[int, int]) -> None:
    for borrower, habit in assign(periods).items():
        assert habit is Habit.ON_TIME or periods[borrower] > STOPS_AFTER_ROW + 2


def test_on_time_means_each_due_day() -> None:
    assert [act.day for act in acts_of(7, Habit.ON_TIME, DUE_DAYS)] == DUE_DAYS


def test_one_instalment_is_late_and_one_early() -> None:
    late = [act.day - due for act, due in zip(acts_of(7, Habit.LATE, DUE_DAYS), DUE_DAYS, strict=True)]
    early = [act.day - due for act, due in zip(acts_of(7, Habit.EARLY, DUE_DAYS), DUE_DAYS, strict=True)]
    assert late == [LATE_DAYS if row == LATE_ROW else 0 for row in range(1, len(DUE_DAYS) + 1)]
    assert early == [-EARLY_DAYS if row == EARLY_ROW else 0 for row in range(1, len(DUE_DAYS) + 1)]


def test_whoever_stops_pays_nothing_more() -> None:
    assert [act.row for act in acts_of(7, Habit.STOPS, DUE_DAYS)] == list(range(1, STOPS_AFTER_ROW + 1))


def test_days_come_in_order_with_everybody_who_pays_on_them() -> None:
    acts = [Act(5, 2, 1), Act(3, 1, 1), Act(5, 1, 2)]
    assert by_day(acts) == [(3, [Act(3, 1, 1)]), (5, [Act(5, 1, 2), Act(5, 2, 1)])]
