"""The schedule twin: the same table as the contract's, to the minor unit, without I/O."""

from contracts.schedule.annuity import (
    Row,
    ScheduleDegenerate,
    Totals,
    derive,
    level_instalment,
    schedule_root,
    totals,
)
from contracts.schedule.apr import RateUndefined, eu_apr, eu_apr_ppm, first_interval, schedule_apr_ppm
from contracts.schedule.calendar import date_of, day_at, day_of, due_day, first_due_day, month_index
from contracts.schedule.day_count import DayCount, days_between, interest
from contracts.schedule.rounding import Rounding, divide
from contracts.schedule.terms import ScheduleTerms

__all__ = [
    "DayCount",
    "RateUndefined",
    "Rounding",
    "Row",
    "ScheduleDegenerate",
    "ScheduleTerms",
    "Totals",
    "date_of",
    "day_at",
    "day_of",
    "days_between",
    "derive",
    "divide",
    "due_day",
    "eu_apr",
    "eu_apr_ppm",
    "first_due_day",
    "first_interval",
    "interest",
    "level_instalment",
    "month_index",
    "schedule_apr_ppm",
    "schedule_root",
    "totals",
]
