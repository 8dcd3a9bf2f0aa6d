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
    if max(loan.repayments * loan.every, loan.fixed_length or 0) * (DAYS | MONTHS)[loan.unit] > most:
        raise Unsupported(f"{loan.repayments} periods of {loan.every} {loan.unit.name.lower()} are more than 250 years")
    days = [_after(loan, row * loan.every) for row in range(1, loan.repayments + 1)]
    if loan.fixed_length is None:
        return days
    last = _after(loan, loan.fixed_length)
    if last <= max([loan.start_day, *days[:-1]]):
        raise Unsupported("the fixed length ends before the last period begins")
    return [*days[:-1], last]


def periods(loan: Loan) -> list[tuple[int, int]]:
    """First and last day of each row's interest."""
    return list(pairwise([loan.start_day, *due_days(loan)]))


def _after(loan: Loan, units: int) -> int:
    if loan.unit in DAYS:
        return loan.seed_day + units * DAYS[loan.unit]
    return due_day(month_index(loan.seed_day), date_of(loan.seed_day).day, units * MONTHS[loan.unit])
