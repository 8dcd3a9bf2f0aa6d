"""A loan's account on a day, folded from its agreement and the payments the ledger booked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.clients import TableRow, table_rows
from contracts.loan import LoanState, accrue, apply_payment, bucket_of, originate, rows_needed
from contracts.schedule import Row
from contracts.typed_data import Agreement


class Booked(Protocol):
    """A payment as the ledger booked it."""

    @property
    def amount_minor(self) -> int: ...

    @property
    def day(self) -> int: ...


@dataclass(frozen=True)
class Arrears:
    """Days that the oldest unpaid row is late, and their bucket: none within the grace."""

    bucket: int
    days_past_due: int


@dataclass(frozen=True)
class Account:
    """A loan's state on a day.

    `booked` is the state as the last payment left it, `state` the same accrued to the day, `paid_days` the day on
    which each fully paid row (by number) was.
    """

    booked: LoanState
    state: LoanState
    day: int
    paid_days: Mapping[int, int]

    @property
    def arrears(self) -> Arrears:
        """How late the loan is."""
        days = self.state.days_late(self.day)
        return Arrears(bucket_of(days, self.state.terms.grace_days), days)

    @property
    def charges_minor(self) -> int:
        """Late fees and penalties due."""
        return self.state.charges_minor

    @property
    def overdue_minor(self) -> int:
        """Unpaid rows due before the day, and charges."""
        late = (index for index, row in enumerate(self.state.rows) if row.due_day < self.day)
        return self.charges_minor + sum(self.state.unpaid_minor(index) for index in late)


def account_on(agreement: Agreement, payments: Iterable[Booked], day: int, table: Sequence[Row] = ()) -> Account:
    """The account on a day (of the loan's time zone), all of `payments` counted."""
    state, paid_days = originate(agreement, table), dict[int, int]()
    for payment in payments:
        before = state.row
        state, _ = apply_payment(state, payment.amount_minor, payment.day)
        paid_days |= dict.fromkeys(range(before + 1, state.row + 1), payment.day)
    return Account(state, accrue(state, day), day, paid_days)


def rows_to_bring(account: Account, last_day: int, amount_minor: int = 0) -> list[TableRow]:
    """The rows, with proofs, that an act on the loan brings (without an amount a mere touch); none by a formula.

    Enough for whichever day, from the account's to the last, it reaches the ledger; all begin with the open row.
    """
    booked = account.booked
    if not booked.terms.schedule.method.is_table:
        return []
    needed = (rows_needed(booked, amount_minor, day) for day in range(account.day, last_day + 1))
    return table_rows(booked.rows, max(needed, key=len))
