"""The contract itself derives or verifies Fineract's tables, and gives their roots."""

from typing import Any

import pytest

from tests.contracts.differential.answer import Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.schedule.golden import cases, terms_of


@pytest.mark.parametrize("case", cases("fineract.json"))
def test_the_contract_s_rows_are_fineract_s(case: dict[str, Any]) -> None:
    terms, rows = terms_of(case), tuple(tuple(row) for row in case["rows"])
    asked = Case.of(terms, rows=rows if terms.method.is_table else None)
    assert FastBook.shared().schedule(asked, case["instalment_minor"]) == Table(rows, case["schedule_root"])
