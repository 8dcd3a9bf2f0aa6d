"""Why the LoanBook would refuse, one class per reason, named as its custom errors are."""


class LoanRefused(Exception):
    """What LoanBook would revert with, besides a ScheduleRefused."""


class InvalidWaterfall(LoanRefused):
    """The waterfall does not name each part once with interest before principal."""

    def __init__(self, waterfall: int) -> None:
        super().__init__(f"waterfall {waterfall:#x} is not a valid order of payment")
        self.waterfall = waterfall


class TimeZoneOutOfRange(LoanRefused):
    """The time zone lies beyond UTC-12 to UTC+14."""

    def __init__(self, time_zone_minutes: int) -> None:
        super().__init__(f"time zone of {time_zone_minutes} minutes does not exist")
        self.time_zone_minutes = time_zone_minutes


class InstalmentNotMultiple(LoanRefused):
    """The instalment is not a multiple of the agreed one."""

    def __init__(self, instalment_minor: int, multiple_minor: int) -> None:
        super().__init__(f"instalment {instalment_minor} is not a multiple of {multiple_minor}")
        self.instalment_minor, self.multiple_minor = instalment_minor, multiple_minor


class FirstDueDayInconsistent(LoanRefused):
    """The first due day is not the anchor day of its month."""

    def __init__(self, first_due_day: int, derived_day: int) -> None:
        super().__init__(f"first due day {first_due_day}, by the anchor it is {derived_day}")
        self.first_due_day, self.derived_day = first_due_day, derived_day


class ScheduleRootMismatch(LoanRefused):
    """The schedule derived from the terms is not the signed one."""

    def __init__(self, signed: bytes, derived: bytes) -> None:
        super().__init__(f"schedule root 0x{signed.hex()} was signed, the terms give 0x{derived.hex()}")
        self.signed, self.derived = signed, derived


class OutsideOriginationWindow(LoanRefused):
    """Today is outside of the days in which the agreement may begin."""

    def __init__(self, today: int, first_day: int, last_day: int) -> None:
        super().__init__(f"day {today} is not within {first_day} to {last_day}")
        self.today, self.first_day, self.last_day = today, first_day, last_day


class LoanNotActive(LoanRefused):
    """What the loan's status does not allow: for most acts, that nothing is owed any more."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the loan's status ({status}) does not allow it")
        self.status = status


class ZeroPayment(LoanRefused):
    """A payment must move something."""


class Overpayment(LoanRefused):
    """More than everything owed: nothing is taken."""

    def __init__(self, amount_minor: int, owed_minor: int) -> None:
        super().__init__(f"payment of {amount_minor} exceeds the {owed_minor} owed")
        self.amount_minor, self.owed_minor = amount_minor, owed_minor


class ArrearsUnchanged(LoanRefused):
    """The bucket has not changed since the last touch."""

    def __init__(self, bucket: int) -> None:
        super().__init__(f"the arrears bucket is still {bucket}")
        self.bucket = bucket


class NonceUsed(LoanRefused):
    """The order was executed before."""

    def __init__(self, nonce: int) -> None:
        super().__init__(f"nonce {nonce} is used")
        self.nonce = nonce


class NonceTooFar(LoanRefused):
    """The nonce lies beyond the window."""

    def __init__(self, nonce: int, nonce_base: int) -> None:
        super().__init__(f"nonce {nonce} is too far above {nonce_base}")
        self.nonce, self.nonce_base = nonce, nonce_base


class PayoffTooHigh(LoanRefused):
    """Settling or withdrawing takes more today than the order allows."""

    def __init__(self, payoff_minor: int, max_minor: int) -> None:
        super().__init__(f"{payoff_minor} is to be paid, the order allows {max_minor}")
        self.payoff_minor, self.max_minor = payoff_minor, max_minor


class CoolingOffOver(LoanRefused):
    """The days in which the borrower may withdraw are over, or there are none."""

    def __init__(self, today: int, last_day: int) -> None:
        super().__init__(f"day {today} is after {last_day}, the last day to withdraw")
        self.today, self.last_day = today, last_day


class LoanAlreadyAmended(LoanRefused):
    """The agreement brought is no longer what the loan follows."""

    def __init__(self, amendments: int) -> None:
        super().__init__(f"the loan was amended {amendments} times")
        self.amendments = amendments


class LoanAlreadyPaid(LoanRefused):
    """A loan of which something was paid cannot be unwound."""

    def __init__(self, paid_minor: int) -> None:
        super().__init__(f"{paid_minor} of the loan is paid")
        self.paid_minor = paid_minor


class UnwindTooLate(LoanRefused):
    """The payout is too long ago to have been rejected."""

    def __init__(self, today: int, last_day: int) -> None:
        super().__init__(f"day {today} is after {last_day}, the last day to unwind")
        self.today, self.last_day = today, last_day


class PaidOutMore(LoanRefused):
    """The rejected entry is smaller than the loan's payout."""

    def __init__(self, paid_out_minor: int, rejected_minor: int) -> None:
        super().__init__(f"{paid_out_minor} was paid out, the bank rejected {rejected_minor}")
        self.paid_out_minor, self.rejected_minor = paid_out_minor, rejected_minor


