"""How the borrowers of the demo behave: a pure plan of who acts on which day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

from contracts.loan import DEFAULT_DAYS

LATE_DAYS = 20
EARLY_DAYS = 10
LATE_ROW = 3
EARLY_ROW = 2
PARTED_ROW = 2
REST_DAYS = 10
STOPS_AFTER_ROW = 4
LAST_ROW_BEFORE_HARDSHIP = 3
HARDSHIP_DAYS = 20
WITHDRAWAL_DAYS = 5
OBSERVED_DAYS = 95  # long enough to see the last arrears bucket, 90+


class Habit(Enum):
    ON_TIME = "on time"
    LATE = "one instalment late"
    EARLY = "one instalment early"
    STOPS = "stops paying"
    PARTED = "one instalment in two parts"
    HARDSHIP = "new terms in hardship"
    GUARANTEED = "stops paying, guaranteed"
    WITHDRAWS = "withdraws"


EXCEPTIONS = tuple(habit for habit in Habit if habit is not Habit.ON_TIME)


class Deed(Enum):
    """What is done about a loan on a day."""

    PAY = "pays what is due"
    PAY_PART = "pays a part of an instalment"
    PAY_REST = "pays the rest of it"
    AMEND = "agrees on new terms with the lender"
    DEFAULT = "is called in default"
    WITHDRAW = "withdraws from the loan"


@dataclass(frozen=True)
class Act:
    """What one borrower does, or suffers, on one day about one instalment."""

    day: int
    borrower: int
    row: int
    deed: Deed = Deed.PAY


Plan = Callable[[list[Act]], list[Act]]


def assign(periods: dict[int, int]) -> dict[int, Habit]:
    """Give one habit to each borrower (index -> number of instalments): the exceptions go, one each, to the first
    loans long enough to show them; everybody else pays on time."""
    able = [i for i, n in periods.items() if n > STOPS_AFTER_ROW + 2]
    exceptions = dict(zip(able, EXCEPTIONS, strict=False))
    return {i: exceptions.get(i, Habit.ON_TIME) for i in periods}


def acts_of(borrower: int, habit: Habit, begun_day: int, due_days: list[int]) -> list[Act]:
    """The acts of one borrower whose loan began on `begun_day`, in order of time.

    After an amendment the loan pays on by its new rows, which are planned then.
    """
    if habit is Habit.WITHDRAWS:
        return [Act(begun_day + WITHDRAWAL_DAYS, borrower, 1, Deed.WITHDRAW)]
    return PLANS[habit]([Act(due_day, borrower, row) for row, due_day in enumerate(due_days, 1)])


def _shifted(row: int, days: int) -> Plan:
    return lambda acts: [replace(act, day=act.day + days) if act.row == row else act for act in acts]


def _parted(acts: list[Act]) -> list[Act]:
    before, whole, after = acts[: PARTED_ROW - 1], acts[PARTED_ROW - 1], acts[PARTED_ROW:]
    part, rest = replace(whole, deed=Deed.PAY_PART), replace(whole, day=whole.day + REST_DAYS, deed=Deed.PAY_REST)
    return [*before, part, rest, *after]


def _until(last_row: int, days: int, deed: Deed) -> Plan:
    """Instalments until a row; so many days after the next one is missed something is done about it."""
    return lambda acts: [*acts[:last_row], replace(acts[last_row], day=acts[last_row].day + days, deed=deed)]


PLANS: dict[Habit, Plan] = {
    Habit.ON_TIME: lambda acts: acts,
    Habit.LATE: _shifted(LATE_ROW, LATE_DAYS),
    Habit.EARLY: _shifted(EARLY_ROW, -EARLY_DAYS),
    Habit.STOPS: lambda acts: acts[:STOPS_AFTER_ROW],
    Habit.PARTED: _parted,
    Habit.HARDSHIP: _until(LAST_ROW_BEFORE_HARDSHIP, HARDSHIP_DAYS, Deed.AMEND),
    Habit.GUARANTEED: _until(STOPS_AFTER_ROW, DEFAULT_DAYS + 1, Deed.DEFAULT),
}
"""What becomes of the plan to pay each instalment on its due day."""


class Agenda:
    """All acts still to come; more may be planned while days go by."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._acts = list(acts)

    def __len__(self) -> int:
        return len(self._acts)

    def plan(self, acts: Iterable[Act]) -> None:
        """Add acts of days to come."""
        self._acts.extend(acts)

    def next_day(self) -> tuple[int, list[Act]]:
        """Take the next day on which anybody acts, and its acts by borrower."""
        self._acts.sort(key=lambda act: (act.day, act.borrower))
        day, group = next(groupby(self._acts, key=lambda act: act.day))
        acts = list(group)
        del self._acts[: len(acts)]
        return day, acts
