"""Which plans of this project say the terms of a case."""

from collections.abc import Iterator
from typing import Any

from contracts.schedule import date_of
from scripts.schedule.fineract.dates import due_days
from scripts.schedule.fineract.loan import Loan, Unit

MINOR_DECIMALS = 2
"""Minor units are hundredths here."""


def plans(loan: Loan) -> Iterator[dict[str, Any]]:
    """Plans as `tally schedule` reads them, the likelier first: an instalment that was set once is an exact one.

    None for amounts that are not in hundredths, or for a last row that the periods do not say.
    """
    if loan.decimals != MINOR_DECIMALS or loan.fixed_length is not None:
        return
    levellings = ("levelled", "exact") if loan.progressive and not loan.flat else ("exact", "levelled")
    for levelling in levellings:
        yield _plan(loan, levelling)


def _plan(loan: Loan, levelling: str) -> dict[str, Any]:
    method = "equal_principal" if loan.equal_principal else "flat" if loan.flat else "annuity"
    rounding: dict[str, Any] = {"mode": loan.mode.name.lower(), "levelling": levelling}
    plan: dict[str, Any] = {
        "method": method,
        "principal_minor": loan.principal_minor,
        "rate_ppm": int(loan.rate_percent * 10_000),
        "periods": loan.repayments,
        "period": {"unit": loan.unit.name.lower(), "every": loan.every},
        "disbursement_date": date_of(loan.start_day).isoformat(),
        "day_count": _day_count(loan),
        "rounding": rounding | ({"multiple_minor": loan.multiple_minor} if loan.multiple_minor else {}),
    }
    if loan.seed_day != loan.start_day:
        plan["first_due_date"] = date_of(due_days(loan)[0]).isoformat()
    if loan.down_payment_minor:
        plan["down_payment"] = {"amount_minor": loan.down_payment_minor}
    if loan.principal_grace or loan.interest_grace:
        grace = {"principal_periods": loan.principal_grace, "interest_periods": loan.interest_grace}
        plan["moratorium"] = grace | {"interest": "deferred"}
    return plan


def _day_count(loan: Loan) -> str:
    months = loan.unit in {Unit.MONTHS, Unit.YEARS}
    if months and (not loan.daily or (loan.months_of_30 and loan.year_days == 360)):
        return "months_360"
    if loan.year_days == 360:
        return "act_360"
    return "act_365f" if loan.year_days == 365 or not loan.progressive else "act_act_isda"
