"""What an agreement may say so that a LoanBook can carry it out (the twin of TermsLib)."""

from dataclasses import dataclass
from typing import Protocol, Self

from contracts.loan.errors import (
    FirstDueDayInconsistent,
    InstalmentNotMultiple,
    InvalidWaterfall,
    OutsideOriginationWindow,
    TimeZoneOutOfRange,
)
from contracts.schedule import (
    LAST_DAY,
    DayCount,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    ScheduleTerms,
    TermOutOfRange,
    UnsupportedDayCount,
    UnsupportedMethod,
    UnsupportedPeriodUnit,
    UnsupportedRounding,
    due_day,
    month_index,
)
from contracts.schedule.limits import (
    EASTERNMOST_MINUTES,
    MAX_DAY,
    MAX_FIRST_PERIOD_DAYS,
    MAX_INSTALMENT_MINOR,
    MAX_PERIOD_DAYS,
    MAX_PERIOD_MONTHS,
    MAX_PERIODS,
    MAX_PRINCIPAL_MINOR,
    MAX_RATE_PPM,
    WESTERNMOST_MINUTES,
)
from contracts.typed_data import Agreement

MAX_ORIGINATION_WINDOW_DAYS = 3
MAX_GRACE_DAYS = 2**8 - 1
MAX_LATE_FEE_MINOR = 2**32 - 1
MAX_PENALTY_DAYS = 2**16 - 1

LATE_FEE, PENALTY, INTEREST, PRINCIPAL = 1, 2, 3, 4
DEFAULT_WATERFALL = 0x1234


class Shape(Protocol):
    """The terms that say which shape a schedule has; an agreement has them."""

    @property
    def method(self) -> int: ...

    @property
    def period_unit(self) -> int: ...

    @property
    def period_length(self) -> int: ...

    @property
    def interest_only_periods(self) -> int: ...

    @property
    def day_count(self) -> int: ...

    @property
    def rounding(self) -> int: ...


class Charges(Protocol):
    """The terms that say what lateness costs; an agreement has them."""

    @property
    def grace_days(self) -> int: ...

    @property
    def late_fee_minor(self) -> int: ...

    @property
    def penalty_rate_ppm(self) -> int: ...

    @property
    def penalty_max_days(self) -> int: ...


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
        """The terms of an agreement that can be carried out. Raises a LoanRefused or a ScheduleRefused."""
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
    """Refuse what a LoanBook cannot carry out, in the contract's order. Raises a LoanRefused or a ScheduleRefused."""
    require_words(agreement)
    waterfall_order(agreement.waterfall)
    _require_amounts(agreement)
    _require_days(agreement)
    _require_multiple(agreement)


def require_words(shape: Shape) -> None:
    """Refuse unknown methods, units, day counts and roundings, and those that do not go together.

    Raises UnsupportedMethod, UnsupportedPeriodUnit, UnsupportedDayCount, UnsupportedRounding.
    """
    if shape.method > max(Method):
        raise UnsupportedMethod(shape.method)
    if shape.period_unit > max(PeriodUnit):
        raise UnsupportedPeriodUnit(shape.period_unit)
    if shape.day_count > max(DayCount) or (shape.day_count == DayCount.MONTHS_360 and not counts_months(shape)):
        raise UnsupportedDayCount(shape.day_count)
    _require_rounding(shape)


def _require_rounding(shape: Shape) -> None:
    rounding, method = Rounding.of(shape.rounding), Method(shape.method)
    first = rounding.residue == Residue.FIRST and method != Method.EQUAL_PRINCIPAL
    if first or (method.is_table and shape.rounding > max(RoundingMode)):
        raise UnsupportedRounding(shape.rounding)


def require_periods(shape: Shape, periods: int) -> None:
    """Refuse counts and lengths of periods that the method does not have. Raises TermOutOfRange."""
    method, table = Method(shape.method), Method(shape.method).is_table
    longest = MAX_PERIOD_MONTHS if shape.period_unit == PeriodUnit.MONTH else MAX_PERIOD_DAYS
    moratorium = periods - 1 if method.has_instalment else 0
    within("periods", periods, 1, 1 if method == Method.BULLET else MAX_PERIODS)
    within("periodUnit", shape.period_unit, 0, 0 if table else max(PeriodUnit))
    within("periodLength", shape.period_length, 0 if table else 1, 0 if table else longest)
    within("interestOnlyPeriods", shape.interest_only_periods, 0, moratorium)


