"""Loans as `GET /v1/loans/{loan}` answers them, made by the facade's own view, for a browser to look at.

`python -m tests.web.loan_page` writes `tests/golden/loan_page.json` again: an annuity of 12 rows with five
rows paid (one of them late), a sixth paid in part and overdue. Terms and payments are made up; Apache-2.0.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from api.loans.schemas import LoanLedgerOut, Status
from api.loans.view import Facts, loan_view
from contracts.loan import DEFAULT_WATERFALL, LoanState, accrue, apply_payment, originate
from contracts.schedule import (
    DayCount,
    Row,
    ScheduleTerms,
    day_of,
    derive,
    first_due_day,
    level_instalment,
    schedule_apr_ppm,
    schedule_root,
)
from contracts.typed_data import Agreement, Domain, digest

GOLDEN = Path(__file__).parents[1] / "golden" / "loan_page.json"
FEE_MINOR = 15_000
DISBURSED_ON = date(2026, 3, 16)
OVERDUE_TODAY = date(2026, 9, 28)
CHAIN_ID = 1_337_421
ORIGINATION_BLOCK = 31
BLOCKS_BETWEEN_PAYMENTS = 7

Json = dict[str, Any]


@dataclass(frozen=True)
class Paid:
    """A payment on a day: this amount, or all that is due of the oldest unpaid row."""

    on: date
    amount_minor: int | None = None


def made_up(*parts: object) -> bytes:
    """A stable 32-byte number for an identifier."""
    return sha256("/".join(map(str, parts)).encode()).digest()


def address_of(name: str) -> str:
    """A stable address."""
    return "0x" + made_up(name)[:20].hex()


def annuity(principal_minor: int = 1_000_000, periods: int = 12) -> ScheduleTerms:
    """Equal monthly instalments at 14.4 %."""
    start = day_of(DISBURSED_ON)
    return ScheduleTerms(
        principal_minor=principal_minor,
        rate_ppm=144_000,
        periods=periods,
        disbursement_day=start,
        first_due_day=first_due_day(start, DISBURSED_ON.day),
        anchor_day=DISBURSED_ON.day,
        day_count=DayCount.ACT_365F,
    )


def loan_id(signed: Agreement, domain: Domain) -> str:
    """The agreement's digest."""
    return "0x" + digest(signed, domain).hex()


def agreement(name: str, terms: ScheduleTerms, table: Sequence[Row], fee_minor: int) -> Agreement:
    """A consumer's agreement; of a formula its levelled instalment and rows, else the table. The name salts it."""
    instalment = level_instalment(terms)
    rows = table or derive(terms, instalment)
    start = terms.disbursement_day
    return Agreement(
        borrower=address_of("borrower"),
        lender=address_of("lender"),
        currency=address_of("cash"),
        principal_minor=terms.principal_minor,
        method=terms.method,
        rate_ppm=terms.rate_ppm,
        periods=terms.periods,
        period_unit=terms.period_unit,
        period_length=terms.period_length,
        interest_only_periods=terms.interest_only_periods,
        disbursement_day=start,
        latest_origination_day=min(start + 3, rows[0].due_day),
        first_due_day=terms.first_due_day,
        anchor_day=terms.anchor_day,
        time_zone_minutes=480,
        day_count=terms.day_count,
        rounding=terms.rounding.word,
        instalment_minor=instalment,
        instalment_multiple_minor=terms.multiple_minor,
        upfront_fee_minor=fee_minor,
        apr_ppm=schedule_apr_ppm(terms, rows, fee_minor),
        grace_days=3,
        late_fee_minor=2_000,
        penalty_rate_ppm=216_000,
        penalty_max_days=90,
        waterfall=DEFAULT_WATERFALL,
        cooling_off_days=7,
        product_id=made_up("product"),
        score_report=made_up("score report"),
        document_hash=made_up("document"),
        schedule_root=schedule_root(terms.method, rows),
        salt=made_up("salt", name),
        deadline=(start + 3) * 86_400,
    )


