"""Loans in the shape of `GET /v1/loans/{loan}`, for a browser to look at.

`python -m tests.web.loan_page` writes `tests/golden/loan_page.json` again: an annuity of 12 rows with five
rows paid (one of them late), a sixth paid in part and overdue. All figures are made here; no person's data.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden" / "loan_page.json"

EPOCH = date(1970, 1, 1)
PPM = 1_000_000
DAYS_A_YEAR = 365
FEE_MINOR = 15_000
LATE_FEE_MINOR = 2_000
GRACE_DAYS = 3
RATE_PPM = 144_000
PENALTY_RATE_PPM = 216_000
DISBURSED_ON = date(2026, 3, 16)
OVERDUE_TODAY = date(2026, 9, 28)

Json = dict[str, Any]


@dataclass(frozen=True)
class Paid:
    """A payment towards one row; the whole unpaid row where no amount is given."""

    nr: int
    on: date
    amount_minor: int | None = None


def day_of(on: date) -> int:
    """Days since 1970-01-01."""
    return (on - EPOCH).days


def hex_of(*parts: object) -> str:
    """A stable 32-byte number for a made-up identifier."""
    return "0x" + sha256("/".join(map(str, parts)).encode()).hexdigest()


def month_after(start: date, months: int) -> date:
    """The same day of the month so many months later (the start day exists in every month here)."""
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, start.day)


def share(amount_minor: int, rate_ppm: int, days: int) -> int:
    """A yearly rate on an amount for some days of a 365-day year, half up."""
    return (2 * amount_minor * rate_ppm * days + PPM * DAYS_A_YEAR) // (2 * PPM * DAYS_A_YEAR)


def _balances(principal_minor: int, instalment_minor: int, dues: Sequence[date]) -> list[tuple[int, int]]:
    """(interest, balance before) of each row."""
    balance, before, rows = principal_minor, DISBURSED_ON, []
    for due in dues:
        interest = share(balance, RATE_PPM, (due - before).days)
        rows.append((interest, balance))
        balance, before = balance - (instalment_minor - interest), due
    return rows


def _level_instalment(principal_minor: int, dues: Sequence[date]) -> int:
    low, high = 1, 2 * principal_minor
    while low < high:
        middle = (low + high) // 2
        interest, balance = _balances(principal_minor, middle, dues)[-1]
        low, high = (low, middle) if balance + interest <= middle else (middle + 1, high)
    return low


def _rows(principal_minor: int, periods: int) -> tuple[int, list[Json]]:
    dues = [month_after(DISBURSED_ON, nr) for nr in range(1, periods + 1)]
    instalment = _level_instalment(principal_minor, dues)
    rows: list[Json] = []
    for nr, (interest, balance) in enumerate(_balances(principal_minor, instalment, dues), start=1):
        principal = balance if nr == periods else instalment - interest
        rows.append(
            {
                "nr": nr,
                "due_day": day_of(dues[nr - 1]),
                "principal_minor": principal,
                "interest_minor": interest,
                "due_minor": principal + interest,
                "balance_minor": balance - principal,
                "paid_minor": 0,
                "status": "upcoming",
                "paid_day": None,
            }
        )
    return instalment, rows


def _charges(row: Json, day: int) -> tuple[int, int]:
    """Late fee and penalty of a row on a day."""
    late = day - row["due_day"]
    if row["status"] == "paid" or late <= GRACE_DAYS:
        return 0, 0
    return LATE_FEE_MINOR, share(row["due_minor"] - row["paid_minor"], PENALTY_RATE_PPM, late)


def _pay(row: Json, paid: Paid, block: int) -> Json:
    day = day_of(paid.on)
    fee, penalty = _charges(row, day)
    amount = row["due_minor"] - row["paid_minor"] if paid.amount_minor is None else paid.amount_minor
    interest = min(amount, max(0, row["interest_minor"] - row["paid_minor"]))
    row["paid_minor"] += amount
    if row["paid_minor"] == row["due_minor"]:
        row["status"], row["paid_day"] = "paid", day
    else:
        row["status"] = "partial"
    return {
        "id": hex_of("payment", paid.nr, day)[2:34],
        "day": day,
        "amount_minor": amount + fee + penalty,
        "late_fee_minor": fee,
        "penalty_minor": penalty,
        "interest_minor": interest,
        "principal_minor": amount - interest,
        "tx_hash": hex_of("tx", paid.nr, day),
        "block_number": block,
    }


def _apr_ppm(disbursed_minor: int, rows: Sequence[Json]) -> int:
    """Yearly effective rate at which the instalments are worth what arrived (twelfths of a year)."""

    def worth(rate: float) -> float:
        return float(sum(row["due_minor"] / (1 + rate) ** (row["nr"] / 12) for row in rows))

    low, high = 0.0, 5.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > disbursed_minor else (low, middle)
    return round(low * PPM)


def _mark_due(rows: Sequence[Json], today: int) -> None:
    for row in rows:
        if row["status"] != "paid" and row["due_day"] < today:
            row["status"] = "overdue"
    following = next((row for row in rows if row["status"] == "upcoming"), None)
    if following is not None:
        following["status"] = "due"


def _bucket(days: int) -> int:
    return sum(days >= edge for edge in (1, 30, 60, 90))


def _arrears(rows: Sequence[Json], today: int) -> Json:
    unpaid = [row for row in rows if row["status"] != "paid"]
    late = [row for row in unpaid if row["due_day"] < today]
    days = today - late[0]["due_day"] if late else 0
    return {
        "overdue_minor": sum(row["due_minor"] - row["paid_minor"] for row in late),
        "charges_due_minor": sum(sum(_charges(row, today)) for row in late),
        "next_due_day": unpaid[0]["due_day"] if unpaid else None,
        "next_due_minor": unpaid[0]["due_minor"] - unpaid[0]["paid_minor"] if unpaid else 0,
        "arrears": {"bucket": _bucket(days), "days_past_due": days},
    }


def loan_page(
    today: date,
    payments: Sequence[Paid],
    *,
    status: str = "active",
    principal_minor: int = 1_000_000,
    periods: int = 12,
) -> Json:
    """The loan's JSON on a day, after these payments (in order)."""
    instalment, rows = _rows(principal_minor, periods)
    done = [_pay(rows[paid.nr - 1], paid, 40 + 7 * at) for at, paid in enumerate(payments)]
    _mark_due(rows, day_of(today))
    recorded = status not in {"pending", "failed"}
    return {
        "loan": hex_of("loan", principal_minor, periods),
        "status": status,
        "currency": "CNY",
        "decimals": 2,
        "principal_minor": principal_minor,
        "disbursed_minor": principal_minor - FEE_MINOR,
        "upfront_fee_minor": FEE_MINOR,
        "rate_ppm": RATE_PPM,
        "apr_ppm": _apr_ppm(principal_minor - FEE_MINOR, rows),
        "periods": periods,
        "disbursement_day": day_of(DISBURSED_ON),
        "today_day": day_of(today),
        "instalment_minor": instalment,
        "grace_days": GRACE_DAYS,
        "late_fee_minor": LATE_FEE_MINOR,
        "penalty_rate_ppm": PENALTY_RATE_PPM,
        "outstanding_principal_minor": principal_minor - sum(p["principal_minor"] for p in done),
        "paid_minor": sum(p["amount_minor"] for p in done),
        **_arrears(rows, day_of(today)),
        "rows": rows,
        "payments": done,
        "ledger": {
            "chain_id": 1337421,
            "loan_book": hex_of("loan book")[:42],
            "block_number": 31 if recorded else None,
            "origination_tx": hex_of("origination") if recorded else None,
        },
    }


