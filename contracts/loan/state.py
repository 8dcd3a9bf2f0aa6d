"""A loan's state between two touches, and what can be read from it."""

from dataclasses import dataclass
from enum import IntEnum

from contracts.loan.terms import LoanTerms
from contracts.schedule import Row


class LoanStatus(IntEnum):
    """As LoanBook counts it."""

    NONE = 0
    ACTIVE = 1
    CLOSED = 2


@dataclass(frozen=True, slots=True)
class LoanState:
    """The rolling state of a loan; amounts in minor units.

    `row` is the number of rows whose interest and principal are paid, `balance_minor` the scheduled balance at
    the start of the open row, `paid_row_minor` what was paid of it, `accrued_day` the day up to which charges
    are in `late_fee_due_minor` and `penalty_due_minor`.
    """

    terms: LoanTerms
    rows: tuple[Row, ...]
    status: LoanStatus
    row: int
    balance_minor: int
    paid_row_minor: int
    accrued_day: int
    late_fee_due_minor: int
    penalty_due_minor: int
    bucket: int
    nonce_base: int
    nonce_window: int

    @property
    def rows_done(self) -> bool:
        """Whether every row is paid; charges may still be due."""
        return self.row == len(self.rows)

    @property
    def open_row(self) -> Row:
        """The oldest row that is not fully paid. There must be one."""
        return self.rows[self.row]

    @property
    def next_due_day(self) -> int:
        """The due day of the oldest unpaid row, 0 when none is left."""
        return 0 if self.rows_done else self.open_row.due_day

    @property
    def outstanding_principal_minor(self) -> int:
        """Principal not yet paid back; what is paid of a row pays its interest first."""
        if self.rows_done:
            return 0
        return self.balance_minor - max(0, self.paid_row_minor - self.open_row.interest_minor)

    def unpaid_minor(self, index: int) -> int:
        """What is unpaid of a row (0 is the first)."""
        if index < self.row:
            return 0
        return self.rows[index].due_minor - (self.paid_row_minor if index == self.row else 0)

    def days_past_due(self, day: int) -> int:
        """Days since the due day of the oldest unpaid row, 0 when it has not passed."""
        return 0 if self.rows_done else max(0, day - self.open_row.due_day)


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment was split."""

    late_fee_minor: int = 0
    penalty_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0

    @property
    def total_minor(self) -> int:
        """The whole payment."""
        return self.late_fee_minor + self.penalty_minor + self.interest_minor + self.principal_minor


@dataclass(frozen=True, slots=True)
class Owed:
    """What a loan owes on a day if nothing happens until then.

    `total_minor` is all unpaid rows and charges, `overdue_minor` the rows due before the day and charges,
    `current_due_minor` the unpaid part of the first row due on the day or later.
    """

    total_minor: int
    overdue_minor: int
    current_due_minor: int
