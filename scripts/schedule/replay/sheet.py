"""The table that a loan shows at a checkpoint, in the words and figures of Fineract's, and the comparison of both."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from contracts.schedule import Row, date_of
from scripts.schedule.compare import amount_text, read_amount
from scripts.schedule.fineract import Loan, Unsupported, draw
from scripts.schedule.replay.course import Course, Paid
from scripts.schedule.replay.errors import Different
from scripts.schedule.replay.script import HUNDRED, Checkpoint

Line = dict[str, Any]
AMOUNTS = ("principal", "interest", "fees", "penalties", "due", "paid", "in_advance", "late", "outstanding")
ROW = ("nr", "days", "date", "balance", *AMOUNTS)
"""Figures that every row has. A paid one has `paid_date` too, the day of the payment that completed it."""
PAID_DATE = "paid_date"
NOT_AMOUNTS = ("nr", "days", "date", PAID_DATE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Payout, instalments and sums."""

    payout: Line
    rows: list[Line]
    totals: Line

    def as_fields(self) -> dict[str, Any]:
        """For the verdict."""
        return asdict(self)


def planned_sheet(loan: Loan) -> Sheet:
    """The table of a loan that is not yet paid out; a fee is not yet withheld. Raises Unsupported."""
    rows = [Row(row.nr, row.due_day, row.principal_minor, row.interest_minor) for row in draw(loan)]
    payout = {"date": _iso(loan.start_day), "balance": _text(loan.principal_minor), "fees": "0.0", "due": "0.0"}
    paid = [Paid() for _ in rows]
    lines = _row_lines(rows, paid, loan.start_day)
    return Sheet(payout | {"outstanding": "0.0"}, lines, _total_line(rows, paid, 0))


def running_sheet(course: Course) -> Sheet:
    """The table of a running loan; the fee withheld from the payout counts as due and paid with it."""
    fee, day = course.upfront_fee_minor, course.start_day
    payout = {"date": _iso(day), "balance": _text(sum(row.principal_minor for row in course.rows))}
    payout |= dict.fromkeys(("fees", "due", "paid"), _text(fee))
    return Sheet(payout, _row_lines(course.rows, course.paid, day), _total_line(course.rows, course.paid, fee))


def compare(sheet: Sheet, point: Checkpoint) -> int:
    """How many figures agree: all that our table has. Raises Different, and Unsupported for a table that lacks one."""
    if len(point.payouts) != 1:
        raise Unsupported(f"several disbursements: the table has {len(point.payouts)} payouts")
    if len(point.rows) != len(sheet.rows):
        raise Different(f"line {point.line}: {len(sheet.rows)} instalments, the table has {len(point.rows)}")
    pairs = [("payout", sheet.payout, point.payouts[0])]
    pairs += [(f"row {line['nr']}", line, other) for line, other in zip(sheet.rows, point.rows, strict=True)]
    pairs += [("totals", sheet.totals, point.totals)] if point.totals is not None else []
    return sum(_agreeing(f"line {point.line}: {place}", *lines) for place, *lines in pairs)


def _agreeing(place: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> int:
    """The number of figures of one line. Raises Different, Unsupported."""
    for name in theirs:
        if name not in ours and name != PAID_DATE:
            raise Unsupported(f"{place} has a figure {name!r} that is not known")
    for name in {*ours, *theirs}:
        if name not in theirs and name != PAID_DATE:
            raise Unsupported(f"nothing to compare with: {place} has no {name}")
        if not _same(name, ours.get(name), theirs):
            raise Different(f"{place}: {name} is {ours.get(name)}, the table has {theirs.get(name)}")
    return len(ours)


def _same(name: str, ours: object, theirs: Mapping[str, Any]) -> bool:
    if name in NOT_AMOUNTS:
        return str(ours) == str(theirs.get(name))
    return Decimal(str(ours)) == read_amount(theirs, name)


def _row_lines(rows: Sequence[Row], paid: Sequence[Paid], start_day: int) -> list[Line]:
    """The instalments of a table. A row has no fees and no penalties: no charge is agreed."""
    balance, lines = sum(row.principal_minor for row in rows), []
    periods = pairwise([start_day, *(row.due_day for row in rows)])
    for row, done, (first, last) in zip(rows, paid, periods, strict=True):
        balance -= row.principal_minor
        line = {"nr": row.nr, "days": last - first, "date": _iso(last), "balance": _text(balance)}
        line |= _amounts(
            row.principal_minor,
            row.interest_minor,
            0,
            due_minor=row.due_minor,
            paid=done,
        )
        if done.settled_day is not None:
            line["paid_date"] = _iso(done.settled_day)
        lines.append(line)
    return lines


def _total_line(rows: Sequence[Row], paid: Sequence[Paid], fee_minor: int) -> Line:
    """The sums of a table; the fee that was withheld from the payout counts as due and paid."""
    principal, interest = (sum(getattr(row, name) for row in rows) for name in ("principal_minor", "interest_minor"))
    sums = Paid(
        total_minor=sum(done.total_minor for done in paid) + fee_minor,
        in_advance_minor=sum(done.in_advance_minor for done in paid),
        late_minor=sum(done.late_minor for done in paid),
    )
    return _amounts(principal, interest, fee_minor, due_minor=principal + interest + fee_minor, paid=sums)


def _amounts(principal_minor: int, interest_minor: int, fees_minor: int, due_minor: int, paid: Paid) -> Line:
    amounts = (
        principal_minor,
        interest_minor,
        fees_minor,
        0,
        due_minor,
        paid.total_minor,
        paid.in_advance_minor,
        paid.late_minor,
        due_minor - paid.total_minor,
    )
    return dict(zip(AMOUNTS, map(_text, amounts), strict=True))


def _text(minor: int) -> str:
    return amount_text(minor, HUNDRED)


def _iso(day: int) -> str:
    return date_of(day).isoformat()
