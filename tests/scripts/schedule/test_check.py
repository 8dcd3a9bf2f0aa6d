"""`tally schedule check` says of each case what it is, and only failures make it exit 1."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from scripts.schedule import command
from scripts.schedule.apr_cases import check_apr
from scripts.schedule.compare import amount_text, check_schedule
from scripts.schedule.verdict import Status
from tests.public_data import PUBLIC_DATA, needs_public_data
from tests.scripts.schedule.case import Case, case


def _run(path: Path, content: object, *options: str) -> Result:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return CliRunner().invoke(command, ["check", str(path), *options])


def _verdict(changed: Case) -> tuple[Status, str]:
    verdict = check_schedule(changed)
    return verdict.status, verdict.reason


def _with_row(row: int, **fields: Any) -> list[Case]:
    """The case's table with other figures in one row (0 is the disbursement)."""
    lines: list[Case] = case()["schedule"]
    lines[row].update(fields)
    return lines


def test_the_json_has_every_case_with_its_rows(tmp_path: Path) -> None:
    told = _run(tmp_path / "cases.json", {"cases": [case()]}, "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert list(found) == ["passed", "failed", "unsupported", "reasons", "cases"]
    assert (found["passed"], found["failed"], found["unsupported"]) == (1, 0, 0)
    [verdict] = found["cases"]
    assert list(verdict) == ["id", "status", "reason", "rows"]
    assert verdict["rows"][0] == {
        "nr": 1,
        "date": "2024-02-01",
        "principal": "16.43",
        "interest": "0.58",
        "fees": "0.0",
        "due": "17.01",
        "balance": "83.57",
    }
    assert verdict["rows"][-1]["balance"] == "0.0"


def test_a_difference_fails_and_is_named(tmp_path: Path) -> None:
    wrong = case(schedule=_with_row(3, interest="0.40"))
    told = _run(tmp_path / "cases.json", {"cases": [case(), wrong]})
    assert told.exit_code == 1
    assert "failed       BatchApi:103: row 3: interest is 0.39, the table has 0.40" in told.stdout
    assert told.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 not supported"


FIGURES = [(0, "date"), (0, "balance")]
FIGURES += [(row, name) for row in range(1, 7) for name in ("nr", "date", "balance", "principal", "interest", "due")]


@pytest.mark.parametrize(("row", "name"), FIGURES)
def test_any_other_figure_of_any_line_fails(row: int, name: str) -> None:
    wrong = {"nr": 9, "date": "2024-01-02"}.get(name, "0.03")
    status, reason = _verdict(case(schedule=_with_row(row, **{name: wrong})))
    assert (status, f"{name} is" in reason) == (Status.FAILED, True)


def test_a_row_said_to_cost_nothing_is_wrong_where_its_parts_are_not() -> None:
    assert _verdict(case(schedule=_with_row(2, due="0.0"))) == (
        Status.FAILED,
        "row 2: due is 17.01, the table has 0.0",
    )


@pytest.mark.parametrize("name", ["date", "balance", "principal", "interest", "due"])
def test_a_table_that_lacks_a_figure_is_not_said_to_agree(name: str) -> None:
    lines: list[Case] = case()["schedule"]
    del lines[3][name]
    assert _verdict(case(schedule=lines)) == (Status.UNSUPPORTED, f"nothing to compare with: row 3 has no {name}")


def test_unsupported_cases_alone_do_not_fail(tmp_path: Path) -> None:
    told = _run(tmp_path / "cases.json", {"cases": [case(settings={"compounding": "DAILY"})]})
    assert told.exit_code == 0
    assert "unsupported  BatchApi:103: setting 'compounding' is not known" in told.stdout


def test_a_case_without_a_table_is_drawn_and_compared_with_nothing() -> None:
    verdict = check_schedule(case(schedule=None))
    assert (verdict.status, verdict.reason) == (Status.UNSUPPORTED, "nothing to compare with: the case has no table")
    assert len(verdict.figures["rows"]) == 6


PAYOUT = {"date": "2024-03-01", "balance": "30.0", "fees": "0.0", "due": "0.0"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (case(terms={"balloon": "10"}), "term 'balloon' is not known"),
        (case(settings={"rounding": "CEILING"}), "rounding 'CEILING' is not one of"),
        (case(settings={"schedule_type": "BULLET"}), "schedule_type 'BULLET' is not one of"),
        (case(terms={"principal": "many"}, disbursed=None), "principal 'many' is not a number"),
        (case(terms={"annual_rate_percent": "NaN"}), "annual_rate_percent 'NaN' is not from 0"),
        (case(terms={"annual_rate_percent": "-1"}), "is not from 0"),
        (case(terms={"repayments": 0}), "repayments 0 is not a whole number from 1 to 480"),
        (case(terms={"repayments": 481}), "from 1 to 480"),
        (case(disbursed={"date": "1 May", "amount": "100"}), "date '1 May' is not a date"),
        (case(disbursed={"date": "2024-01-01", "amount": "100.001"}), "not an amount with 2 decimals"),
        (case(disbursed={"date": "9999-01-01", "amount": "100"}), "not a date from 1970 to 2243"),
        (case(terms={"repay_every": 3_660}), "6 periods of 3660 months are more than 250 years"),
        (case(terms={"annual_rate_percent": "1e-30"}), "more than 18 decimals"),
        (case(terms=None, settings={"down_payment_percent": "100"}), "the down payment is the whole loan"),
        (case(terms={"fixed_length_days": 5}), "the fixed length ends before the last period begins"),
        (case(terms={"amortization": "EQUAL_PRINCIPAL"}), "PROGRESSIVE has equal instalments only"),
        (case(terms={"interest_free_days": 2}), "PROGRESSIVE has no rule for interest that is due later"),
        ({"id": "empty"}, "the case has no terms"),
        (case(schedule=["a line"]), "lines that are not objects"),
        (
            case(schedule=[*case()["schedule"], PAYOUT], disbursed=None, terms={"principal": "130"}),
            "several disbursements",
        ),
        (case(schedule=_with_row(2, due="0.0", principal="0.0", interest="0.0")), "re-amortised after disbursement"),
        (case(schedule=case()["schedule"][:-1]), "changed after disbursement: the table has 5 instalments"),
        (case(schedule=_with_row(2, penalties="1.0")), "penalties were charged"),
        (case(schedule=_with_row(2, fees="1.0")), "instalment fees: the terms do not give them"),
        (case(schedule=_with_row(2, interest="a lot")), "interest 'a lot' is not an amount"),
        (
            case(settings={"interest_recalculation": True}, schedule=_with_row(2, interest="0.58")),
            "redrawn while overdue",
        ),
    ],
)
def test_each_reason_not_to_compare_is_told(changed: Case, reason: str) -> None:
    status, told = _verdict(changed)
    assert status is Status.UNSUPPORTED
    assert reason in told


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "NaN",
        "-1",
        "1e400",
        "1/3",
        "zero",
        [],
        {},
        True,
        10**30,
        1.5,
        "9" * 400,
        "1e999999999",
        "1e-999999999",
        3_660,
    ]
)


