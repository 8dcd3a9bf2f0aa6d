"""What a plan comes to: the rows that are signed, the table that is shown, and what it costs."""

from dataclasses import dataclass

from contracts.schedule.all_in import all_in_rate_ppm
from contracts.schedule.apr import RateUndefined, schedule_apr_ppm
from contracts.schedule.calendar import date_of
from contracts.schedule.merkle import schedule_root
from contracts.schedule.plan.plan import Plan
from contracts.schedule.row import Row, Totals, totals
from contracts.schedule.terms import ScheduleTerms


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table that a person sees; number 0 is the payout. Amounts in minor units."""

    nr: int
    due_day: int
    principal_minor: int
    interest_minor: int
    fees_minor: int
    balance_minor: int
    """What is left of the principal after the line."""

    @property
    def due_minor(self) -> int:
        """All that the line costs."""
        return self.principal_minor + self.interest_minor + self.fees_minor


@dataclass(frozen=True, slots=True)
class Resolved:
    """A plan with its rows.

    `rows` are agreed and signed; `lines` are shown and also have the payout and rows in which nothing is due.
    """

    plan: Plan
    terms: ScheduleTerms
    instalment_minor: int
    """0 when the method has none."""
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]

    @property
    def table(self) -> bool:
        """Whether the rows are agreed one by one (Merkle root) and not by a formula."""
        return self.terms.method.is_table

    @property
    def root(self) -> bytes:
        """The schedule root that both sides sign."""
        return schedule_root(self.terms.method, self.rows)

    @property
    def totals(self) -> Totals:
        """Sums of the rows and the fees."""
        return totals(self.rows, self.plan.fees_minor)

    @property
    def cost_minor(self) -> int:
        """What the loan costs: interest and fees."""
        return self.totals.interest_minor + self.plan.fees_minor

    @property
    def apr_ppm(self) -> int | None:
        """The annual percentage rate of charge (compound); None where there is none."""
        try:
            return schedule_apr_ppm(self.terms, self.rows, self.plan.fees_minor)
        except RateUndefined:
            return None

    @property
    def all_in_ppm(self) -> int | None:
        """The all-in annual rate on the principal in use (simple); None where there is none."""
        try:
            return all_in_rate_ppm(self.terms, self.rows, self.plan.fees_minor)
        except RateUndefined:
            return None

    def markdown(self) -> str:
        """The rows as a Markdown table: number, due date, principal, interest, due, balance after."""
        head = "| row | due | principal | interest | due_minor | balance after |\n|---|---|---|---|---|---|"
        return "\n".join([head, *(_markdown_row(line) for line in self.lines if line.nr)])


def _markdown_row(line: Line) -> str:
    cells = (
        line.nr,
        date_of(line.due_day),
        line.principal_minor,
        line.interest_minor,
        line.due_minor,
        line.balance_minor,
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"
