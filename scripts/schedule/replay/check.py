"""A Fineract script against its tables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts.schedule import date_of
from scripts.schedule.compare import amount_text, read_amount
from scripts.schedule.fineract import Loan, Unsupported, read_loan
from scripts.schedule.replay.course import Course
from scripts.schedule.replay.errors import Different
from scripts.schedule.replay.occasions import Occasions
from scripts.schedule.replay.product import read_product, refuse_unlisted_acts
from scripts.schedule.replay.script import HUNDRED, Checkpoint, Event, Kind, read_checkpoints, read_events
from scripts.schedule.replay.sheet import Sheet, compare, planned_sheet, running_sheet
from scripts.schedule.replay.signed import sign_terms, upfront_fee
from scripts.schedule.verdict import Status, Verdict

Fields = Mapping[str, Any]


@dataclass(slots=True)
class Comparison:
    """How far a case has been compared: checkpoints and figures that agree, and our tables."""

    checkpoints: int = 0
    agreed: int = 0
    figures: int = 0
    tables: list[dict[str, Any]] = field(default_factory=list)

    def take(self, sheet: Sheet, point: Checkpoint) -> None:
        """Compare one checkpoint. Raises Different, Unsupported."""
        self.tables.append({"line": point.line, **sheet.as_fields()})
        self.figures += compare(sheet, point)
        self.agreed += 1


def check_replay(case: Fields) -> Verdict:
    """Replay a case's events on the loan twin and compare each checkpoint, up to the first thing that is not ours.

    A difference before it is a failure: not supported is only what follows.
    """
    compared = Comparison()
    status, reason = _outcome(case, compared)
    return Verdict(str(case.get("id", "?")), status, reason, asdict(compared))


def _outcome(case: Fields, compared: Comparison) -> tuple[Status, str]:
    try:
        compared.checkpoints = len(read_checkpoints(case))
        Replay(case, compared).run()
    except Unsupported as unsupported:
        return Status.UNSUPPORTED, unsupported.reason
    except Different as different:
        return Status.FAILED, str(different)
    if compared.agreed < compared.checkpoints:
        return Status.UNSUPPORTED, "a checkpoint after more events than there are"
    return Status.PASSED, ""


class Replay:
    """A case being replayed."""

    def __init__(self, case: Fields, compared: Comparison) -> None:
        """Raises Unsupported for events or tables that cannot be read, and for acts that are not in the script."""
        refuse_unlisted_acts(case)
        self._case, self._compared = case, compared
        self._events, self._checkpoints = read_events(case), read_checkpoints(case)
        self._course: Course | None = None
        self._occasions: Occasions

    def run(self) -> None:
        """All events, each followed by its checkpoints. Raises Unsupported at the first thing that is not ours."""
        for number, event in enumerate(self._events, 1):
            self._apply(number, event)
            for point in self._checkpoints:
                if point.after == number:
                    self._compared.take(self._tables(point), point)

    def _apply(self, number: int, event: Event) -> None:
        if event.kind is None:
            raise Unsupported(event.trouble)
        if event.kind is Kind.DISBURSE:
            self._disburse(number, event)
        elif event.kind is Kind.REPAY:
            if self._course is None:
                raise Unsupported("a payment before the payout")
            self._repay(event.amount_minor, event)
        elif event.kind is Kind.CLOSE_OF_BUSINESS and self._course:
            self._occasions.close_of_business(event.today)
            self._course.close_of_business(event.today)

    def _disburse(self, number: int, event: Event) -> None:
        if self._course:
            raise Unsupported("several disbursements: a loan is paid out once")
        day, amount = date_of(event.day).isoformat(), amount_text(event.amount_minor, HUNDRED)
        loan = _read_loan({**self._case, "disbursed": {"date": day, "amount": amount}})
        fee = upfront_fee(self._case, loan, self._shown_fee(number))
        product = read_product(self._case, loan)
        self._course = Course(sign_terms(loan, product.order.waterfall, fee, event.today), event.today)
        self._occasions = Occasions(self._course.rows, product)
        if product.pays_down_by_itself:
            self._repay(loan.down_payment_minor, event)

    def _repay(self, amount_minor: int, event: Event) -> None:
        assert self._course
        self._occasions.repay(amount_minor, event.day, event.today)
        self._course.repay(amount_minor, event.day)

    def _shown_fee(self, number: int) -> int:
        """What the first table after the payout says was withheld from it, in minor units."""
        for point in self._checkpoints:
            if point.after >= number and point.payouts:
                return int(read_amount(point.payouts[0], "fees").scaleb(HUNDRED))
        return 0

    def _tables(self, point: Checkpoint) -> Sheet:
        if self._course is None:
            return planned_sheet(_read_loan(self._case))
        return running_sheet(self._course)


def _read_loan(case: Fields) -> Loan:
    """The terms of a loan in hundredths. Raises Unsupported."""
    loan = read_loan(case)
    if loan.decimals != HUNDRED:
        raise Unsupported(f"terms: amounts have {loan.decimals} decimals, minor units are hundredths")
    return loan
