"""What a lender can say about a schedule."""

from dataclasses import dataclass

from contracts.schedule.day_count import DayCount
from contracts.schedule.method import Method, PeriodUnit
from contracts.schedule.plan.business_days import BusinessDays
from contracts.schedule.rounding import DEFAULT_ROUNDING, Residue, Rounding
from contracts.schedule.terms import ScheduleTerms


@dataclass(frozen=True, slots=True)
class Moratorium:
    """Rows at the beginning that repay no principal, and among them those that ask for no interest.

    Their interest is due with the first row that asks for interest, or `waived`.
    """

    principal_periods: int = 0
    interest_periods: int = 0
    waived: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of an explicit table; without an interest it asks for all that has accrued."""

    due_day: int
    principal_minor: int
    interest_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Terms beyond what an agreement has words for. Amounts in minor units, the rate in ppm a year, days since 1970.

    `financed_fee_minor` is lent on top of the principal, `upfront_fee_minor` is withheld from it; neither is paid
    out. `period_length` counts months or days. `weights` are relative sizes of the rows (0 repays nothing), empty
    when all are equal. `rows` is the table of a custom method.
    """

    method: Method
    principal_minor: int
    rate_ppm: int
    periods: int
    disbursement_day: int
    first_due_day: int
    anchor_day: int
    day_count: DayCount = DayCount.ACT_365F
    rounding: Rounding = DEFAULT_ROUNDING
    multiple_minor: int = 1
    period_unit: PeriodUnit = PeriodUnit.MONTH
    period_length: int = 1
    moratorium: Moratorium = Moratorium()
    down_payment_minor: int = 0
    upfront_fee_minor: int = 0
    financed_fee_minor: int = 0
    weights: tuple[int, ...] = ()
    rows: tuple[PlannedRow, ...] = ()
    business_days: BusinessDays | None = None
    time_zone_minutes: int = 0

    @property
    def lent_minor(self) -> int:
        """What is to be repaid: the principal with the fees that are financed."""
        return self.principal_minor + self.financed_fee_minor

    @property
    def fees_minor(self) -> int:
        """All fees; none of them reaches the borrower."""
        return self.upfront_fee_minor + self.financed_fee_minor

    @property
    def received_minor(self) -> int:
        """What the borrower is paid out."""
        return self.principal_minor - self.upfront_fee_minor

    @property
    def shares(self) -> tuple[int, ...]:
        """The relative size of each row; 0 repays no principal."""
        if self.weights:
            return self.weights
        resting = self.moratorium.principal_periods if self.method.has_instalment else self.periods - 1
        return (0,) * resting + (1,) * (self.periods - resting)

    @property
    def formula(self) -> ScheduleTerms:
        """The terms of its method as if nothing but a formula's words were said (of a table: its day count)."""
        return ScheduleTerms(
            principal_minor=self.lent_minor,
            rate_ppm=self.rate_ppm,
            periods=self.periods,
            disbursement_day=self.disbursement_day,
            first_due_day=self.first_due_day,
            anchor_day=self.anchor_day,
            day_count=self.day_count,
            multiple_minor=self.multiple_minor if self.method.has_instalment else 1,
            rounding=self.rounding if self.method.has_instalment else Rounding(self.rounding.mode, Residue.LAST),
            method=self.method,
            period_unit=self.period_unit,
            period_length=self.period_length,
            interest_only_periods=self.moratorium.principal_periods if self.method.has_instalment else 0,
        )
