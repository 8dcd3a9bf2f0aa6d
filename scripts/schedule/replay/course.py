"""A loan's course: the events of a script, applied to the Python twin of LoanBook, row by row accounted for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts.loan import (
    MAX_ORIGINATION_WINDOW_DAYS,
    ArrearsUnchanged,
    LoanRefused,
    LoanState,
    LoanStatus,
    Overpayment,
    apply_payment,
    originate,
    record_arrears,
    require_origination_day,
)
from contracts.schedule import Row, ScheduleRefused
from scripts.schedule.fineract import Unsupported
from scripts.schedule.replay.product import Product
from scripts.schedule.replay.signed import Signed


@dataclass(slots=True)
class Paid:
    """What was paid of a row, in minor units; `settled_day` is that of the payment that completed it."""

    total_minor: int = 0
    in_advance_minor: int = 0
    late_minor: int = 0
    settled_day: int | None = None


class Course:
    """A running loan. What Fineract's product would do otherwise than a LoanBook is refused as not supported."""

    def __init__(self, signed: Signed, product: Product, today: int) -> None:
        """Begin the loan. Raises Unsupported where a LoanBook would not."""
        self._signed, self._product = signed, product
        self._state = _begin(signed, today)
        self.paid = [Paid() for _ in signed.rows]

    @property
    def rows(self) -> Sequence[Row]:
        """The agreed rows."""
        return self._signed.rows

    @property
    def start_day(self) -> int:
        """The agreed day of the payout."""
        return self._signed.agreement.disbursement_day

    @property
    def upfront_fee_minor(self) -> int:
        """Withheld from the payout."""
        return self._signed.agreement.upfront_fee_minor

    def repay(self, amount_minor: int, day: int, today: int) -> None:
        """A payment that counts for a day. Raises Unsupported."""
        if day != today:
            raise Unsupported(f"another value date: paid {_days(today - day)} before it is booked")
        self._refuse_overdue_interest(day)
        before = self._state
        try:
            self._state, _ = apply_payment(before, amount_minor, day)
        except Overpayment as refused:
            raise Unsupported(f"overpayment: {refused}") from refused
        except LoanRefused as refused:
            raise Unsupported(f"refused payment: {refused}") from refused
        self._account(before, day)
        self._refuse_early_principal()
        self._refuse_other_order(day)

    def close_of_business(self, day: int) -> None:
        """The end of a day: arrears are recorded. Raises Unsupported."""
        self._refuse_overdue_interest(day)
        if self._state.status is LoanStatus.ACTIVE:
            with suppress(ArrearsUnchanged):
                self._state, _ = record_arrears(self._state, day)

    def _account(self, before: LoanState, day: int) -> None:
        for index, (row, paid) in enumerate(zip(self.rows, self.paid, strict=True)):
            moved = before.unpaid_minor(index) - self._state.unpaid_minor(index)
            paid.total_minor += moved
            paid.in_advance_minor += moved if day < row.due_day else 0
            paid.late_minor += moved if day > row.due_day else 0
            if moved and not self._state.unpaid_minor(index):
                paid.settled_day = day

    def _refuse_overdue_interest(self, day: int) -> None:
        late = self._state.days_past_due(day)
        if late and self._product.recalculates_overdue:
            raise Unsupported(f"interest recalculated: on an instalment overdue by {_days(late)}")

    def _refuse_early_principal(self) -> None:
        """Where interest follows the days of payment, principal that is paid early changes all rows after it."""
        if not self._product.recalculates:
            return
        for row, paid in zip(self.rows, self.paid, strict=True):
            interest = 0 if self._product.advances_are_principal else row.interest_minor
            if paid.in_advance_minor and paid.total_minor > interest:
                raise Unsupported(f"interest recalculated: principal of row {row.nr} is paid before its due day")

    def _refuse_other_order(self, day: int) -> None:
        """Within a row that is paid in part the order decides what is principal; a full row is the same in any."""
        order = self._product.order
        for row, paid in zip(self.rows, self.paid, strict=True):
            interest_first = order.interest_first_in_advance if day < row.due_day else order.interest_first_when_due
            if 0 < paid.total_minor < row.due_minor and row.interest_minor and not interest_first:
                raise Unsupported(f"allocation order: principal before interest, and row {row.nr} is paid in part")


def _begin(signed: Signed, today: int) -> LoanState:
    """The state of the loan that begins today. Raises Unsupported."""
    days = today - signed.agreement.disbursement_day
    try:
        state = originate(signed.agreement, signed.table)
        require_origination_day(signed.agreement, today)
    except (LoanRefused, ScheduleRefused) as refused:
        if days == 0:
            raise Unsupported(f"terms: a LoanBook refuses them: {refused}") from refused
        raise Unsupported(
            f"another payout date: {_days(days)} before it is booked, here at most {MAX_ORIGINATION_WINDOW_DAYS} "
            "and before anything is due"
        ) from refused
    return state


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
