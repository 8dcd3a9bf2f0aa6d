"""Tables: rows that both sides agreed on, held against the rate that they agreed on."""

from collections.abc import Sequence

from contracts.schedule.day_count import interest, parts_between
from contracts.schedule.errors import (
    RowCountMismatch,
    RowTooLarge,
    ScheduleDegenerate,
    TableBalanceLeft,
    TableDayNotLater,
    TableInterestExceeds,
    TablePrincipalExceeds,
    TermOutOfRange,
    UnsupportedMethod,
)
from contracts.schedule.limits import LAST_DAY, MAX_ROW_MINOR
from contracts.schedule.row import Row
from contracts.schedule.terms import ScheduleTerms


def verify_table(terms: ScheduleTerms, rows: Sequence[Row]) -> None:
    """Refuse a table that a LoanBook would refuse. The same as LoanBook.verifyTable.

    Interest that accrued and was not asked for may be asked for later, or never.
    Raises a ScheduleRefused: RowCountMismatch, TermOutOfRange, TableDayNotLater, TableInterestExceeds,
    TablePrincipalExceeds, ScheduleDegenerate, RowTooLarge, TableBalanceLeft; UnsupportedMethod, UnsupportedDayCount.
    """
    _require_table(terms, rows)
    balance, accrued, previous = terms.principal_minor, 0, terms.disbursement_day
    for index, row in enumerate(rows):
        _require_day(index, row.due_day, previous)
        base = terms.principal_minor if terms.method.is_flat else balance
        parts = parts_between(terms.day_count, previous, row.due_day)
        accrued += interest(base, terms.rate_ppm, parts, terms.day_count, terms.rounding.mode)
        _require_amounts(index, row, accrued, balance)
        accrued -= row.interest_minor
        balance -= row.principal_minor
        previous = row.due_day
    if balance or not rows[-1].principal_minor:
        raise TableBalanceLeft(balance)


def _require_table(terms: ScheduleTerms, rows: Sequence[Row]) -> None:
    if not terms.method.is_table:
        raise UnsupportedMethod(terms.method)
    if len(rows) != terms.periods or not rows:
        raise RowCountMismatch(len(rows), terms.periods)
    first = rows[0].due_day
    if terms.first_due_day != first:
        raise TermOutOfRange("firstDueDay", terms.first_due_day, first, first)


def _require_day(index: int, due: int, previous: int) -> None:
    if due < previous or (due == previous and index):
        raise TableDayNotLater(index, due, previous)
    if due > LAST_DAY:
        raise TermOutOfRange("lastDueDay", due, 0, LAST_DAY)


def _require_amounts(index: int, row: Row, accrued: int, balance: int) -> None:
    if row.interest_minor > accrued:
        raise TableInterestExceeds(index, row.interest_minor, accrued)
    if row.principal_minor > balance:
        raise TablePrincipalExceeds(index, row.principal_minor, balance)
    if row.due_minor < 1:
        raise ScheduleDegenerate(index, 0, balance)
    if row.due_minor > MAX_ROW_MINOR:
        raise RowTooLarge(index, row.due_minor, MAX_ROW_MINOR)
