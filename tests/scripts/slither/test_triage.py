"""A finding of high or medium impact in our contracts is fixed or explained; no explanation outlives its finding."""

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.slither.__main__ import EXPLAINED
from scripts.slither.triage import BadExplanation, Explanation, Finding, judge, read_explanations

FINDING = Finding("unused-return", "Medium", "contracts/src/A.sol", "A.f() ignores return value by B.g()")
WHY = "The function tells several things of which this caller needs one."
EXPLAINS = Explanation("unused-return", r"B\.g", WHY)


def test_an_explained_finding_is_accepted() -> None:
    verdict = judge([FINDING], [EXPLAINS])
    assert (verdict.sound, verdict.judged) == (True, 1)


@pytest.mark.parametrize(
    "finding",
    [
        replace(FINDING, check="reentrancy-eth"),
        replace(FINDING, description="A.f() ignores return value by C.h()"),
        replace(FINDING, impact="High", check="suicidal"),
    ],
)
def test_a_finding_that_nothing_explains_is_named(finding: Finding) -> None:
    verdict = judge([FINDING, finding], [EXPLAINS])
    assert verdict.unexplained == (finding,)
    assert not verdict.sound


def test_an_explanation_without_its_finding_must_go() -> None:
    assert judge([], [EXPLAINS]).idle == (EXPLAINS,)
    assert not judge([], [EXPLAINS]).sound


@pytest.mark.parametrize(
    "finding",
    [replace(FINDING, impact="Low"), replace(FINDING, file="node_modules/@openzeppelin/contracts/access/A.sol")],
)
def test_low_impact_and_openzeppelin_are_not_judged(finding: Finding) -> None:
    assert judge([finding], []).sound


@pytest.mark.parametrize(
    "text",
    [
        '[[explained]]\ncheck = "a"\nwhere = "b"\n',
        '[[explained]]\ncheck = "a"\nwhere = "b"\nwhy = "fine"\n',
        f'[[explained]]\ncheck = "a"\nwhere = ""\nwhy = "{WHY}"\n',
    ],
)
def test_an_explanation_needs_a_place_and_a_reason(tmp_path: Path, text: str) -> None:
    file = tmp_path / "slither.toml"
    file.write_text(text)
    with pytest.raises(BadExplanation, match="explanation 1"):
        read_explanations(file)


def test_the_reasons_in_the_repository_can_be_read() -> None:
    assert len(read_explanations(EXPLAINED)) >= 1
