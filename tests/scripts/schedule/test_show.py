"""`tally schedule`: a table, JSON or a picture of the same rows."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings

from contracts.schedule import ScheduleRefused
from contracts.schedule.plan import PlanRefused, parse_plan, resolve
from scripts.schedule import command
from scripts.schedule.picture import HEIGHT, draw
from scripts.schedule.plot import WIDTH
from scripts.schedule.words import LANGUAGES
from tests.contracts.schedule.plan.strategies import plans

PLAN: dict[str, Any] = {
    "method": "annuity",
    "principal_minor": 1_000_000,
    "rate_ppm": 145_000,
    "periods": 6,
    "disbursement_date": "2026-01-31",
    "fees": {"upfront_minor": 20_000},
}
SVG = "{http://www.w3.org/2000/svg}"


def _run(*options: str, terms: object = PLAN) -> Result:
    text = terms if isinstance(terms, str) else json.dumps(terms)
    return CliRunner().invoke(command, list(options), input=text)


def test_the_terms_may_come_on_stdin_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "terms.json"
    file.write_text(json.dumps(PLAN))
    assert _run().stdout == _run(str(file)).stdout == _run("-").stdout


def test_the_table_has_rows_sums_both_rates_and_the_root() -> None:
    told = _run().stdout
    for figure in ("2026-02-28", "1,625.29", "111.23", "1,736.52", "10,419.11", "9,800.00", "23.56 %", "22.18 %"):
        assert figure in told
    assert "0x" in told


def test_the_table_in_chinese() -> None:
    told = _run("--language", "zh").stdout
    assert "等额本息" in told
    assert "年化综合成本" in told


def test_the_json_is_the_rows_the_sums_the_prices_and_the_signed_terms() -> None:
    told = json.loads(_run("--json").stdout)
    assert told["rows"][0] == {
        "nr": 1,
        "date": "2026-02-28",
        "principal_minor": 162_529,
        "interest_minor": 11_123,
        "fees_minor": 0,
        "due_minor": 173_652,
        "balance_minor": 837_471,
    }
    assert told["payout"] == {
        "date": "2026-01-31",
        "principal_minor": 1_000_000,
        "fees_minor": 20_000,
        "received_minor": 980_000,
    }
    assert (told["apr_ppm"], told["all_in_ppm"], told["instalment_minor"]) == (235_636, 221_803, 173_652)
    assert told["totals"]["cost_minor"] == told["totals"]["interest_minor"] + 20_000
    assert (told["terms"]["method"], told["terms"]["periods"], told["table"]) == (0, 6, False)


@pytest.mark.parametrize(
    ("terms", "line"),
    [
        ("{", "Error: the terms are not JSON"),
        ("[" * 100_000, "Error: the terms are not JSON: it is nested too deeply"),
        ('{"method": "flat", "method": "annuity"}', "Error: the terms are not JSON: 'method' is given twice"),
        (PLAN | {"a\nb\ud800": 1}, "Error: 'a\\nb\\ud800': 1 is not possible"),
        (PLAN | {"time_zone": "x" * 1_000}, "Error: time_zone: '" + "x" * 199 + "… is not possible"),
        ("[]", "Error: plan: [] is not possible; a JSON object is"),
        (PLAN | {"periods": 481}, "Error: periods: 481 is not possible; whole numbers from 1 to 480 are"),
        (
            PLAN | {"rate_ppm": 1, "method": "interest_only", "principal_minor": 30_000},
            "Error: ScheduleDegenerate: row 0",
        ),
        ('{"a": "' + "x" * 1_000_000 + '"}', "Error: the terms are longer than 1000000 bytes"),
    ],
)
def test_terms_that_cannot_be_are_told_in_one_line(terms: object, line: str) -> None:
    told = _run("--json", terms=terms)
    assert told.exit_code == 1
    assert told.stderr.startswith(line)
    assert len(told.stderr.splitlines()) == 1
    assert told.stdout == ""


def test_the_picture_goes_to_a_file_or_to_stdout(tmp_path: Path) -> None:
    file = tmp_path / "schedule.svg"
    beside = _run("--svg", str(file))
    assert "2026-02-28" in beside.stdout
    alone = _run("--svg", "-").stdout
    assert fromstring(alone).tag == fromstring(file.read_text()).tag == f"{SVG}svg"
    assert "principal" not in [line.strip() for line in alone.splitlines()]


def test_a_picture_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    told = _run("--svg", str(tmp_path / "none" / "schedule.svg"))
    assert told.exit_code == 1
    assert told.stderr.splitlines() == [f"Error: {tmp_path / 'none' / 'schedule.svg'}: No such file or directory"]


def _picture(plan: dict[str, Any], language: str = "en") -> Element:
    return fromstring(draw(resolve(parse_plan(plan)), LANGUAGES[language], language))


def test_the_picture_says_amounts_rates_and_dates() -> None:
    texts = [node.text for node in _picture(PLAN).iter(f"{SVG}text")]
    for figure in ("9,800.00", "10,419.11", "619.11", "23.56 %", "22.18 %", "2026-03"):
        assert figure in texts


def test_a_row_far_larger_than_the_others_is_cut_and_told() -> None:
    picture = _picture(PLAN | {"method": "interest_only"})
    assert len(picture.findall(f"{SVG}polygon")) == 1
    assert "10,123.15" in [node.text for node in picture.iter(f"{SVG}text")]
    assert not _picture(PLAN).findall(f"{SVG}polygon")


@settings(max_examples=60)
@given(plans())
def test_all_that_is_drawn_lies_on_the_picture(plan: dict[str, Any]) -> None:
    try:
        picture = _picture(plan, "zh")
    except (PlanRefused, ScheduleRefused):
        return
    for node in picture.iter(f"{SVG}rect"):
        left, top = float(node.get("x", 0)), float(node.get("y", 0))
        width, height = float(node.get("width", -1)), float(node.get("height", -1))
        assert width > 0
        assert height >= 0
        assert -1 <= left <= left + width <= WIDTH + 1
        assert -1 <= top <= top + height <= HEIGHT + 1


def test_480_rows_have_a_bar_each() -> None:
    picture = _picture(PLAN | {"periods": 480, "principal_minor": 100_000_000, "rate_ppm": 43_500})
    [group] = picture.findall(f"{SVG}g")
    assert len(group) >= 2 * 480


def test_both_languages_have_the_same_words_and_places() -> None:
    en, zh = LANGUAGES["en"], LANGUAGES["zh"]
    assert list(en) == list(zh)
    for name, text in en.items():
        assert sorted(part.split("}")[0] for part in text.split("{")[1:]) == sorted(
            part.split("}")[0] for part in zh[name].split("{")[1:]
        )
