"""Why a schedule is refused, one class per reason, named as LoanBook's custom errors are. Rows count from 0."""


class ScheduleRefused(Exception):
    """A schedule that a LoanBook would not carry out."""


class UnsupportedMethod(ScheduleRefused):
    """The method is unknown, or not one of the kind that is asked for."""

    def __init__(self, method: int) -> None:
        super().__init__(f"method {method} is not supported")
        self.method = method


class UnsupportedPeriodUnit(ScheduleRefused):
    """The period unit is unknown."""

    def __init__(self, period_unit: int) -> None:
        super().__init__(f"period unit {period_unit} is not supported")
        self.period_unit = period_unit


class UnsupportedDayCount(ScheduleRefused):
    """The day count is unknown, or counts months where the schedule has none."""

    def __init__(self, day_count: int) -> None:
        super().__init__(f"day count {day_count} is not supported")
        self.day_count = day_count


class UnsupportedRounding(ScheduleRefused):
    """The rounding word is unknown, or says what the method has no use for."""

    def __init__(self, rounding: int) -> None:
        super().__init__(f"rounding {rounding:#x} is not supported")
        self.rounding = rounding


class TermOutOfRange(ScheduleRefused):
    """A term lies beyond what the contract's fields hold."""

    def __init__(self, term: str, value: int, least: int, most: int) -> None:
        super().__init__(f"{term} is {value}, allowed are {least} to {most}")
        self.term, self.value, self.least, self.most = term, value, least, most


class ScheduleDegenerate(ScheduleRefused):
    """The terms do not carry the schedule at this row: it pays nothing, too much too early, or too much at last."""

    def __init__(self, row: int, interest_minor: int, balance_minor: int) -> None:
        super().__init__(f"row {row}: interest {interest_minor}, balance {balance_minor}")
        self.row, self.interest_minor, self.balance_minor = row, interest_minor, balance_minor


class RowTooLarge(ScheduleRefused):
    """A row asks for more than a payment can be."""

    def __init__(self, row: int, total_minor: int, most_minor: int) -> None:
        super().__init__(f"row {row}: {total_minor} is due, the most is {most_minor}")
        self.row, self.total_minor, self.most_minor = row, total_minor, most_minor


class RowCountMismatch(ScheduleRefused):
    """The table has more or fewer rows than the agreement says."""

    def __init__(self, rows: int, periods: int) -> None:
        super().__init__(f"{rows} rows, agreed are {periods}")
        self.rows, self.periods = rows, periods


class TableDayNotLater(ScheduleRefused):
    """A row is not due later than the one before it (the first: due before the disbursement)."""

    def __init__(self, row: int, due_day: int, previous_day: int) -> None:
        super().__init__(f"row {row}: due on day {due_day}, the one before on day {previous_day}")
        self.row, self.due_day, self.previous_day = row, due_day, previous_day


class TableInterestExceeds(ScheduleRefused):
    """A row asks for more interest than has accrued and was not asked for yet."""

    def __init__(self, row: int, interest_minor: int, accrued_minor: int) -> None:
        super().__init__(f"row {row}: interest {interest_minor}, accrued is {accrued_minor}")
        self.row, self.interest_minor, self.accrued_minor = row, interest_minor, accrued_minor


class TablePrincipalExceeds(ScheduleRefused):
    """A row repays more than is left."""

    def __init__(self, row: int, principal_minor: int, balance_minor: int) -> None:
        super().__init__(f"row {row}: principal {principal_minor}, the balance is {balance_minor}")
        self.row, self.principal_minor, self.balance_minor = row, principal_minor, balance_minor


class TableBalanceLeft(ScheduleRefused):
    """The last row does not bring the balance to zero, or an earlier one has (then 0 is left)."""

    def __init__(self, balance_minor: int) -> None:
        super().__init__(f"the last row leaves {balance_minor}" if balance_minor else "the last row repays nothing")
        self.balance_minor = balance_minor