def require_charges(charges: Charges) -> None:
    """Refuse charges for lateness that a LoanBook cannot count. Raises TermOutOfRange."""
    within("graceDays", charges.grace_days, 0, MAX_GRACE_DAYS)
    within("lateFeeMinor", charges.late_fee_minor, 0, MAX_LATE_FEE_MINOR)
    within("penaltyRatePpm", charges.penalty_rate_ppm, 0, MAX_RATE_PPM)
    within("penaltyMaxDays", charges.penalty_max_days, 0, MAX_PENALTY_DAYS)


def require_time_zone(time_zone_minutes: int) -> None:
    """Refuse a time zone that no place on earth has. Raises TimeZoneOutOfRange."""
    if not WESTERNMOST_MINUTES <= time_zone_minutes <= EASTERNMOST_MINUTES:
        raise TimeZoneOutOfRange(time_zone_minutes)


def require_origination_day(agreement: Agreement, today: int) -> None:
    """Refuse a day on which the agreement may not begin. Raises TermOutOfRange, OutsideOriginationWindow.

    However late in its window it begins, its first instalment is not overdue; that of a table may be due at once.
    """
    first, last = agreement.disbursement_day, agreement.latest_origination_day
    soonest = last if Method(agreement.method).is_table else last + 1
    within("latestOriginationDay", last, first, first + MAX_ORIGINATION_WINDOW_DAYS)
    within("firstDueDay", agreement.first_due_day, soonest, first + MAX_FIRST_PERIOD_DAYS)
    if not first <= today <= last:
        raise OutsideOriginationWindow(today, first, last)


def require_last_due_day(day: int) -> None:
    """Refuse a schedule that ends too late to be carried out. Raises TermOutOfRange."""
    within("lastDueDay", day, 0, LAST_DAY)


def _require_amounts(a: Agreement) -> None:
    least, most = (1, MAX_INSTALMENT_MINOR) if Method(a.method).has_instalment else (0, 0)
    within("principalMinor", a.principal_minor, 1, MAX_PRINCIPAL_MINOR)
    within("ratePpm", a.rate_ppm, 0, MAX_RATE_PPM)
    require_periods(a, a.periods)
    within("instalmentMinor", a.instalment_minor, least, most)
    require_charges(a)


def _require_days(a: Agreement) -> None:
    require_time_zone(a.time_zone_minutes)
    by_months, start = counts_months(a), a.disbursement_day
    soonest = start if Method(a.method).is_table else start + 1
    within("anchorDay", a.anchor_day, 1 if by_months else 0, 31 if by_months else 0)
    within("disbursementDay", start, 0, MAX_DAY)
    within("firstDueDay", a.first_due_day, soonest, start + MAX_FIRST_PERIOD_DAYS)
    if by_months:
        derived = due_day(month_index(a.first_due_day), a.anchor_day, 0)
        if derived != a.first_due_day:
            raise FirstDueDayInconsistent(a.first_due_day, derived)


def _require_multiple(a: Agreement) -> None:
    multiple = a.instalment_multiple_minor
    if Method(a.method).is_table:
        within("instalmentMultipleMinor", multiple, 1, 1)
    elif multiple == 0 or a.instalment_minor % multiple:
        raise InstalmentNotMultiple(a.instalment_minor, multiple)


def counts_months(shape: Shape) -> bool:
    """Whether due days are an anchor day in months."""
    return not Method(shape.method).is_table and shape.period_unit == PeriodUnit.MONTH


def within(term: str, value: int, least: int, most: int) -> None:
    """Refuse a value of a term outside of its limits. Raises TermOutOfRange."""
    if not least <= value <= most:
        raise TermOutOfRange(term, value, least, most)
