"""A loan's state between two touches, and what can be read from it."""

from dataclasses import dataclass, replace
from typing import Self

from contracts.loan.lateness import Stop, days_late
from contracts.loan.status import LoanStatus
from contracts.loan.terms import LoanTerms
from contracts.schedule import Row


@dataclass(frozen=True, slots=True)
class LoanState:
    """The state of a loan; amounts in minor units.

    `row` is the number of rows whose interest and principal are paid, `balance_minor` the scheduled balance at
    the start of the open row, `paid_row_minor` what was paid of it, `accrued_day` the day up to which charges
    are in `late_fee_due_minor` and `penalty_due_minor`: that of the last payment. Unpaid rows due until `borne_day`
    have borne their late fee; a halt of the ledger that comes to be known later changes nothing of that.

    Off the ordinary path: `impaired_minor` of the principal is not expected back, `carried_interest_minor` is owed
    since before an amendment, `covered_minor` of the principal was paid by guarantees and `written_off_minor` is the
    lender's loss, neither recovered yet; `unreserved_minor` of the principal takes no room in the borrower's limit.
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
    was_late: bool = False
    borne_day: int = 0
    impaired_minor: int = 0
    carried_interest_minor: int = 0
    covered_minor: int = 0
    written_off_minor: int = 0
    unreserved_minor: int = 0
    amendments: int = 0
    mandate_max_minor: int = 0
    mandate_last_day: int = 0

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
    def principal_minor(self) -> int:
        """The principal of the terms in force."""
        return self.terms.schedule.principal_minor

    @property
    def reserved_minor(self) -> int:
        """What the loan takes of its borrower's limit while it runs."""
        return self.principal_minor - self.unreserved_minor if self.status.is_running else 0

    @property
    def outstanding_principal_minor(self) -> int:
        """Principal not yet paid back; what is paid of a row pays its interest first."""
        if self.rows_done:
            return 0
        return self.balance_minor - max(0, self.paid_row_minor - self.open_row.interest_minor)

    @property
    def uncovered_minor(self) -> int:
        """Principal not yet paid back that no guarantee has paid."""
        return self.outstanding_principal_minor - self.covered_minor

    @property
    def lent_minor(self) -> int:
        """What the lender's facility still counts as lent: neither covered nor written off."""
        counts = self.status in {LoanStatus.ACTIVE, LoanStatus.DEFAULTED}
        return self.uncovered_minor if counts else 0

    @property
    def charges_minor(self) -> int:
        """Late fees and penalties due."""
        return self.late_fee_due_minor + self.penalty_due_minor

    @property
    def is_paid(self) -> bool:
        """Whether nothing is left to pay."""
        return self.rows_done and not self.charges_minor and not self.carried_interest_minor

    @property
    def paid_interest_minor(self) -> int:
        """Interest of the rows that payments so far have paid."""
        done = sum(row.interest_minor for row in self.rows[: self.row])
        return done if self.rows_done else done + min(self.paid_row_minor, self.open_row.interest_minor)

    @property
    def paid_rows_minor(self) -> int:
        """Interest and principal of the rows that payments so far have paid."""
        return sum(row.due_minor for row in self.rows[: self.row]) + self.paid_row_minor

    def unpaid_minor(self, index: int) -> int:
        """What is unpaid of a row (0 is the first)."""
        if index < self.row:
            return 0
        return self.rows[index].due_minor - (self.paid_row_minor if index == self.row else 0)

    def days_late(self, day: int, stops: tuple[Stop, ...] = ()) -> int:
        """Counted days since the due day of the oldest unpaid row, 0 when it has not passed."""
        return 0 if self.rows_done else days_late(self.open_row.due_day, day, stops)

    def is_past_grace(self, index: int, day: int, stops: tuple[Stop, ...] = ()) -> bool:
        """Whether a row (0 is the first) is later on a day than the grace allows."""
        return days_late(self.rows[index].due_day, day, stops) > self.terms.grace_days

    def ended(self, status: LoanStatus) -> Self:
        """The loan with nothing left to pay, in a status that is not running."""
        return replace(
            self,
            status=status,
            row=len(self.rows),
            balance_minor=0,
            paid_row_minor=0,
            late_fee_due_minor=0,
            penalty_due_minor=0,
            bucket=0,
            impaired_minor=0,
            carried_interest_minor=0,
            covered_minor=0,
            written_off_minor=0,
        )


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment was split; `carried_minor` of the interest is owed since before an amendment."""

    late_fee_minor: int = 0
    penalty_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0
    carried_minor: int = 0

    @property
    def total_minor(self) -> int:
        """The whole payment."""
        return self.late_fee_minor + self.penalty_minor + self.interest_minor + self.principal_minor

    @property
    def rows_minor(self) -> int:
        """What it paid of rows."""
        return self.interest_minor - self.carried_minor + self.principal_minor


@dataclass(frozen=True, slots=True)
class Owed:
    """What a loan owes on a day if nothing happens until then.

    `total_minor` is all unpaid rows, charges and interest owed since before an amendment; `overdue_minor` the rows
    due before the day and the latter two; `current_due_minor` the unpaid part of the first row due on the day or
    later.
    """

    total_minor: int
    overdue_minor: int
    current_due_minor: int
