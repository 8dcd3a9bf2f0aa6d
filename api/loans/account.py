"""A loan's account on a day, folded from its agreement and the payments the ledger booked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.kit.types import JsonObject
from api.loans.life import Booked, Happened, Life
from contracts.clients import TableRow, table_rows
from contracts.loan import LoanState, Stop, accrue, bucket_of, rows_needed
from contracts.schedule import Row
from contracts.typed_data import Agreement


@dataclass(frozen=True)
class Arrears:
    """Days that the oldest unpaid row is late, and their bucket: none within the grace."""

    bucket: int
    days_past_due: int


@dataclass(frozen=True)
class Account:
    """A loan's state on a day.

    `booked` is the state as the last event left it, `state` the same accrued to the day, `shown` the one whose rows
    tell what was paid of them, `paid_days` the day on which each fully paid row (by number) was. `agreement` holds the
    terms in force: those of `amendment`, the last one as signed, if there is one.
    """

    booked: LoanState
    state: LoanState
    shown: LoanState
    day: int
    paid_days: Mapping[int, int]
    agreement: Agreement
    amendment: JsonObject | None
    stops: tuple[Stop, ...]

    @property
    def table(self) -> Sequence[Row]:
        """The rows in force of a loan by a table; none by a formula."""
        return self.booked.rows if self.booked.terms.schedule.method.is_table else ()

    @property
    def arrears(self) -> Arrears:
        """How late the loan is."""
        days = self.state.days_late(self.day, self.stops)
        return Arrears(bucket_of(days, self.state.terms.grace_days), days)

    @property
    def charges_minor(self) -> int:
        """Late fees and penalties due."""
        return self.state.charges_minor

    @property
    def overdue_minor(self) -> int:
        """Unpaid rows due before the day, charges, and interest left from before an amendment."""
        late = (index for index, row in enumerate(self.state.rows) if row.due_day < self.day)
        at_once = self.charges_minor + self.state.carried_interest_minor
        return at_once + sum(self.state.unpaid_minor(index) for index in late)


def account_on(
    agreement: Agreement,
    payments: Iterable[Booked],
    day: int,
    table: Sequence[Row] = (),
    acts: Iterable[Happened] = (),
) -> Account:
    """The account on a day (of the loan's time zone), all of `payments` and `acts` counted."""
    life = Life(agreement, table)
    life.take(payments, acts)
    stops = life.stops(day)
    state = accrue(life.state, day, stops) if life.state.status.is_running else life.state
    return Account(life.state, state, life.shown, day, life.paid_days, life.agreement, life.amendment, stops)


def rows_to_bring(account: Account, last_day: int, amount_minor: int = 0) -> list[TableRow]:
    """The rows, with proofs, that an act on the loan brings (without an amount a mere touch); none by a formula.

    Enough for whichever day, from the account's to the last, it reaches the ledger; all begin with the open row.
    """
    booked = account.booked
    if not account.table:
        return []
    needed = (rows_needed(booked, amount_minor, day, account.stops) for day in range(account.day, last_day + 1))
    return table_rows(booked.rows, max(needed, key=len))
