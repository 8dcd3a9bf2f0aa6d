"""How the borrowers of the demo pay: a pure plan of who acts on which day."""

from dataclasses import dataclass
from enum import Enum
from itertools import groupby

LATE_DAYS = 20
EARLY_DAYS = 10
LATE_ROW = 3
EARLY_ROW = 2
STOPS_AFTER_ROW = 4
OBSERVED_DAYS = 95  # long enough to see the last arrears bucket, 90+


class Habit(Enum):
    ON_TIME = "on time"
    LATE = "one instalment late"
    EARLY = "one instalment early"
    STOPS = "stops paying"


@dataclass(frozen=True)
class Act:
    """One instalment that one borrower pays on one day."""

    day: int
    borrower: int
    row: int


def assign(periods: dict[int, int]) -> dict[int, Habit]:
    """Give one habit to each borrower (index -> number of instalments): the three exceptions go to the first three
    loans long enough to show them; everybody else pays on time."""
    able = [i for i, n in periods.items() if n > STOPS_AFTER_ROW + 2]
    exceptions = dict(zip(able, (Habit.LATE, Habit.EARLY, Habit.STOPS), strict=False))
    return {i: exceptions.get(i, Habit.ON_TIME) for i in periods}


def acts_of(borrower: int, habit: Habit, due_days: list[int]) -> list[Act]:
    """The acts of one borrower, one for each instalment that gets paid."""
    acts = []
    for row, due_day in enumerate(due_days, 1):
        if habit is Habit.STOPS and row > STOPS_AFTER_ROW:
            break
        acts.append(Act(due_day + _shift(habit, row), borrower, row))
    return acts


def _shift(habit: Habit, row: int) -> int:
    if habit is Habit.LATE and row == LATE_ROW:
        return LATE_DAYS
    if habit is Habit.EARLY and row == EARLY_ROW:
        return -EARLY_DAYS
    return 0


def by_day(acts: list[Act]) -> list[tuple[int, list[Act]]]:
    """All acts, grouped by day, in order of time."""
    ordered = sorted(acts, key=lambda act: (act.day, act.borrower))
    return [(day, list(group)) for day, group in groupby(ordered, key=lambda act: act.day)]
