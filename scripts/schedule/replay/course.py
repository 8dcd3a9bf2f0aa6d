"""A loan's course: the events of a script, applied to the Python twin of LoanBook, row by row accounted for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts.loan import (
    MAX_ORIGINATION_WINDOW_DAYS,
    ArrearsUnchanged,
    LoanNotActive,
    LoanRefused,
    LoanState,
    apply_payment,
    originate,
    record_arrears,
    require_origination_day,
)
from contracts.schedule import Row, ScheduleRefused
from scripts.schedule.fineract import Unsupported
from scripts.schedule.replay.errors import Different
from scripts.schedule.replay.occasions import days_text
from scripts.schedule.replay.signed import Signed


@dataclass(slots=True)
class Paid:
    """What was paid of a row, in minor units; `settled_day` is that of the payment that completed it."""

    total_minor: int = 0
    in_advance_minor: int = 0
    late_minor: int = 0
    settled_day: int | None = None


class Course:
    """A running loan."""

    def __init__(self, signed: Signed, today: int) -> None:
        """Begin the loan. Raises Unsupported where a LoanBook would not."""
        self._signed, self._state = signed, _begin(signed, today)
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

    def repay(self, amount_minor: int, day: int) -> None:
        """A payment that counts for a day. Raises Different when the twin refuses it."""
        before = self._state
        try:
            self._state, _ = apply_payment(before, amount_minor, day)
        except LoanRefused as refused:
            raise Different(f"a payment is refused: {refused}") from refused
        for index, (row, paid) in enumerate(zip(self.rows, self.paid, strict=True)):
            moved = before.unpaid_minor(index) - self._state.unpaid_minor(index)
            paid.total_minor += moved
            paid.in_advance_minor += moved if day < row.due_day else 0
            paid.late_minor += moved if day > row.due_day else 0
            if moved and not self._state.unpaid_minor(index):
                paid.settled_day = day

    def close_of_business(self, day: int) -> None:
        """The end of a day: arrears are recorded."""
        with suppress(ArrearsUnchanged, LoanNotActive):
            self._state, _ = record_arrears(self._state, day)


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
            f"another payout date: {days_text(days)} before it is booked, here at most {MAX_ORIGINATION_WINDOW_DAYS} "
            "and before anything is due"
        ) from refused
    return state
