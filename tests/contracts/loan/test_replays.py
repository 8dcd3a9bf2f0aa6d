"""What happened to loans in another lending system happens to the twin's, to the minor unit."""

import json
from contextlib import suppress
from typing import Any

import pytest

from contracts.loan import ArrearsUnchanged, LoanNotActive, apply_payment, record_arrears
from tests.contracts.loan.distil_replays import PATH, text
from tests.contracts.loan.replays import Ledger, Position, begun, table_of
from tests.contracts.schedule.golden import cases
from tests.public_data import PUBLIC_DATA, needs_public_data


@pytest.mark.parametrize("golden", cases("fineract_replays.json"))
def test_the_twin_s_loan_shows_fineract_s_figures_at_every_checkpoint(golden: dict[str, Any]) -> None:
    state = begun(golden)
    assert list(state.rows) == table_of(golden)
    ledger, points = Ledger(state.rows), list(golden["checkpoints"])
    for after, (kind, day, amount) in enumerate([("begin", 0, 0), *golden["events"]]):
        if kind == "repay":
            state, split = apply_payment(state, amount, day)
            assert split.late_fee_minor == split.penalty_minor == 0
        elif kind == "record":
            with suppress(ArrearsUnchanged, LoanNotActive):
                state, _ = record_arrears(state, day)
        ledger.move(Position.of(state), day)
        for point in (point for point in points if point["after"] == after):
            assert point == {"after": after, **ledger.checkpoint(golden["upfront_fee_minor"])}


def test_every_script_has_a_checkpoint_after_its_last_payment() -> None:
    for [golden] in (case.values for case in cases("fineract_replays.json")):
        last = max(number for number, event in enumerate(golden["events"], 1) if event[0] == "repay")
        assert max(point["after"] for point in golden["checkpoints"]) >= last


@needs_public_data
def test_the_file_is_what_the_raw_scripts_distil_to() -> None:
    raw = json.loads((PUBLIC_DATA / "schedules" / "fineract_replays.json").read_text())
    assert PATH.read_text() == text(raw)
