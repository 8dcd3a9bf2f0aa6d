"""The schedule twin: the same table as the contract's, to the minor unit, without I/O."""

from contracts.schedule.agreed import agreed_rows
from contracts.schedule.all_in import all_in_rate_ppm
from contracts.schedule.apr import RateUndefined, eu_apr, eu_apr_ppm, schedule_apr_ppm
from contracts.schedule.calendar import date_of, day_at, day_of, due_day, first_due_day, month_index
from contracts.schedule.day_count import DayCount, interest, parts_between
from contracts.schedule.derive import derive
from contracts.schedule.errors import (
    RowCountMismatch,
    RowTooLarge,
    ScheduleDegenerate,
    ScheduleRefused,
    TableBalanceLeft,
    TableDayNotLater,
    TableInterestExceeds,
    TablePrincipalExceeds,
    TermOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedPeriodUnit,
    UnsupportedRounding,
)
from contracts.schedule.instalment import level_instalment
from contracts.schedule.intervals import first_interval, intervals
from contracts.schedule.limits import LAST_DAY, MAX_ROW_MINOR
from contracts.schedule.merkle import proof_root, schedule_root, table_proof
from contracts.schedule.method import Method, PeriodUnit
from contracts.schedule.periods import due_days
from contracts.schedule.rounding import Levelling, Residue, Rounding, RoundingMode, divide, to_multiple
from contracts.schedule.row import Row, Totals, rows_of, totals
from contracts.schedule.table import verify_table
from contracts.schedule.terms import ScheduleTerms, require_day_count, require_rounding

__all__ = [
    "LAST_DAY",
    "MAX_ROW_MINOR",
    "DayCount",
    "Levelling",
    "Method",
    "PeriodUnit",
    "RateUndefined",
    "Residue",
    "Rounding",
    "RoundingMode",
    "Row",
    "RowCountMismatch",
    "RowTooLarge",
    "ScheduleDegenerate",
    "ScheduleRefused",
    "ScheduleTerms",
    "TableBalanceLeft",
    "TableDayNotLater",
    "TableInterestExceeds",
    "TablePrincipalExceeds",
    "TermOutOfRange",
    "Totals",
    "UnsupportedDayCount",
    "UnsupportedMethod",
    "UnsupportedPeriodUnit",
    "UnsupportedRounding",
    "agreed_rows",
    "all_in_rate_ppm",
    "date_of",
    "day_at",
    "day_of",
    "derive",
    "divide",
    "due_day",
    "due_days",
    "eu_apr",
    "eu_apr_ppm",
    "first_due_day",
    "first_interval",
    "interest",
    "intervals",
    "level_instalment",
    "month_index",
    "parts_between",
    "proof_root",
    "require_day_count",
    "require_rounding",
    "rows_of",
    "schedule_apr_ppm",
    "schedule_root",
    "table_proof",
    "to_multiple",
    "totals",
    "verify_table",
]
