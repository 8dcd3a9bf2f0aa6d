"""Write tests/golden/schedules/tallystick.json: `python -m tests.contracts.schedule.make_golden`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from contracts.schedule import (
    DayCount,
    RateUndefined,
    ScheduleRefused,
    ScheduleTerms,
    all_in_rate_ppm,
    derive,
    level_instalment,
    parts_between,
    schedule_apr_ppm,
    schedule_root,
    table_proof,
    verify_table,
)
from tests.contracts.schedule.golden import FOLDER
from tests.contracts.schedule.vectors import Vector, day, refusals, vectors

PATH = FOLDER / "tallystick.json"
META: dict[str, Any] = {
    "format": "tallystick schedules 2",
    "about": "What the rules make of each agreement: one file for Solidity, Python and TypeScript. Amounts in minor "
    "units, rates in ppm a year, days since 1970-01-01.",
    "source": "this project: `python -m tests.contracts.schedule.make_golden`; every figure is recalculated by "
    "tests/contracts/schedule/reference.py",
    "licence": "Apache-2.0",
    "fields": {
        "terms": "as signed: method, period_unit, day_count and rounding are the words of the agreement; of a table "
        "(method 5, 6) anchor_day, period_unit, period_length, interest_only_periods are 0",
        "instalment_minor": "the levelled instalment of the terms in `cases`, any in `refusals`; 0 where the method "
        "has none",
        "rows": "[due day, principal, interest]; of a table what is agreed, of a formula what follows",
        "schedule_root": "keccak256 of the rows' words; of a table its Merkle root",
        "proofs": "of some rows of a table: [row from 0, siblings from the leaf up]",
        "apr_ppm, all_in_ppm": "null where the rate is undefined; both with the fee withheld from the disbursement",
        "refusals": "agreements whose rows are refused, and the error with its values in order",
        "day_counts": "[day count, first day, last day, parts of a year]; a year has 365, 360, 360, 360 or 133590",
    },
}
DATES = """
1999-12-31 2000-02-28 2000-02-29 2000-03-01 2026-01-30 2026-01-31 2026-02-27 2026-02-28 2026-03-01 2026-03-30
2026-03-31 2027-12-31 2028-01-01 2028-02-28 2028-02-29 2028-03-31 2028-12-31 2100-02-28 2100-03-01
"""


def terms_words(terms: ScheduleTerms) -> dict[str, int]:
    """The terms as plain numbers."""
    return asdict(terms) | {"rounding": terms.rounding.word}


def document() -> dict[str, list[Any]]:
    """The three lists of the file."""
    return {
        "cases": [_case(vector) for vector in vectors()],
        "refusals": [_refusal(vector) for vector in refusals()],
        "day_counts": list(_day_counts()),
    }


def _case(vector: Vector) -> dict[str, Any]:
    terms, fee = vector.terms, vector.fee_minor
    instalment = level_instalment(terms)
    if terms.method.is_table:
        verify_table(terms, vector.rows)
    rows = vector.rows or derive(terms, instalment)
    proved = sorted({0, len(rows) // 2, len(rows) - 1}) if vector.rows else []
    proofs = [[index, [_hex(node) for node in table_proof(rows, index)]] for index in proved]
    return {
        "id": vector.id,
        "terms": terms_words(terms),
        "upfront_fee_minor": fee,
        "instalment_minor": instalment,
        "apr_ppm": _rate(schedule_apr_ppm, terms, rows, fee),
        "all_in_ppm": _rate(all_in_rate_ppm, terms, rows, fee),
        "schedule_root": _hex(schedule_root(terms.method, rows)),
        "rows": _plain(rows),
        **({"proofs": proofs} if proofs else {}),
    }


def _refusal(vector: Vector) -> dict[str, Any]:
    case = {"id": vector.id, "terms": terms_words(vector.terms), "instalment_minor": vector.instalment_minor or 0}
    try:
        if vector.rows:
            verify_table(vector.terms, vector.rows)
        else:
            derive(vector.terms, vector.instalment_minor or 0)
    except ScheduleRefused as refused:
        told = {"error": type(refused).__name__, "values": list(vars(refused).values())}
        return case | told | ({"rows": _plain(vector.rows)} if vector.rows else {})
    raise AssertionError(f"not refused: {vector.id}")


def _day_counts() -> Iterator[list[int]]:
    days = [day(text) for text in DATES.split()]
    for day_count in DayCount:
        if day_count != DayCount.MONTHS_360:
            for start in days:
                yield from (
                    [day_count, start, end, parts_between(day_count, start, end)] for end in days if end >= start
                )


def _rate(rate: Any, terms: ScheduleTerms, rows: Any, fee: int) -> int | None:
    try:
        return int(rate(terms, rows, fee))
    except RateUndefined:
        return None


def _plain(rows: Any) -> list[list[int]]:
    return [[row.due_day, row.principal_minor, row.interest_minor] for row in rows]


def _hex(value: bytes) -> str:
    return "0x" + value.hex()


def text() -> str:
    """The file: one line a case."""
    parts = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in META.items()]
    for key, lines in document().items():
        parts.append(f"  {json.dumps(key)}: [\n    " + ",\n    ".join(json.dumps(line) for line in lines) + "\n  ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(text())