class ReturnAfterAmendment(LoanRefused):
    """The loan runs on other terms than when the payment was made."""

    def __init__(self, amendments: int) -> None:
        super().__init__(f"the loan was amended since the payment, {amendments} times in all")
        self.amendments = amendments


class ReturnTooLate(LoanRefused):
    """The payment is too long ago to be taken back."""

    def __init__(self, today: int, last_day: int) -> None:
        super().__init__(f"day {today} is after {last_day}, the last day to return the payment")
        self.today, self.last_day = today, last_day


class MandateMissing(LoanRefused):
    """The loan has no mandate that is valid on the day."""

    def __init__(self, day: int, last_day: int) -> None:
        super().__init__(f"no mandate on day {day}; the last one ended on day {last_day}")
        self.day, self.last_day = day, last_day


class MandateExceeded(LoanRefused):
    """More is due than the mandate lets one collection take."""

    def __init__(self, due_minor: int, max_amount_minor: int) -> None:
        super().__init__(f"{due_minor} is due, the mandate allows {max_amount_minor}")
        self.due_minor, self.max_amount_minor = due_minor, max_amount_minor


class NothingDue(LoanRefused):
    """Nothing is due on the day."""

    def __init__(self, day: int) -> None:
        super().__init__(f"nothing is due on day {day}")
        self.day = day


class WrongSequence(LoanRefused):
    """The amendment is not the loan's next one."""

    def __init__(self, sequence: int, expected: int) -> None:
        super().__init__(f"amendment {sequence}, the next one is {expected}")
        self.sequence, self.expected = sequence, expected


class MoreThanAccrued(LoanRefused):
    """An amendment capitalises and waives more than is owed besides the principal."""

    def __init__(self, taken_minor: int, owed_minor: int) -> None:
        super().__init__(f"{taken_minor} is capitalised or waived of the {owed_minor} owed in interest and charges")
        self.taken_minor, self.owed_minor = taken_minor, owed_minor


class ImpairmentTooHigh(LoanRefused):
    """More than the lender still has in the loan cannot be lost of it."""

    def __init__(self, impaired_minor: int, most_minor: int) -> None:
        super().__init__(f"impairment of {impaired_minor}, the lender has {most_minor} in the loan")
        self.impaired_minor, self.most_minor = impaired_minor, most_minor


class ImpairmentUnchanged(LoanRefused):
    """The loan is impaired by so much already."""

    def __init__(self, impaired_minor: int) -> None:
        super().__init__(f"the impairment is {impaired_minor} already")
        self.impaired_minor = impaired_minor


class NotLateEnough(LoanRefused):
    """The loan is not late enough to be in default."""

    def __init__(self, days_late: int, needed_days: int) -> None:
        super().__init__(f"{days_late} days late; a default needs more than {needed_days}")
        self.days_late, self.needed_days = days_late, needed_days


class CoverTooHigh(LoanRefused):
    """More than the lender still has in the loan cannot be covered."""

    def __init__(self, amount_minor: int, most_minor: int) -> None:
        super().__init__(f"cover of {amount_minor}, the lender has {most_minor} in the loan")
        self.amount_minor, self.most_minor = amount_minor, most_minor
