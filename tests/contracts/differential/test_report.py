"""A disagreement can be read, and asked for again."""

from dataclasses import replace

import pytest
from hypothesis import given

from contracts.schedule import Method
from tests.contracts.differential.agreement import Disagreement, differences
from tests.contracts.differential.answer import Refusal, Table
from tests.contracts.differential.case import Case
from tests.contracts.differential.fuzz import everything, replay
from tests.contracts.differential.strategies import examples

YEAR = Case(
    principal_minor=1_000_000,
    rate_ppm=120_000,
    periods=12,
    disbursement_day=20_484,
    first_due_day=20_512,
    anchor_day=31,
    instalment_minor=88_800,
)
ROWS = ((20_512, 79_595, 9_205), (20_543, 79_420, 9_380))
ROOT = "0x" + "00" * 32


@examples(100)
@given(everything())
def test_a_case_reads_back_what_it_wrote(case: Case) -> None:
    assert Case.from_json(case.to_json()) == case


@examples(100)
@given(everything())
def test_every_case_can_be_shown(case: Case) -> None:
    assert str(case.principal_minor) in str(case)


def test_the_first_row_that_differs_is_shown_of_each() -> None:
    other = (ROWS[0], (20_543, 79_421, 9_379))
    answers = {"Solidity": Table(ROWS, ROOT), "Python": Table(ROWS, ROOT), "TypeScript": Table(other, ROOT)}
    assert [line.split() for line in differences(answers)] == [
        [name, *f"row 1: due 20543 2026-03-31, principal {principal}, interest {interest}".split()]
        for name, principal, interest in [
            ("Solidity", 79_420, 9_380),
            ("Python", 79_420, 9_380),
            ("TypeScript", 79_421, 9_379),
        ]
    ]


def test_a_refusal_is_shown_beside_a_root() -> None:
    refusal = Refusal.of("TermOutOfRange", {"term": b"periods".ljust(32, b"\0"), "value": 0})
    lines = list(differences({"Solidity": Table(ROWS, ROOT), "Python": refusal}))
    assert lines[0].endswith(f"2 rows, root {ROOT}")
    assert lines[1].endswith("TermOutOfRange(term=periods, value=0)")


def test_a_disagreement_says_terms_words_and_how_to_ask_again() -> None:
    found = str(Disagreement(replace(YEAR, rounding=1, method=int(Method.FLAT)), ["Python no"]))
    assert "2026-02-28" in found
    assert "4  FLAT" in found
    assert "HALF_EVEN LAST LEVELLED" in found
    assert "make fuzz CASE='{" in found


def test_one_case_is_compared_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(replace(YEAR, disbursement_day=20_490)) is None
    assert "due 20512 2026-02-28" in capsys.readouterr().out
