"""The interest that a lender has earned by a day, by the schedule."""

from contracts.loan.state import LoanState
from contracts.schedule import DayCount, Row, ScheduleTerms, divide, interest, parts_between


def earned_interest(state: LoanState, day: int) -> int:
    """Interest of the rows due by a day and of the days since, minor units, whatever was paid."""
    terms = state.terms.schedule
    earned, balance, previous = 0, terms.principal_minor, terms.disbursement_day
    for row in state.rows:
        if day <= previous:
            break
        earned += row.interest_minor if row.due_day <= day else _part(terms, row, balance, previous, day)
        balance, previous = balance - row.principal_minor, row.due_day
    return earned


def _part(terms: ScheduleTerms, row: Row, balance: int, previous: int, day: int) -> int:
    """Interest of a row for the days before its due day; that of a table is spread evenly over its days."""
    if terms.method.is_table:
        return divide(row.interest_minor * (day - previous), row.due_day - previous)
    base = terms.principal_minor if terms.method.is_flat else balance
    parts = _parts(terms.day_count, previous, day)
    return min(interest(base, terms.rate_ppm, parts, terms.day_count, terms.rounding.mode), row.interest_minor)


def _parts(day_count: DayCount, previous: int, day: int) -> int:
    """Odd days count as they are where whole months would count as 30."""
    return day - previous if day_count == DayCount.MONTHS_360 else parts_between(day_count, previous, day)