def _on_time(count: int) -> list[Paid]:
    return [Paid(nr, month_after(DISBURSED_ON, nr) - timedelta(days=nr % 3)) for nr in range(1, count + 1)]


def overdue() -> Json:
    """Five rows paid, the third of them late; the sixth paid in part and overdue by twelve days."""
    paid = [*_on_time(2), Paid(3, date(2026, 6, 22)), *_on_time(5)[3:]]
    return loan_page(OVERDUE_TODAY, [*paid, Paid(6, date(2026, 9, 16), 30_000)])


def on_time() -> Json:
    """Four rows paid, the fifth due in eighteen days."""
    return loan_page(date(2026, 7, 29), _on_time(4))


def due_soon() -> Json:
    """Four rows paid, the fifth due in three days."""
    return loan_page(date(2026, 8, 13), _on_time(4))


def within_grace() -> Json:
    """The fifth row two days past its due day, which the agreement forgives."""
    return loan_page(date(2026, 8, 18), _on_time(4))


def closed() -> Json:
    """All twelve rows paid."""
    return loan_page(date(2027, 3, 20), _on_time(12), status="closed")


def pending() -> Json:
    """Signed, not yet on the ledger."""
    return loan_page(DISBURSED_ON, [], status="pending")


def long() -> Json:
    """Sixty rows, more than fit side by side on a phone."""
    return loan_page(date(2027, 9, 1), _on_time(17), principal_minor=20_000_000, periods=60)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(overdue(), indent=2) + "\n", encoding="utf-8")
