"""When Fineract's product would do otherwise than a LoanBook: told by the script and the rows, never by the twin.

So a broken twin cannot turn a failure into a case that is not supported. Payments fill the oldest row first.
"""

from collections.abc import Sequence

from contracts.loan import MAX_VALUE_DAYS
from contracts.schedule import Row
from scripts.schedule.fineract import Unsupported
from scripts.schedule.replay.product import Product


class Occasions:
    """What was paid of each row, as any order of payment that takes the oldest row first has it."""

    def __init__(self, rows: Sequence[Row], product: Product) -> None:
        self._rows, self._product, self._last_day = rows, product, 0
        self._paid, self._early = [0 for _ in rows], [False for _ in rows]

    def repay(self, amount_minor: int, day: int, today: int) -> None:
        """A payment that counts for a day. Raises Unsupported."""
        self._require_value_day(day, today)
        self.close_of_business(day)
        self._fill(amount_minor, day)
        for row, paid, early in zip(self._rows, self._paid, self._early, strict=True):
            self._refuse_early_principal(row, paid if early else 0)
            self._refuse_other_order(row, paid, day)

    def close_of_business(self, day: int) -> None:
        """The end of a day. Raises Unsupported."""
        unpaid = (row for row, paid in zip(self._rows, self._paid, strict=True) if paid < row.due_minor)
        late = max((day - row.due_day for row in unpaid), default=0)
        if late > 0 and self._product.recalculates_overdue:
            raise Unsupported(f"interest recalculated: on an instalment overdue by {days_text(late)}")

    def _require_value_day(self, day: int, today: int) -> None:
        """A payment counts for the day that the bank says, within limits."""
        if not 0 <= today - day <= MAX_VALUE_DAYS:
            raise Unsupported(
                f"another value date: paid {days_text(today - day)} before it is booked, here at most {MAX_VALUE_DAYS}"
            )
        if day < self._last_day:
            raise Unsupported("another value date: paid before an earlier payment")
        self._last_day = day

    def _fill(self, amount_minor: int, day: int) -> None:
        for index, row in enumerate(self._rows):
            taken = min(amount_minor, row.due_minor - self._paid[index])
            self._paid[index] += taken
            self._early[index] |= taken > 0 and day < row.due_day
            amount_minor -= taken
        if amount_minor:
            raise Unsupported(f"overpayment: {amount_minor} minor units more than everything owed")

    def _refuse_early_principal(self, row: Row, early_minor: int) -> None:
        """Where interest follows the days of payment, principal that is paid early changes all rows after it."""
        interest = 0 if self._product.advances_are_principal else row.interest_minor
        if self._product.recalculates and early_minor > interest:
            raise Unsupported(f"interest recalculated: principal of row {row.nr} is paid before its due day")

    def _refuse_other_order(self, row: Row, paid_minor: int, day: int) -> None:
        """Within a row that is paid in part the order decides what is principal; a full row is the same in any."""
        order = self._product.order
        interest_first = order.interest_first_in_advance if day < row.due_day else order.interest_first_when_due
        if 0 < paid_minor < row.due_minor and row.interest_minor and not interest_first:
            raise Unsupported(f"allocation order: principal before interest, and row {row.nr} is paid in part")


def days_text(count: int) -> str:
    """A number of days, in words."""
    return f"{count} day{'' if count == 1 else 's'}"
