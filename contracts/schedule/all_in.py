"""What a loan costs a year, all charges included, on the principal that the borrower really has."""

from collections.abc import Sequence

from contracts.schedule.apr import RateUndefined
from contracts.schedule.day_count import PPM
from contracts.schedule.rounding import divide
from contracts.schedule.row import Row, totals
from contracts.schedule.terms import ScheduleTerms

YEAR_DAYS = 365


def all_in_rate_ppm(terms: ScheduleTerms, rows: Sequence[Row], upfront_fee_minor: int = 0) -> int:
    """All charges over the principal in use and the days it was, in ppm a year, rounded half up.

    People's Bank of China, announcement [2021] No. 3: the annualised rate is the ratio of all charges to the
    principal actually in use, here by the simple method (单利). A fee withheld from the disbursement is a charge and
    never was in use. Raises RateUndefined when nothing is in use.
    """
    sums = totals(rows, upfront_fee_minor)
    in_use, balance, previous = 0, terms.principal_minor - upfront_fee_minor, terms.disbursement_day
    for row in rows:
        in_use += max(balance, 0) * (row.due_day - previous)
        balance -= row.principal_minor
        previous = row.due_day
    if not in_use:
        raise RateUndefined("no principal is in use")
    return divide((sums.interest_minor + sums.fees_minor) * YEAR_DAYS * PPM, in_use)
