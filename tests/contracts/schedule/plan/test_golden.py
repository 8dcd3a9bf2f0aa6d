"""Another lending system's tables are what their plans come to."""

import json
from typing import Any

import pytest

from contracts.schedule.plan import parse_plan, resolve
from tests.contracts.schedule.golden import cases, rows_of, terms_of
from tests.contracts.schedule.plan.distil import PATH, text
from tests.public_data import PUBLIC_DATA, needs_public_data


@pytest.mark.parametrize("case", cases("fineract.json"))
def test_a_plan_comes_to_fineract_s_table(case: dict[str, Any]) -> None:
    resolved = resolve(parse_plan(case["plan"]))
    assert list(resolved.rows) == rows_of(case)
    assert (resolved.terms, resolved.instalment_minor) == (terms_of(case), case["instalment_minor"])
    assert f"0x{resolved.root.hex()}" == case["schedule_root"]


@needs_public_data
def test_the_file_is_what_the_raw_file_distils_to() -> None:
    raw = json.loads((PUBLIC_DATA / "schedules" / "fineract_schedules.json").read_text())
    assert PATH.read_text() == text(raw)
