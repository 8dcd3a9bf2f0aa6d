"""From a plan to the rows that both sides sign: a formula where one can say it, else a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.schedule.calendar import date_of
from contracts.schedule.day_count import PPM, DayCount, interest, parts_between
from contracts.schedule.derive import derive
from contracts.schedule.errors import TableBalanceLeft, TermOutOfRange
from contracts.schedule.instalment import level_instalment
from contracts.schedule.limits import LAST_DAY, MAX_INSTALMENT_MINOR
from contracts.schedule.method import Method
from contracts.schedule.periods import accruals
from contracts.schedule.plan.errors import PlanRefused
from contracts.schedule.plan.plan import Plan
from contracts.schedule.plan.resolved import Line, Resolved
from contracts.schedule.plan.spread import Factor, Spread, amounts
from contracts.schedule.row import Row
from contracts.schedule.table import verify_table
from contracts.schedule.terms import ScheduleTerms


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A row as planned; its interest may have to wait until enough has accrued by the agreed days."""

    due_day: int
    principal_minor: int
    interest_minor: int


def resolve(plan: Plan) -> Resolved:
    """The rows of a plan and the terms under which a LoanBook carries them out. Raises PlanRefused, ScheduleRefused."""
    if not plan.method.is_table and _is_formula(plan):
        return _resolve_formula(plan)
    wanted = _custom_rows(plan) if plan.method.is_table else list(_planned_rows(plan))
    return _resolve_table(plan, wanted)


def _is_formula(plan: Plan) -> bool:
    """Whether an agreement's words say all of it; a formula has no rows that pay nothing."""
    moved = plan.business_days is not None and any(day != due for due, day in _days(plan))
    uneven = len(set(plan.weights)) > 1
    idle = plan.rate_ppm == 0 and 0 in plan.shares
    return not (moved or uneven or idle or plan.down_payment_minor or plan.moratorium.interest_periods)


def _days(plan: Plan) -> list[tuple[int, int]]:
    """Each due day as counted, and as moved off a day off."""
    moved = plan.business_days.moved if plan.business_days else int
    return [(due, moved(due)) for due, _parts in accruals(plan.formula)]


def _resolve_formula(plan: Plan) -> Resolved:
    terms = plan.formula
    instalment = level_instalment(terms)
    if instalment > MAX_INSTALMENT_MINOR:
        raise TermOutOfRange("instalmentMinor", instalment, 1, MAX_INSTALMENT_MINOR)
    rows = derive(terms, instalment)
    _require_end(rows[-1].due_day)
    return Resolved(plan, terms, instalment, tuple(rows), tuple(_lines(plan, rows)))


def _resolve_table(plan: Plan, wanted: Sequence[_Wanted]) -> Resolved:
    terms = plan.formula
    if terms.day_count is DayCount.MONTHS_360:
        terms = replace(terms, day_count=DayCount.THIRTY_E_360)
    fitted = list(_fitted(terms, wanted)) if not plan.method.is_table else [_as_row(0, row) for row in wanted]
    due = [row for row in fitted if row.due_minor]
    if not due:
        raise TableBalanceLeft(terms.principal_minor)
    rows = [replace(row, nr=nr) for nr, row in enumerate(due, 1)]
    terms = terms.as_table(rows)
    verify_table(terms, rows)
    return Resolved(plan, terms, 0, tuple(rows), tuple(_lines(plan, fitted)))


def _require_end(day: int) -> None:
    if day > LAST_DAY:
        raise PlanRefused(
            "periods", date_of(day).isoformat(), f"a last due day of {date_of(LAST_DAY)} at the latest is"
        )


def _require_apart(plan: Plan, moved: Sequence[int]) -> None:
    """Days off may move no row onto the one before it, nor the first onto the payout or before it."""
    for nr, (before, due) in enumerate(pairwise([plan.disbursement_day, *moved]), 1):
        if due <= before:
            limit = f"row {nr} must be due after {date_of(before)}; other periods or another calendar are"
            raise PlanRefused("business_days", date_of(due).isoformat(), limit)


def _as_row(nr: int, row: _Wanted) -> Row:
    return Row(nr, row.due_day, row.principal_minor, row.interest_minor)


