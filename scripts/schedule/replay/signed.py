"""The agreement under which a LoanBook would carry a case's loan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contracts.schedule import Method, Row, ScheduleRefused, date_of, divide
from contracts.schedule.plan import PlanRefused, Resolved, parse_plan, resolve
from contracts.typed_data import Agreement
from scripts.schedule.compare import read_amount
from scripts.schedule.fineract import Instalment, Loan, Unsupported, draw, plans

Fields = Mapping[str, Any]
NOBODY, NOTHING = "0x" + "00" * 20, bytes(32)
CHARGE_TYPE, CHARGE_PERCENT = "charge calculation type", "charge amount %"
AT_PAYOUT = "LOAN_DISBURSEMENT_CHARGE"
RATE_PPM, DAYS_360 = 10_000, 360
SHARED = (
    "principal_minor",
    "rate_ppm",
    "periods",
    "period_length",
    "interest_only_periods",
    "disbursement_day",
    "first_due_day",
    "anchor_day",
)
"""Words of the agreement that are called so in the terms of a schedule, too."""


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement and its rows."""

    agreement: Agreement
    rows: tuple[Row, ...]

    @property
    def table(self) -> tuple[Row, ...]:
        """The rows that must be brought with it: none where a formula says them."""
        return self.rows if Method(self.agreement.method).is_table else ()


def sign_terms(loan: Loan, waterfall: int, upfront_fee_minor: int, today: int) -> Signed:
    """The agreement that is signed to begin today; nobody's names are in it. Raises Unsupported."""
    resolved = _resolved(loan)
    terms = resolved.terms
    values: dict[str, Any] = {
        field.name: {"address": NOBODY, "bytes32": NOTHING}.get(field.type, 0) for field in Agreement.fields()
    }
    values |= {name: getattr(terms, name) for name in SHARED} | {
        "method": int(terms.method),
        "period_unit": int(terms.period_unit),
        "day_count": int(terms.day_count),
        "rounding": terms.rounding.word,
        "latest_origination_day": max(today, terms.disbursement_day),
        "instalment_minor": resolved.instalment_minor,
        "instalment_multiple_minor": terms.multiple_minor,
        "upfront_fee_minor": upfront_fee_minor,
        "waterfall": waterfall,
        "schedule_root": resolved.root,
    }
    return Signed(Agreement(**values), resolved.rows)


def _resolved(loan: Loan) -> Resolved:
    """The plan that comes to the rows which Fineract's rules draw from the terms. Raises Unsupported."""
    drawn = draw(loan)
    for plan in (*plans(loan), _table(loan, drawn)):
        try:
            resolved = resolve(parse_plan(plan))
        except (PlanRefused, ScheduleRefused):
            continue
        if list(map(_amounts, resolved.rows)) == list(map(_amounts, drawn)):
            return resolved
    raise Unsupported("terms: no formula or table of ours comes to Fineract's rows")


def _amounts(row: Row | Instalment) -> tuple[int, int, int]:
    return row.due_day, row.principal_minor, row.interest_minor


def _table(loan: Loan, drawn: Sequence[Instalment]) -> Fields:
    """A plan that says every row: what a LoanBook carries where no formula comes to them."""
    rows = [
        {
            "due_date": date_of(row.due_day).isoformat(),
            "principal_minor": row.principal_minor,
            "interest_minor": row.interest_minor,
        }
        for row in drawn
    ]
    return {
        "method": "custom_flat" if loan.flat else "custom",
        "principal_minor": loan.principal_minor,
        "rate_ppm": int(loan.rate_percent * RATE_PPM),
        "disbursement_date": date_of(loan.start_day).isoformat(),
        "day_count": "act_360" if loan.year_days == DAYS_360 else "act_365f",
        "rounding": {"mode": loan.mode.name.lower()},
        "rows": rows,
    }


def upfront_fee(case: Fields, loan: Loan, shown_minor: int) -> int:
    """The fee that is withheld from the payout, in minor units. Raises Unsupported.

    The terms do not say of what the charge is a percentage. So it is what the table shows if that is the amount
    itself, or its percentage of the principal, of all interest, or of both.
    """
    terms = case["terms"]
    if CHARGE_TYPE not in terms and CHARGE_PERCENT not in terms:
        return 0
    if terms.get(CHARGE_TYPE) != AT_PAYOUT:
        raise Unsupported(f"charges: {terms.get(CHARGE_TYPE)!r} is none at the payout")
    amount = Fraction(read_amount(terms, CHARGE_PERCENT))
    interest = sum(row.interest_minor for row in draw(loan))
    bases = (loan.principal_minor, interest, loan.principal_minor + interest, 100 * 10**loan.decimals)
    shares = [base * amount / 100 for base in bases]
    if shown_minor not in {divide(share.numerator, share.denominator, loan.mode) for share in shares}:
        raise Unsupported(
            f"charges: the table shows {shown_minor} minor units at the payout, and the terms no way to them"
        )
    return shown_minor
