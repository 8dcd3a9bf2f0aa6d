"""When instalments are due."""

from itertools import pairwise

from contracts.schedule import date_of, due_day, month_index
from scripts.schedule.fineract.errors import Unsupported
from scripts.schedule.fineract.loan import Loan, Unit

DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7}
MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12}
MOST_MONTHS, MOST_DAYS = 3_000, 90_000
"""No loan is longer: 250 years."""


def due_days(loan: Loan) -> list[int]:
    """Periods after the seed day, on its day of the month or the last of a shorter one. Raises Unsupported."""
    most = MOST_DAYS if loan.unit in DAYS else MOST_MONTHS
    if loan.repayments * loan.every * (DAYS | MONTHS)[loan.unit] > most:
        raise Unsupported(f"{loan.repayments} periods of {loan.every} {loan.unit.name.lower()} are more than 250 years")
    days = [_due(loan, row) for row in range(1, loan.repayments + 1)]
    return days if loan.last_day is None else [*days[:-1], loan.last_day]


def periods(loan: Loan) -> list[tuple[int, int]]:
    """First and last day of each row's interest."""
    return list(pairwise([loan.start_day, *due_days(loan)]))


def _due(loan: Loan, row: int) -> int:
    if loan.unit in DAYS:
        return loan.seed_day + row * loan.every * DAYS[loan.unit]
    months = row * loan.every * MONTHS[loan.unit]
    return due_day(month_index(loan.seed_day), date_of(loan.seed_day).day, months)