def _amount(state: LoanState, paid: Paid) -> int:
    if paid.amount_minor is not None:
        return paid.amount_minor
    state = accrue(state, day_of(paid.on))
    return state.late_fee_due_minor + state.penalty_due_minor + state.unpaid_minor(state.row)


def _booked(terms: Agreement, table: Sequence[Row], payments: Sequence[Paid]) -> list[Any]:
    """The payments as the indexer's rows have them."""
    state, booked = originate(terms, table), []
    for at, paid in enumerate(payments, start=1):
        day, amount = day_of(paid.on), _amount(state, paid)
        state, split = apply_payment(state, amount, day)
        booked.append(
            SimpleNamespace(
                day=day,
                amount_minor=amount,
                late_fee_minor=split.late_fee_minor,
                penalty_minor=split.penalty_minor,
                interest_minor=split.interest_minor,
                principal_minor=split.principal_minor,
                tx_hash="0x" + made_up("transaction", at).hex(),
                log_index=0,
                block_number=ORIGINATION_BLOCK + BLOCKS_BETWEEN_PAYMENTS * at,
            )
        )
    return booked


def loan_page(
    name: str,
    today: date,
    payments: Sequence[Paid],
    *,
    status: Status = "active",
    terms: ScheduleTerms | None = None,
    table: Sequence[Row] = (),
    fee_minor: int = FEE_MINOR,
    acts: Sequence[Any] = (),
) -> Json:
    """The loan's JSON on a day, after these payments and acts; each name has an agreement of its own."""
    signed = agreement(name, terms or annuity(), table, fee_minor)
    recorded = status in {"active", "closed"}
    ledger = LoanLedgerOut(
        chain_id=CHAIN_ID,
        loan_book=address_of("loan book"),
        block_number=ORIGINATION_BLOCK if recorded else None,
        origination_tx="0x" + made_up("origination").hex() if recorded else None,
    )
    loan = loan_id(signed, Domain(ledger.chain_id, ledger.loan_book))
    facts = Facts(loan, status, _booked(signed, table, payments), {}, ledger, None, table, acts)
    return loan_view(signed, facts, day_of(today)).model_dump(mode="json")


def on_time_payments(count: int, first: int = 1) -> list[Paid]:
    """Payments of whole rows, each on its due day or up to two days before."""
    months = [DISBURSED_ON.month - 1 + nr for nr in range(first, first + count)]
    due = [date(DISBURSED_ON.year + month // 12, month % 12 + 1, DISBURSED_ON.day) for month in months]
    return [Paid(on - timedelta(days=nr % 3)) for nr, on in enumerate(due, start=first)]


def overdue() -> Json:
    """Five rows paid, the third of them late; the sixth paid in part and overdue by twelve days."""
    paid = [
        *on_time_payments(2),
        Paid(date(2026, 6, 22)),
        *on_time_payments(2, first=4),
        Paid(date(2026, 9, 16), 30_000),
    ]
    return loan_page("overdue", OVERDUE_TODAY, paid)


def on_time(name: str = "on_time") -> Json:
    """Four rows paid, the fifth due in eighteen days."""
    return loan_page(name, date(2026, 7, 29), on_time_payments(4))


def due_soon() -> Json:
    """Four rows paid, the fifth due in three days."""
    return loan_page("due_soon", date(2026, 8, 13), on_time_payments(4))


def within_grace() -> Json:
    """The fifth row two days past its due day, which the agreement forgives."""
    return loan_page("within_grace", date(2026, 8, 18), on_time_payments(4))


def closed() -> Json:
    """All twelve rows paid."""
    return loan_page("closed", date(2027, 3, 20), on_time_payments(12), status="closed")


def pending() -> Json:
    """Signed, not yet on the ledger."""
    return loan_page("pending", DISBURSED_ON, [], status="pending")


def failed() -> Json:
    """Signed, refused by the ledger."""
    return loan_page("failed", DISBURSED_ON, [], status="failed")


def long() -> Json:
    """Sixty rows, more than fit side by side on a phone."""
    return loan_page("long", date(2027, 9, 1), on_time_payments(17), terms=annuity(20_000_000, 60))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(overdue(), indent=2) + "\n", encoding="utf-8")
