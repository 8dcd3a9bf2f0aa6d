"""The golden files through the contract and the TypeScript twin; tests/contracts/schedule holds Python against them."""

from typing import Any

import pytest

from tests.contracts.differential.agreement import require_agreement
from tests.contracts.differential.answer import Prices, Refusal, Schedule, Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.differential.twins import TypeScript, typescript_prices, typescript_schedule
from tests.contracts.schedule.golden import cases
from tests.contracts.schedule.reference import CUSTOM


def _case(golden: dict[str, Any], **others: Any) -> Case:
    is_table = golden["terms"]["method"] >= CUSTOM
    rows = tuple(tuple(row) for row in golden.get("rows", ())) if is_table else None
    return Case(**golden["terms"], upfront_fee_minor=golden.get("upfront_fee_minor", 0), rows=rows, **others)


def _named(schedule: Schedule) -> tuple[str, list[Any]]:
    assert isinstance(schedule, Refusal)
    return schedule.name, list(schedule.values.values())


@pytest.mark.parametrize("golden", cases("tallystick.json"))
def test_the_contract_s_rows_and_root_are_the_golden_ones(golden: dict[str, Any]) -> None:
    expected = Table(tuple(tuple(row) for row in golden["rows"]), golden["schedule_root"])
    assert FastBook.shared().schedule(_case(golden), golden["instalment_minor"]) == expected


@pytest.mark.parametrize("golden", cases("tallystick.json"))
def test_the_phone_s_instalment_rows_root_and_prices_are_the_golden_ones(golden: dict[str, Any]) -> None:
    told = TypeScript.shared().ask(_case(golden, priced=True))
    assert told["instalment_minor"] == golden["instalment_minor"]
    assert typescript_schedule(told) == Table(tuple(tuple(row) for row in golden["rows"]), golden["schedule_root"])
    assert typescript_prices(told) == Prices(golden["apr_ppm"], golden["all_in_ppm"])


@pytest.mark.parametrize("golden", cases("tallystick.json", "refusals"))
def test_contract_and_phone_refuse_what_the_golden_file_refuses(golden: dict[str, Any]) -> None:
    case = _case(golden, instalment_minor=golden["instalment_minor"])
    expected = (golden["error"], golden["values"])
    assert _named(FastBook.shared().schedule(case, golden["instalment_minor"])) == expected
    assert _named(typescript_schedule(TypeScript.shared().ask(case))) == expected


@pytest.mark.parametrize("golden", cases("fineract.json"))
def test_all_three_give_another_lending_system_s_table(golden: dict[str, Any]) -> None:
    schedule = require_agreement(_case(golden))
    assert isinstance(schedule, Table)
    assert schedule.rows == tuple(tuple(row) for row in golden["rows"])
