"""Write tests/golden/schedules/fineract_replays.json: `python -m tests.contracts.loan.distil_replays RAW`.

A script is kept when `tally schedule check` replays it whole. The figures written are always the raw file's, never
those of this project's code; only how its terms are signed here is ours.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.schedule import day_of
from scripts.schedule.fineract import Loan, read_loan
from scripts.schedule.replay import check_replay
from scripts.schedule.replay.product import Product, read_product
from scripts.schedule.replay.signed import Signed, sign_terms
from scripts.schedule.verdict import Status
from tests.contracts.schedule.golden import FOLDER

PATH = FOLDER / "fineract_replays.json"
Fields = Mapping[str, Any]
META: dict[str, Any] = {
    "format": "tallystick replays 1",
    "about": "What happened to loans in another lending system, and what it says was due and paid then. Amounts in "
    "minor units, rates in ppm a year, days since 1970-01-01.",
    "source": "Apache Fineract, fineract-e2e-tests-runner/src/test/resources/features/*.feature; id = feature "
    "file:line of the first schedule table; distilled by `python -m tests.contracts.loan.distil_replays`",
    "licence": "Apache-2.0",
    "commit": "b32837e9b (develop, 2025-10-28)",
    "fields": {
        "terms": "as signed here, as in tallystick.json; no charges for lateness",
        "waterfall": "the order of payment that is signed: 1 late fee, 2 penalty, 3 interest, 4 principal",
        "rows": "[due day, principal, interest] as every table of the script has them",
        "events": "in order: repay (an amount, on a day), record (the arrears of a day)",
        "checkpoints": "after so many events; of each row [paid, of it in advance, of it late, outstanding, day on "
        "which it was completed or null]; totals [due, paid, in advance, late, outstanding], with the upfront fee as "
        "due and paid",
    },
}
PAID = ("paid", "in_advance", "late", "outstanding")


def document(raw: Fields) -> dict[str, Any]:
    """The golden file."""
    kept = [case for case in raw["cases"] if check_replay(case).status is Status.PASSED]
    return META | {"cases": [_written(case) for case in kept]}


def _written(case: Fields) -> dict[str, Any]:
    payout = next(event for event in case["events"] if event["kind"] == "disburse")
    loan = read_loan({**case, "disbursed": payout})
    product = read_product(case, loan)
    points = [point for point in case["checkpoints"] if point["after"] > case["events"].index(payout)]
    fee = _minor(_lines(points[0], numbered=False)[0]["fees"])
    signed = sign_terms(loan, product.order.waterfall, fee, loan.start_day)
    events = list(_events(case["events"], loan, product))
    return {
        "id": case["id"],
        "note": case["scenario"],
        "terms": _terms(signed),
        "instalment_minor": signed.agreement.instalment_minor,
        "upfront_fee_minor": fee,
        "waterfall": signed.agreement.waterfall,
        "schedule_root": f"0x{signed.agreement.schedule_root.hex()}",
        "rows": _rows(points),
        "events": [event for _, event in events],
        "checkpoints": [_checkpoint(point, [number for number, _ in events]) for point in points],
    }


def _terms(signed: Signed) -> dict[str, int]:
    """The words that the rows follow from; the instalment's multiple by the name it has in the other files."""
    agreement = signed.agreement
    names = ("principal_minor", "rate_ppm", "periods", "disbursement_day", "first_due_day", "anchor_day", "day_count")
    rest = ("rounding", "method", "period_unit", "period_length", "interest_only_periods")
    words = {name: int(getattr(agreement, name)) for name in names}
    words["multiple_minor"] = agreement.instalment_multiple_minor
    return words | {name: int(getattr(agreement, name)) for name in rest}


def _events(events: Sequence[Fields], loan: Loan, product: Product) -> Iterator[tuple[int, list[Any]]]:
    """Each event with its number in the raw script."""
    today = 0
    for number, event in enumerate(events, 1):
        today = _day(event["date"]) if event["kind"] == "today" else today
        if event["kind"] == "disburse" and product.pays_down_by_itself:
            yield number, ["repay", loan.start_day, loan.down_payment_minor]
        elif event["kind"] == "repay":
            yield number, ["repay", _day(event["date"]), _minor(event["amount"])]
        elif event["kind"] == "close_of_business":
            yield number, ["record", today, 0]


def _rows(points: Sequence[Fields]) -> list[list[int]]:
    """The rows of all tables, which are the same."""
    tables = [
        [[_day(row["date"]), _minor(row["principal"]), _minor(row["interest"])] for row in _lines(point, numbered=True)]
        for point in points
    ]
    assert all(table == tables[0] for table in tables)
    return tables[0]


def _checkpoint(point: Fields, numbers: Sequence[int]) -> dict[str, Any]:
    rows = [
        [*(_minor(row[name]) for name in PAID), _day(row["paid_date"]) if "paid_date" in row else None]
        for row in _lines(point, numbered=True)
    ]
    return {
        "after": sum(number <= point["after"] for number in numbers),
        "rows": rows,
        "totals": [_minor(point["totals"][name]) for name in ("due", *PAID)],
    }


def _lines(point: Fields, *, numbered: bool) -> list[Fields]:
    return [line for line in point["schedule"] if ("nr" in line) is numbered]


def _minor(text: str) -> int:
    minor = Decimal(text) * 100
    assert minor == int(minor)
    return int(minor)


def _day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def text(raw: Fields) -> str:
    """The golden file as it is written: one case a line."""
    golden = document(raw)
    cases = ",\n".join(f"    {json.dumps(case, ensure_ascii=False)}" for case in golden.pop("cases"))
    head = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in golden.items()
    )
    return f'{{\n{head},\n  "cases": [\n{cases}\n  ]\n}}\n'


if __name__ == "__main__":
    PATH.write_text(text(json.loads(Path(sys.argv[1]).read_text())))