@given(st.sampled_from(["terms", "settings", "disbursed", "schedule"]), st.data(), JUNK)
def test_no_value_whatever_stops_the_check(part: str, data: st.DataObject, junk: Any) -> None:
    changed = case()
    lines = changed["schedule"] if part == "schedule" else [changed[part]]
    line = data.draw(st.sampled_from(lines))
    line[data.draw(st.sampled_from(sorted(line)))] = junk
    assert check_schedule(changed).status in set(Status)
    assert check_schedule(case() | {part: junk}).status in set(Status)


def test_a_start_that_no_setting_tells_is_not_held_against_the_table() -> None:
    terms, later = {"annual_rate_percent": "0", "repayments": 1}, {"date": "2024-01-05", "amount": "100"}
    row = {"nr": 1, "date": "2024-02-01", "balance": "0.0", "principal": "100.0", "interest": "0.0", "due": "100.0"}
    status, reason = _verdict(case(terms, disbursed=later, schedule=[row]))
    assert (status, "the settings do not say which" in reason) == (Status.UNSUPPORTED, True)
    told = "installment start date calculated by loan submitted on date"
    assert _verdict(case(terms, disbursed=later, schedule=[row], scenario=told)) == (Status.PASSED, "")


def test_a_tranche_that_is_planned_but_not_paid_out_changes_nothing() -> None:
    assert _verdict(case(schedule=[*case()["schedule"], PAYOUT])) == (Status.PASSED, "")
    wrong = [*_with_row(2, principal="16.53"), PAYOUT]
    assert _verdict(case(schedule=wrong)) == (Status.FAILED, "row 2: principal is 16.52, the table has 16.53")


def test_a_tranche_that_rows_repay_is_another_disbursement() -> None:
    repaid = [*_with_row(2, principal="46.52"), PAYOUT]
    assert "several disbursements" in _verdict(case(schedule=repaid))[1]


def test_tranches_of_one_day_are_one_payout() -> None:
    parts = [{"date": "2024-01-01", "balance": amount, "fees": "0.0", "due": "0.0"} for amount in ("70.0", "30.0")]
    assert _verdict(case(schedule=[*parts, *case()["schedule"][1:]])) == (Status.PASSED, "")


def test_a_charge_at_disbursement_is_no_part_of_any_instalment() -> None:
    charged = {"charge calculation type": "LOAN_DISBURSEMENT_CHARGE", "charge amount %": "10.00"}
    lines = _with_row(0, fees="10.0", due="10.0")
    assert _verdict(case(terms=charged, schedule=lines)) == (Status.PASSED, "")


@pytest.mark.parametrize(
    ("minor", "decimals", "text"),
    [(0, 2, "0.0"), (5, 2, "0.05"), (8357, 2, "83.57"), (1690, 2, "16.9"), (10_000, 2, "100.0"), (7, 0, "7.0")],
)
def test_amounts_are_written_as_the_file_writes_them(minor: int, decimals: int, text: str) -> None:
    assert amount_text(minor, decimals) == text


