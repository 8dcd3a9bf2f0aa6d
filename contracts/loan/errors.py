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
    """The loan is closed."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the loan is not active (status {status})")
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
