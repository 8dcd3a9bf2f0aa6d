"""Who does what when in the demo."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.loan import DEFAULT_DAYS
from scripts.demo.habits import (
    EARLY_DAYS,
    EARLY_ROW,
    EXCEPTIONS,
    HARDSHIP_DAYS,
    LAST_ROW_BEFORE_HARDSHIP,
    LATE_DAYS,
    LATE_ROW,
    PARTED_ROW,
    REST_DAYS,
    STOPS_AFTER_ROW,
    WITHDRAWAL_DAYS,
    Act,
    Agenda,
    Deed,
    Habit,
    acts_of,
    assign,
)

BEGUN = 70
DUE_DAYS = [100, 131, 161, 192, 222, 253, 283, 314]
PERIODS = st.dictionaries(st.integers(1, 40), st.integers(1, 60), max_size=20)


def plan(habit: Habit) -> list[Act]:
    return acts_of(7, habit, BEGUN, DUE_DAYS)


def days_off(habit: Habit) -> list[int]:
    return [act.day - due for act, due in zip(plan(habit), DUE_DAYS, strict=True)]


@given(PERIODS)
def test_each_exception_is_given_to_one_borrower_at_most(periods: dict[int, int]) -> None:
    habits = assign(periods)
    assert habits.keys() == periods.keys()
    for exception in EXCEPTIONS:
        assert sum(habit is exception for habit in habits.values()) <= 1


@given(PERIODS)
def test_only_loans_long_enough_show_an_exception(periods: dict[int, int]) -> None:
    for borrower, habit in assign(periods).items():
        assert habit is Habit.ON_TIME or periods[borrower] > STOPS_AFTER_ROW + 2


def test_on_time_means_each_due_day() -> None:
    assert [act.day for act in plan(Habit.ON_TIME)] == DUE_DAYS


def test_one_instalment_is_late_and_one_early() -> None:
    rows = range(1, len(DUE_DAYS) + 1)
    assert days_off(Habit.LATE) == [LATE_DAYS if row == LATE_ROW else 0 for row in rows]
    assert days_off(Habit.EARLY) == [-EARLY_DAYS if row == EARLY_ROW else 0 for row in rows]


def test_whoever_stops_pays_nothing_more() -> None:
    assert [act.row for act in plan(Habit.STOPS)] == list(range(1, STOPS_AFTER_ROW + 1))


def test_one_instalment_is_paid_in_two_parts_the_second_of_them_late() -> None:
    due = DUE_DAYS[PARTED_ROW - 1]
    acts = [act for act in plan(Habit.PARTED) if act.row == PARTED_ROW]
    assert [(act.day, act.deed) for act in acts] == [(due, Deed.PAY_PART), (due + REST_DAYS, Deed.PAY_REST)]
    others = [act.day for act in plan(Habit.PARTED) if act.row != PARTED_ROW]
    assert others == [day for day in DUE_DAYS if day != due]


def test_in_hardship_the_plan_ends_with_new_terms() -> None:
    *paid, agreed = plan(Habit.HARDSHIP)
    assert [act.day for act in paid] == DUE_DAYS[:LAST_ROW_BEFORE_HARDSHIP]
    missed = LAST_ROW_BEFORE_HARDSHIP + 1
    assert agreed == Act(DUE_DAYS[missed - 1] + HARDSHIP_DAYS, 7, missed, Deed.AMEND)


def test_the_default_is_called_on_the_first_day_on_which_it_can_be() -> None:
    *paid, called = plan(Habit.GUARANTEED)
    assert len(paid) == STOPS_AFTER_ROW
    assert called == Act(DUE_DAYS[STOPS_AFTER_ROW] + DEFAULT_DAYS + 1, 7, STOPS_AFTER_ROW + 1, Deed.DEFAULT)


def test_whoever_withdraws_pays_no_instalment() -> None:
    assert plan(Habit.WITHDRAWS) == [Act(BEGUN + WITHDRAWAL_DAYS, 7, 1, Deed.WITHDRAW)]


def test_days_come_in_order_with_everybody_who_acts_on_them() -> None:
    agenda = Agenda([Act(5, 2, 1), Act(3, 1, 1), Act(5, 1, 2)])
    assert agenda.next_day() == (3, [Act(3, 1, 1)])
    agenda.plan([Act(4, 1, 1)])
    assert agenda.next_day() == (4, [Act(4, 1, 1)])
    assert agenda.next_day() == (5, [Act(5, 1, 2), Act(5, 2, 1)])
    assert not agenda
