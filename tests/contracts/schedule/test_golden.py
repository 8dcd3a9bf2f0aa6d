"""Every figure of the golden file, by the code and by a second reading of the rules."""

import json
from fractions import Fraction
from typing import Any

import pytest

from contracts.schedule import (
    DayCount,
    RateUndefined,
    ScheduleRefused,
    all_in_rate_ppm,
    derive,
    level_instalment,
    parts_between,
    proof_root,
    schedule_apr_ppm,
    schedule_root,
    table_proof,
    verify_table,
)
from tests.contracts.schedule import reference
from tests.contracts.schedule.golden import FOLDER, cases, rows_of, terms_of
from tests.contracts.schedule.make_golden import text

GOLDEN = "tallystick.json"
HALF_PPM = Fraction(1, 2_000_000)


def test_the_file_is_what_its_maker_writes() -> None:
    assert (FOLDER / GOLDEN).read_text() == text()


@pytest.mark.parametrize("case", cases(GOLDEN))
def test_the_code_gives_the_rows_and_their_root(case: dict[str, Any]) -> None:
    terms, rows = terms_of(case), rows_of(case)
    assert level_instalment(terms) == case["instalment_minor"]
    if terms.method.is_table:
        verify_table(terms, rows)
    else:
        assert derive(terms, case["instalment_minor"]) == rows
    assert "0x" + schedule_root(terms.method, rows).hex() == case["schedule_root"]


@pytest.mark.parametrize("case", cases(GOLDEN))
def test_the_code_gives_the_prices(case: dict[str, Any]) -> None:
    terms, rows, fee = terms_of(case), rows_of(case), case["upfront_fee_minor"]
    for rate, expected in ((schedule_apr_ppm, case["apr_ppm"]), (all_in_rate_ppm, case["all_in_ppm"])):
        if expected is None:
            with pytest.raises(RateUndefined):
                rate(terms, rows, fee)
        else:
            assert rate(terms, rows, fee) == expected


@pytest.mark.parametrize("case", cases(GOLDEN))
def test_the_second_reading_gives_the_rows_and_their_root(case: dict[str, Any]) -> None:
    terms, table = case["terms"], [tuple(row) for row in case["rows"]]
    if terms["method"] < reference.CUSTOM:
        assert reference.instalment_of(terms) == case["instalment_minor"]
        assert reference.schedule(terms, case["instalment_minor"]) == table
    assert reference.refusal(terms, case["instalment_minor"], table) is None
    assert reference.root(terms["method"], table) == case["schedule_root"]


@pytest.mark.parametrize("case", cases(GOLDEN))
def test_the_second_reading_gives_the_prices(case: dict[str, Any]) -> None:
    terms, table, fee = case["terms"], [tuple(row) for row in case["rows"]], case["upfront_fee_minor"]
    assert reference.all_in_ppm(terms, table, fee) == case["all_in_ppm"]
    if case["apr_ppm"] is not None:
        apr = Fraction(case["apr_ppm"], 1_000_000)
        below, above = (reference.present_value(terms, table, fee, apr + side) for side in (-HALF_PPM, HALF_PPM))
        assert below >= -1e-12
        assert above <= 1e-12


@pytest.mark.parametrize("case", [case for case in cases(GOLDEN) if "proofs" in case.values[0]])
def test_the_proofs_lead_to_the_root(case: dict[str, Any]) -> None:
    rows = rows_of(case)
    for index, nodes in case["proofs"]:
        proof = [bytes.fromhex(node[2:]) for node in nodes]
        assert table_proof(rows, index) == proof
        assert "0x" + proof_root(index, rows[index].word, proof).hex() == case["schedule_root"]


@pytest.mark.parametrize("case", cases(GOLDEN, "refusals"))
def test_both_refuse_with_the_same_values(case: dict[str, Any]) -> None:
    terms, instalment = terms_of(case), case["instalment_minor"]
    told = reference.refusal(case["terms"], instalment, case.get("rows", []))
    assert told == (case["error"], case["values"])
    with pytest.raises(ScheduleRefused) as refused:
        verify_table(terms, rows_of(case)) if "rows" in case else derive(terms, instalment)
    assert (type(refused.value).__name__, list(vars(refused.value).values())) == told


def test_the_day_counts() -> None:
    for day_count, start, end, parts in json.loads((FOLDER / GOLDEN).read_text())["day_counts"]:
        convention = DayCount(day_count)
        assert parts_between(convention, start, end) == parts
        exact = reference.year_fraction(day_count, reference.to_date(start), reference.to_date(end))
        assert Fraction(parts, convention.year_parts) == exact
