"""Write tests/golden/schedules/fineract.json from the raw file: `python -m tests.contracts.schedule.plan.distil RAW`.

A case is kept when a plan says its terms and its table, as Fineract drew it, is what the plan comes to (in principal
and interest). The rows written are always the raw file's, never those of this project's code.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from contracts.schedule import Row, ScheduleRefused, day_of
from contracts.schedule.plan import PlanRefused, Resolved, parse_plan, resolve
from scripts.schedule.fineract import Unsupported, plans, read_loan
from scripts.schedule.show import agreed_terms
from tests.contracts.schedule.golden import FOLDER

PATH = FOLDER / "fineract.json"
Fields = Mapping[str, Any]
META: dict[str, Any] = {
    "format": "tallystick schedules 2",
    "about": "Tables of another lending system, drawn there, that a plan of this one comes to. Amounts in minor "
    "units, rates in ppm a year, days since 1970-01-01.",
    "source": "Apache Fineract, fineract-e2e-tests-runner/src/test/resources/features/*.feature; id = feature "
    "file:line of the schedule table; distilled by `python -m tests.contracts.schedule.plan.distil`",
    "licence": "Apache-2.0",
    "commit": "b32837e9b (develop, 2025-10-28)",
    "fields": {
        "plan": "the terms as `tally schedule` reads them",
        "terms": "as signed, from the plan; of a table (method 5) as in tallystick.json",
        "rows": "[due day, principal, interest] as Fineract's table has them; rows that pay nothing are left out",
    },
}


def document(raw: Fields) -> dict[str, Any]:
    """The golden file."""
    return META | {"cases": [kept for case in raw["cases"] for kept in _kept(case)]}


def _kept(case: Fields) -> Iterator[dict[str, Any]]:
    expected = _expected(case)
    for plan in _plans(case):
        try:
            resolved = resolve(parse_plan(plan))
        except (PlanRefused, ScheduleRefused):
            continue
        if list(resolved.rows) == expected:
            yield _written(case, plan, resolved, expected)
            return


def _written(case: Fields, plan: Fields, resolved: Resolved, rows: list[Row]) -> dict[str, Any]:
    return {
        "id": case["id"],
        "note": case["scenario"],
        "plan": plan,
        "terms": {name: value for name, value in agreed_terms(resolved).items() if name not in LEFT_OUT},
        "instalment_minor": resolved.instalment_minor,
        "schedule_root": f"0x{resolved.root.hex()}",
        "rows": [[row.due_day, row.principal_minor, row.interest_minor] for row in rows],
    }


LEFT_OUT = ("upfront_fee_minor", "time_zone_minutes")
"""Words of the agreement that no row follows from."""


def _expected(case: Fields) -> list[Row]:
    """The raw table's rows in which something is due."""
    lines = [line for line in case["schedule"] if "nr" in line]
    rows = [(line["date"], _minor(line["principal"]), _minor(line["interest"])) for line in lines]
    due = [row for row in rows if row[1] or row[2]]
    return [Row(nr, day_of(date.fromisoformat(day)), *amounts) for nr, (day, *amounts) in enumerate(due, 1)]


def _minor(text: str) -> int:
    return round(float(text) * 100)


def _plans(case: Fields) -> Iterator[dict[str, Any]]:
    try:
        loan = read_loan(case)
    except Unsupported:
        return
    yield from plans(loan)


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
