"""What a schedule follows from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from contracts.schedule.day_count import DayCount
from contracts.schedule.errors import UnsupportedDayCount, UnsupportedRounding
from contracts.schedule.method import Method, PeriodUnit
from contracts.schedule.rounding import DEFAULT_ROUNDING, Levelling, Residue, Rounding
from contracts.schedule.row import Row
from contracts.typed_data import Agreement


@dataclass(frozen=True, slots=True)
class ScheduleTerms:
    """Terms of a schedule. Amounts in minor units, the rate in ppm a year, days since 1970.

    timeline   disbursement     first due        due(1)               due(periods - 1)
               |---- row 0 -----|---- row 1 -----|----- ... ----------|

    A table has no periods of its own: period unit, period length and anchor day are 0.
    """

    principal_minor: int
    rate_ppm: int
    periods: int
    disbursement_day: int
    first_due_day: int
    anchor_day: int
    day_count: DayCount
    multiple_minor: int = 1
    rounding: Rounding = DEFAULT_ROUNDING
    method: Method = Method.ANNUITY
    period_unit: PeriodUnit = PeriodUnit.MONTH
    period_length: int = 1
    interest_only_periods: int = 0

    @classmethod
    def of(cls, agreement: Agreement) -> Self:
        """The part of a signed agreement that its schedule follows from.

        Raises UnsupportedRounding, UnsupportedDayCount; ValueError for a number that no enumeration has.
        """
        terms = cls(
            principal_minor=agreement.principal_minor,
            rate_ppm=agreement.rate_ppm,
            periods=agreement.periods,
            disbursement_day=agreement.disbursement_day,
            first_due_day=agreement.first_due_day,
            anchor_day=agreement.anchor_day,
            day_count=DayCount(agreement.day_count),
            multiple_minor=agreement.instalment_multiple_minor,
            rounding=Rounding.of(agreement.rounding),
            method=Method(agreement.method),
            period_unit=PeriodUnit(agreement.period_unit),
            period_length=agreement.period_length,
            interest_only_periods=agreement.interest_only_periods,
        )
        require_day_count(terms)
        require_rounding(terms)
        return terms

    def as_table(self, rows: Sequence[Row]) -> Self:
        """The terms under which these rows are a table at the same rate, day count and rounding mode."""
        return replace(
            self,
            periods=len(rows),
            first_due_day=rows[0].due_day,
            anchor_day=0,
            multiple_minor=1,
            rounding=Rounding(self.rounding.mode),
            method=Method.CUSTOM_FLAT if self.method.is_flat else Method.CUSTOM,
            period_unit=PeriodUnit.MONTH,
            period_length=0,
            interest_only_periods=0,
        )


def require_day_count(terms: ScheduleTerms) -> None:
    """Refuse to count months where the schedule has none. Raises UnsupportedDayCount."""
    monthly = terms.period_unit == PeriodUnit.MONTH and not terms.method.is_table
    if terms.day_count == DayCount.MONTHS_360 and not monthly:
        raise UnsupportedDayCount(terms.day_count)


def require_rounding(terms: ScheduleTerms) -> None:
    """Refuse a rule for a residue or an instalment that the method does not have. Raises UnsupportedRounding."""
    rounding = terms.rounding
    residue_misplaced = rounding.residue != Residue.LAST and terms.method != Method.EQUAL_PRINCIPAL
    if residue_misplaced or (terms.method.is_table and rounding.levelling != Levelling.LEVELLED):
        raise UnsupportedRounding(rounding.word)