APR: dict[str, Any] = {
    "id": "eu-1",
    "method": "eu_apr",
    "advances": [[0, 200_000]],
    "payments": [
        {"amount": 4_000, "count": 1, "first": "0", "every": "0"},
        {"amount": 1_432.86, "count": 240, "first": "1/12", "every": "1/12"},
    ],
    "years": True,
    "published_percent": 6.4,
}


def test_a_rate_is_compared_in_its_published_digits(tmp_path: Path) -> None:
    examples = [APR, APR | {"published_percent": 6.44}]
    told = _run(tmp_path / "apr.json", {"examples": examples}, "--json")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert [verdict["status"] for verdict in found["cases"]] == ["passed", "failed"]
    assert found["cases"][0]["apr_percent"] == "6.434412"
    assert found["cases"][1]["reason"] == "6.43 %, published is 6.44 %"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"method": "reg_z_actuarial"}, "only the equation of the European Union"),
        ({"years": False}, "times are not in years"),
        ({"published_percent": None}, "no published figure"),
        ({"advances": []}, "has no advances"),
        ({"advances": [[0]]}, "pairs"),
        ({"payments": ["all"]}, "payments are objects"),
        ({"payments": [{"amount": "x", "count": 1, "first": "0"}]}, "'x' is not an amount"),
        ({"payments": [{"amount": "NaN", "count": 1, "first": "0"}]}, "'NaN' is not an amount"),
        ({"payments": [{"amount": 1, "count": -1, "first": "0"}]}, "count -1"),
        ({"payments": [{"amount": 1, "count": 1, "first": "soon"}]}, "'soon' is not a time"),
        ({"payments": [{"amount": 1, "count": 1, "first": "1e-999999999"}]}, "is not a time"),
        ({"payments": [{"amount": "1e999999999", "count": 1, "first": "1"}]}, "is not an amount"),
        ({"payments": [{"amount": 1, "count": 1, "first": "1/0"}]}, "'1/0' is not a time"),
        ({"payments": [{"amount": 1, "count": 1, "first": "+".join(["1/12"] * 201)}]}, "is not a time"),
        ({"payments": [{"amount": 1, "count": 1, "first": "1001"}]}, "'1001' is more than 1000 years"),
        ({"payments": [{"amount": 1, "count": 1_002, "every": "1"}]}, "payments last longer than 1000 years"),
        ({"payments": [{"amount": "1e-600000", "count": 1, "first": "1"}]}, "more than 18 decimals"),
        ({"published_percent": 1e-30}, "more than 18 decimals"),
        ({"payments": [{"amount": -1, "count": 1, "first": "1"}]}, "no rate"),
    ],
)
def test_each_reason_not_to_solve_is_told(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    told = _run(tmp_path / "apr.json", {"examples": [APR | changed]})
    assert told.exit_code == 0
    assert reason in told.stdout


def test_a_time_is_read_to_its_end_and_the_longest_is_solved() -> None:
    months = [{"amount": 1_000, "count": 1, "first": "+".join(["1/12"] * 24)}]
    assert check_apr(APR | {"advances": [[0, 810]], "payments": months, "published_percent": "11.11"}).reason == ""
    ages = [{"amount": 1, "count": 1_001, "every": "1"}]
    assert check_apr(APR | {"advances": [[0, 1_500]], "payments": ages}).figures["apr_percent"].startswith("-")


def test_names_that_cannot_be_printed_are_told(tmp_path: Path) -> None:
    named = {"cases": [{"id": "a\nb\ud800"}]}
    assert "unsupported  'a\\nb\\ud800': the case has no terms\n" in _run(tmp_path / "cases.json", named).stdout
    told = _run(tmp_path / "cases.json", named, "--json")
    assert json.loads(told.stdout)["cases"][0]["id"] == "a\nb\ud800"


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"cases": 1, "cases": 2}',
        "not json",
        "[]",
        "{}",
        '{"cases": []}',
        '{"cases": [1]}',
        "\0",
        '{"examples": 3}',
    ],
)
def test_a_bad_file_is_told_in_one_line(tmp_path: Path, content: str) -> None:
    told = _run(tmp_path / "bad.json", content)
    assert told.exit_code == 1
    assert len(told.stderr.splitlines()) == 1
    assert "bad.json" in told.stderr


def test_a_file_with_both_lists_is_checked_whole(tmp_path: Path) -> None:
    both = {"cases": [case()], "examples": [APR | {"published_percent": 6.5}]}
    told = _run(tmp_path / "both.json", both)
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == "1 passed, 1 failed, 0 not supported"
    assert _run(tmp_path / "both.json", both | {"examples": [1]}).stdout == ""


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    told = CliRunner().invoke(command, ["check", str(tmp_path / "none.json")])
    assert told.exit_code == 1
    assert "No such file" in told.stderr


@needs_public_data
@pytest.mark.parametrize(
    ("file", "passed", "unsupported"), [("fineract_schedules.json", 117, 8), ("apr_examples.json", 19, 0)]
)
def test_the_public_figures(file: str, passed: int, unsupported: int) -> None:
    told = CliRunner().invoke(command, ["check", str(PUBLIC_DATA / "schedules" / file), "--json"])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert (found["passed"], found["failed"], found["unsupported"]) == (passed, 0, unsupported)
