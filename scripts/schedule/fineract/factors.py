"""Interest of a period for each unit of the base."""

from calendar import isleap
from datetime import date
from decimal import Decimal
from fractions import Fraction

from contracts.schedule import date_of, day_of, due_day, month_index
from scripts.schedule.fineract.dates import due_days
from scripts.schedule.fineract.digits import Digits, exact
from scripts.schedule.fineract.loan import Loan, Unit

UNIT_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 30}
"""Days of a unit where months have 30."""
COMMON_YEAR, LEAP_YEAR = 365, 366
PERCENT = 100


def progressive_factor(loan: Loan, start: int, end: int) -> Fraction:
    """PROGRESSIVE: the rate for the period's share of a year (calculateRateFactorPerPeriod of its EMI calculator)."""
    digits = Digits(loan.mode)
    return digits.factor(digits.quotient(loan.rate_percent, PERCENT), _share_of_year(loan, digits, start, end))


def _share_of_year(loan: Loan, digits: Digits, start: int, end: int) -> Decimal:
    """Whole months or weeks of a year, its calendar years' shares, months of 30 days, or days."""
    if not loan.daily and loan.unit in {Unit.MONTHS, Unit.WEEKS}:
        return digits.quotient(loan.every, loan.unit.value)
    if loan.year_days is None and _year(start) != _year(end) and _leap_counts(loan, start, end):
        return _shares_of_years(loan, digits, start, end)
    whole = loan.months_of_30 and loan.unit in UNIT_DAYS and not _has_fixed_end(loan, end)
    days = loan.every * UNIT_DAYS[loan.unit] if whole else end - start
    return digits.quotient(days, loan.year_days or _year_days(loan, start, end))


def _has_fixed_end(loan: Loan, end: int) -> bool:
    return loan.fixed_length is not None and end == due_days(loan)[-1]


def _shares_of_years(loan: Loan, digits: Digits, start: int, end: int) -> Decimal:
    """Each calendar year's days over its length.

    The last day of a year counts to the next one, unless interest is recognised on the day of disbursement.
    """
    total, begin = Decimal(0), start
    for year in range(_year(start), _year(end) + 1):
        turn = day_of(date(year + 1, 1, 1)) - (0 if loan.splits_at_new_year else 1)
        until = end if year == _year(end) else turn
        total = digits.total(total, digits.quotient(until - begin, LEAP_YEAR if isleap(year) else COMMON_YEAR))
        begin = until
    return total


def _leap_counts(loan: Loan, start: int, end: int) -> bool:
    """Whether a leap year counts as one: always, or only if its day lies after the start and not after the end."""
    if not loan.leap_year_only_with_its_day:
        return True
    years = (year for year in range(_year(start), _year(end) + 1) if isleap(year))
    return any(start < day_of(date(year, 2, 29)) <= end for year in years)


def _year_days(loan: Loan, start: int, end: int) -> int:
    return LEAP_YEAR if isleap(_year(start)) and _leap_counts(loan, start, end) else COMMON_YEAR


def _year(day: int) -> int:
    return date_of(day).year


def cumulative_factor(loan: Loan, start: int, end: int) -> Fraction:
    """CUMULATIVE: an actual year always has 365 days (LoanApplicationTerms.periodicInterestRate)."""
    if loan.daily:
        return rate_of(loan, loan.year_days or COMMON_YEAR) * Fraction(_daily_days(loan, start, end))
    counted = exact(units_between(loan, start, end)) if loan.partial_periods else Decimal(loan.every)
    return rate_of(loan, units_of_year(loan)) * Fraction(counted)


def flat_factor(loan: Loan, end: int) -> Fraction:
    """Interest of the whole term (LoanApplicationTerms.calculateFlatInterestRateForLoanTerm)."""
    if loan.daily:
        return rate_of(loan, loan.year_days or COMMON_YEAR) * (end - loan.start_day)
    counted = exact(units_between(loan, loan.start_day, end)) if loan.partial_periods else Decimal(loan.term)
    return rate_of(loan, units_of_year(loan)) * Fraction(counted)


def rate_of(loan: Loan, units: int) -> Fraction:
    """The rate of one of so many units of a year."""
    digits = Digits(loan.mode)
    return Fraction(digits.quotient(digits.quotient(loan.rate_percent, units), PERCENT))


def units_of_year(loan: Loan) -> int:
    """Units of the repayment period in a year; days as the year is said to have."""
    return loan.year_days or COMMON_YEAR if loan.unit is Unit.DAYS else loan.unit.value


def units_between(loan: Loan, start: int, end: int) -> Fraction:
    """Whole units and the started one's share (LoanApplicationTerms.calculatePeriodsBetweenDates)."""
    if loan.unit in {Unit.DAYS, Unit.WEEKS}:
        return Fraction(end - start, UNIT_DAYS[loan.unit])
    step = 12 if loan.unit is Unit.YEARS else 1
    whole = (month_index(end) - month_index(start)) // step
    if _months_after(loan, start, whole * step) > end:
        whole -= 1
    begin, until = (_months_after(loan, start, count * step) for count in (whole, whole + 1))
    return whole + Fraction(end - begin, until - begin)


def _months_after(loan: Loan, start: int, months: int) -> int:
    """The same day so many months later; a seed after the 28th draws a day from the 28th on to its own."""
    day, seed = date_of(start).day, date_of(loan.seed_day).day
    return due_day(month_index(start), max(day, seed) if day >= 28 and seed > 28 else day, months)


def _daily_days(loan: Loan, start: int, end: int) -> Decimal:
    if loan.unit is Unit.MONTHS and loan.months_of_30:
        return 30 * exact(units_between(loan, start, end))
    if loan.unit is Unit.YEARS and loan.year_days:
        return loan.year_days * exact(units_between(loan, start, end))
    return Decimal(end - start)