def _planned_rows(plan: Plan) -> Iterator[_Wanted]:
    """The rows of a plan's method, the down payment first."""
    if plan.down_payment_minor:
        yield _Wanted(plan.disbursement_day, plan.down_payment_minor, 0)
    days = _days(plan)
    _require_end(days[-1][1])
    _require_apart(plan, [moved for _, moved in days])
    for (_due, moved), part in zip(days, amounts(_spread(plan, [moved for _, moved in days])), strict=True):
        yield _Wanted(moved, part.principal_minor, part.interest_minor)


def _spread(plan: Plan, moved: Sequence[int]) -> Spread:
    return Spread(
        principal_minor=plan.lent_minor - plan.down_payment_minor,
        factors=tuple(_factors(plan, moved)),
        weights=plan.shares,
        rounding=plan.rounding,
        multiple_minor=plan.multiple_minor,
        by_principal=plan.method not in {Method.ANNUITY, Method.FLAT},
        flat=plan.method.is_flat,
        first_interest_row=plan.moratorium.interest_periods,
        waived=plan.moratorium.waived,
    )


def _factors(plan: Plan, moved: Sequence[int]) -> Iterable[Factor]:
    terms = plan.formula
    parts: Iterable[int] = (parts for _due, parts in accruals(terms))
    if plan.business_days and plan.business_days.adjusted:
        if plan.day_count is DayCount.MONTHS_360:
            raise PlanRefused("business_days.interest", "adjusted", "with day_count months_360 only unadjusted is")
        parts = (parts_between(plan.day_count, *edges) for edges in pairwise([plan.disbursement_day, *moved]))
    return ((plan.rate_ppm * each, PPM * plan.day_count.year_parts) for each in parts)


def _fitted(terms: ScheduleTerms, wanted: Iterable[_Wanted]) -> Iterator[Row]:
    """Rows that ask for no more interest than has accrued by their day; the rest waits for the next ones.

    What has not accrued by the last row, since principal was repaid earlier than counted, is not asked for.
    """
    balance, accrued, waiting, previous = terms.principal_minor, 0, 0, terms.disbursement_day
    for nr, row in enumerate(wanted, 1):
        base = terms.principal_minor if terms.method.is_flat else balance
        by_now = accrued + _accrued(terms, base, previous, row.due_day)
        waiting += row.interest_minor
        asked = min(waiting, by_now)
        waiting -= asked
        balance -= row.principal_minor
        if asked or row.principal_minor:
            accrued, previous = by_now - asked, row.due_day
        yield Row(nr, row.due_day, row.principal_minor, asked)


def _accrued(terms: ScheduleTerms, base: int, start: int, end: int) -> int:
    parts = parts_between(terms.day_count, start, end)
    return interest(base, terms.rate_ppm, parts, terms.day_count, terms.rounding.mode)


def _custom_rows(plan: Plan) -> list[_Wanted]:
    """The table as given; where a row says no interest, all that has accrued."""
    terms, rows = plan.formula, []
    balance, accrued, previous = plan.lent_minor, 0, plan.disbursement_day
    moved = plan.business_days.moved if plan.business_days else int
    for index, row in enumerate(plan.rows):
        due = moved(row.due_day)
        if due < previous or (due == previous and index):
            limit = f"a date {'after' if index else 'from'} {date_of(previous)}{'' if index else ' on'} is"
            raise PlanRefused(f"rows[{index}].due_date", date_of(due).isoformat(), limit)
        accrued += _accrued(terms, plan.lent_minor if terms.method.is_flat else balance, previous, due)
        asked = accrued if row.interest_minor is None else row.interest_minor
        rows.append(_Wanted(due, row.principal_minor, asked))
        accrued, balance, previous = accrued - asked, balance - row.principal_minor, due
    return rows


def _lines(plan: Plan, rows: Iterable[Row]) -> Iterator[Line]:
    """The payout and each row, with the balance after it."""
    balance = plan.lent_minor
    yield Line(0, plan.disbursement_day, 0, 0, plan.fees_minor, balance)
    for nr, row in enumerate(rows, 1):
        balance -= row.principal_minor
        yield Line(nr, row.due_day, row.principal_minor, row.interest_minor, 0, balance)
