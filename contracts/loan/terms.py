"""What an agreement may say so that a LoanBook can carry it out (the twin of TermsLib)."""

from dataclasses import dataclass
from typing import Self

from contracts.loan.errors import (
    FirstDueDayInconsistent,
    InstalmentNotMultiple,
    InvalidWaterfall,
    OutsideOriginationWindow,
    TermOutOfRange,
    TimeZoneOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedPeriodUnit,
)
from contracts.schedule import DayCount, ScheduleTerms, due_day, month_index
from contracts.typed_data import Agreement

METHOD_ANNUITY = 0
PERIOD_MONTH = 0
MAX_PERIODS = 480
MAX_DAY = 100_000
MAX_FIRST_PERIOD_DAYS = 92
MAX_ORIGINATION_WINDOW_DAYS = 3
MAX_PRINCIPAL_MINOR = 2**44 - 1
MAX_INSTALMENT_MINOR = 2**38 - 1
MAX_RATE_PPM = 2**24 - 1
MAX_GRACE_DAYS = 2**8 - 1
MAX_LATE_FEE_MINOR = 2**32 - 1
MAX_PENALTY_DAYS = 2**16 - 1
WESTERNMOST_MINUTES, EASTERNMOST_MINUTES = -12 * 60, 14 * 60

LATE_FEE, PENALTY, INTEREST, PRINCIPAL = 1, 2, 3, 4
DEFAULT_WATERFALL = 0x1234


@dataclass(frozen=True, slots=True)
class LoanTerms:
    """What payments need of the signed terms; amounts in minor units, rates in ppm a year."""

    schedule: ScheduleTerms
    instalment_minor: int
    time_zone_minutes: int
    grace_days: int
    late_fee_minor: int
    penalty_rate_ppm: int
    penalty_max_days: int
    waterfall: tuple[int, ...]

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The terms of an agreement that can be carried out. Raises a LoanRefused."""
        require_terms(agreement)
        return cls(
            schedule=ScheduleTerms.of(agreement),
            instalment_minor=agreement.instalment_minor,
            time_zone_minutes=agreement.time_zone_minutes,
            grace_days=agreement.grace_days,
            late_fee_minor=agreement.late_fee_minor,
            penalty_rate_ppm=agreement.penalty_rate_ppm,
            penalty_max_days=agreement.penalty_max_days,
            waterfall=waterfall_order(agreement.waterfall),
        )


def waterfall_order(waterfall: int) -> tuple[int, ...]:
    """The four parts of a waterfall, first paid first. Raises InvalidWaterfall."""
    order = tuple(waterfall >> shift & 0xF for shift in (12, 8, 4, 0))
    if waterfall >= 1 << 16 or sorted(order) != [1, 2, 3, 4] or order.index(INTEREST) > order.index(PRINCIPAL):
        raise InvalidWaterfall(waterfall)
    return order


def require_terms(agreement: Agreement) -> None:
    """Refuse what a LoanBook cannot carry out, in the contract's order. Raises a LoanRefused."""
    if agreement.method != METHOD_ANNUITY:
        raise UnsupportedMethod(agreement.method)
    if agreement.period_unit != PERIOD_MONTH:
        raise UnsupportedPeriodUnit(agreement.period_unit)
    if agreement.day_count > max(DayCount):
        raise UnsupportedDayCount(agreement.day_count)
    waterfall_order(agreement.waterfall)
    _require_amounts(agreement)
    _require_days(agreement)
    multiple = agreement.instalment_multiple_minor
    if multiple == 0 or agreement.instalment_minor % multiple:
        raise InstalmentNotMultiple(agreement.instalment_minor, multiple)


def require_origination_day(agreement: Agreement, today: int) -> None:
    """Refuse a day on which the agreement may not begin. Raises TermOutOfRange, OutsideOriginationWindow.

    However late in its window it begins, its first instalment is not overdue.
    """
    first, last = agreement.disbursement_day, agreement.latest_origination_day
    _within("latestOriginationDay", last, first, first + MAX_ORIGINATION_WINDOW_DAYS)
    _within("firstDueDay", agreement.first_due_day, last + 1, first + MAX_FIRST_PERIOD_DAYS)
    if not first <= today <= last:
        raise OutsideOriginationWindow(today, first, last)


def _require_amounts(a: Agreement) -> None:
    _within("principalMinor", a.principal_minor, 1, MAX_PRINCIPAL_MINOR)
    _within("ratePpm", a.rate_ppm, 0, MAX_RATE_PPM)
    _within("periods", a.periods, 1, MAX_PERIODS)
    _within("instalmentMinor", a.instalment_minor, 1, MAX_INSTALMENT_MINOR)
    _within("graceDays", a.grace_days, 0, MAX_GRACE_DAYS)
    _within("lateFeeMinor", a.late_fee_minor, 0, MAX_LATE_FEE_MINOR)
    _within("penaltyRatePpm", a.penalty_rate_ppm, 0, MAX_RATE_PPM)
    _within("penaltyMaxDays", a.penalty_max_days, 0, MAX_PENALTY_DAYS)


def _require_days(a: Agreement) -> None:
    if not WESTERNMOST_MINUTES <= a.time_zone_minutes <= EASTERNMOST_MINUTES:
        raise TimeZoneOutOfRange(a.time_zone_minutes)
    _within("anchorDay", a.anchor_day, 1, 31)
    start = a.disbursement_day
    _within("disbursementDay", start, 0, MAX_DAY)
    _within("firstDueDay", a.first_due_day, start + 1, start + MAX_FIRST_PERIOD_DAYS)
    derived = due_day(month_index(a.first_due_day), a.anchor_day, 0)
    if derived != a.first_due_day:
        raise FirstDueDayInconsistent(a.first_due_day, derived)


def _within(term: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise TermOutOfRange(term, value, least, most)
