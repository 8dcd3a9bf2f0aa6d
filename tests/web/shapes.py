"""Loans of every shape a schedule can have, and loans whose figures somebody has changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    Row,
    ScheduleTerms,
    date_of,
    day_of,
    derive,
    level_instalment,
)
from contracts.typed_data import Agreement, Domain
from tests.web.loan_page import DISBURSED_ON, Json, Paid, annuity, loan_id, loan_page, on_time

TODAY = date(2026, 7, 29)
START = day_of(DISBURSED_ON)


def _page(name: str, terms: ScheduleTerms, table: Sequence[Row] = (), fee_minor: int = 15_000) -> Json:
    """The loan on 29 July 2026, every row due by then paid on its day."""
    rows = table or derive(terms, level_instalment(terms))
    paid = [Paid(date_of(row.due_day), row.due_minor) for row in rows if row.due_day <= day_of(TODAY)]
    return loan_page(name, TODAY, paid, terms=terms, table=table, fee_minor=fee_minor)


def equal_principal() -> Json:
    """Every three months, the first two rows interest only."""
    return _page(
        "equal_principal",
        replace(annuity(), method=Method.EQUAL_PRINCIPAL, periods=8, period_length=3, interest_only_periods=2),
    )


def interest_only() -> Json:
    """Interest every month, the principal at the end."""
    return _page("interest_only", replace(annuity(), method=Method.INTEREST_ONLY, day_count=DayCount.MONTHS_360))


def bullet() -> Json:
    """One row after half a year."""
    return _page(
        "bullet",
        replace(annuity(), method=Method.BULLET, periods=1, first_due_day=day_of(date(2026, 9, 16)), period_length=6),
    )


def flat() -> Json:
    """Equal instalments whose interest is on the whole principal until the end."""
    return _page("flat", replace(annuity(), method=Method.FLAT, rate_ppm=72_000))


def fortnightly() -> Json:
    """An annuity every two weeks."""
    return _page(
        "fortnightly",
        replace(
            annuity(),
            periods=26,
            period_unit=PeriodUnit.DAY,
            period_length=14,
            anchor_day=0,
            first_due_day=START + 14,
            day_count=DayCount.ACT_ACT_ISDA,
        ),
    )


def free() -> Json:
    """No interest and no fee."""
    return _page("free", replace(annuity(), rate_ppm=0), fee_minor=0)


def seasonal() -> Json:
    """A farmer's table: a down payment at once, interest until the harvest, two large rows after it."""
    rows = [
        Row(1, START, 100_000, 0),
        Row(2, day_of(date(2026, 6, 30)), 0, 30_000),
        Row(3, day_of(date(2026, 9, 30)), 400_000, 40_000),
        Row(4, day_of(date(2026, 11, 30)), 450_000, 12_000),
        Row(5, day_of(date(2027, 2, 26)), 50_000, 1_500),
    ]
    return _page("seasonal", annuity().as_table(rows), rows)


def row_changed() -> Json:
    """The seventh row asks for a yuan more than was signed."""
    page = on_time("row_changed")
    page["rows"][6]["interest_minor"] += 100
    page["rows"][6]["due_minor"] += 100
    return page


def root_changed() -> Json:
    """The terms and rows fit each other, but other rows were signed."""
    page = on_time("root_changed")
    typed_data, root = page["typed_data"], "0x" + "5a" * 32
    message = {**typed_data["message"], "scheduleRoot": root}
    domain = Domain(typed_data["domain"]["chainId"], typed_data["domain"]["verifyingContract"])
    loan = loan_id(Agreement.from_message(message), domain)
    return {**page, "loan": loan, "schedule_root": root, "typed_data": {**typed_data, "message": message}}


def price_changed() -> Json:
    """The all-in rate is told a point too low."""
    page = on_time("price_changed")
    return {**page, "all_in_ppm": page["all_in_ppm"] - 10_000}


def terms_changed() -> Json:
    """The yearly rate is told lower than signed, and the late fee too."""
    return {**on_time("terms_changed"), "rate_ppm": 96_000, "late_fee_minor": 200}


def agreement_changed() -> Json:
    """Another loan, sound in itself, in the place of the one that both sides signed: twice the principal."""
    other = _page("another", replace(annuity(), principal_minor=2_000_000))
    return {**other, "loan": on_time("agreement_changed")["loan"]}
