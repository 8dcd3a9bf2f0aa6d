"""The rows of a formula: each rounded once, one of them takes the residue."""

from collections.abc import Iterator

from contracts.schedule.day_count import PPM
from contracts.schedule.errors import RowTooLarge, ScheduleDegenerate, UnsupportedMethod
from contracts.schedule.limits import MAX_ROW_MINOR
from contracts.schedule.method import Method
from contracts.schedule.periods import accruals
from contracts.schedule.rounding import Residue, divide
from contracts.schedule.row import Row
from contracts.schedule.terms import ScheduleTerms


def derive(terms: ScheduleTerms, instalment_minor: int) -> list[Row]:
    """The rows of a formula and its instalment (0 where the method has none). The same as LoanBook.deriveSchedule.

    Raises ScheduleDegenerate, RowTooLarge, UnsupportedMethod, UnsupportedDayCount.
    """
    rows: list[Row] = []
    for row, balance in walk(terms, instalment_minor):
        _require_sound(terms, instalment_minor, row, balance)
        if row.due_minor > MAX_ROW_MINOR:
            raise RowTooLarge(row.nr - 1, row.due_minor, MAX_ROW_MINOR)
        rows.append(row)
    return rows


def walk(terms: ScheduleTerms, instalment_minor: int) -> Iterator[tuple[Row, int]]:
    """Each row with the balance at its start, whether they make sense or not. Raises UnsupportedMethod."""
    if terms.method.is_table:
        raise UnsupportedMethod(terms.method)
    flat, year, mode = terms.method.is_flat, PPM * terms.day_count.year_parts, terms.rounding.mode
    balance = terms.principal_minor
    for nr, (due, parts) in enumerate(accruals(terms), 1):
        base = terms.principal_minor if flat else balance
        charged = divide(base * terms.rate_ppm * parts, year, mode)
        principal = balance if nr == terms.periods else _principal(terms, instalment_minor, nr - 1, charged)
        yield Row(nr, due, principal, charged), balance
        balance -= principal


def _principal(terms: ScheduleTerms, instalment: int, row: int, charged: int) -> int:
    """What a row before the last repays of the principal."""
    if row < terms.interest_only_periods or not terms.method.has_instalment:
        return 0
    if terms.method != Method.EQUAL_PRINCIPAL:
        return instalment - charged
    if row == terms.interest_only_periods and terms.rounding.residue == Residue.FIRST:
        return terms.principal_minor - (terms.periods - 1 - row) * instalment
    return instalment


def _require_sound(terms: ScheduleTerms, instalment: int, row: Row, balance: int) -> None:
    last = row.nr == terms.periods
    if not (_last_is_sound if last else _earlier_is_sound)(terms, instalment, row, balance):
        raise ScheduleDegenerate(row.nr - 1, row.interest_minor, balance)


def _earlier_is_sound(terms: ScheduleTerms, instalment: int, row: Row, balance: int) -> bool:
    """It pays something, repays nothing negative, and leaves something to the last row."""
    if row.principal_minor >= balance:
        return False
    if row.nr <= terms.interest_only_periods or not terms.method.has_instalment:
        return row.interest_minor > 0
    return row.principal_minor > 0


def _last_is_sound(terms: ScheduleTerms, instalment: int, row: Row, balance: int) -> bool:
    """It is no more than two instalments, and its interest less than one."""
    if not terms.method.has_instalment:
        return True
    if terms.method == Method.EQUAL_PRINCIPAL:
        return balance <= 2 * instalment
    return row.interest_minor < instalment and row.due_minor <= 2 * instalment
