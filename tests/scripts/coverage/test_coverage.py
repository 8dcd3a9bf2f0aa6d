"""Marked code does what unmarked code does, and its marks tell which lines and branches were taken."""

from pathlib import Path

import pytest

from contracts.clients.abi import Signature
from contracts.clients.errors import ContractError
from contracts.compile import SETTINGS, compile_sources
from scripts.coverage.instrument import Marked, Point, instrument
from scripts.coverage.page import HEADING, write
from scripts.coverage.report import by_source, missed, total
from scripts.coverage.run import recording
from scripts.workbench.evm import Evm
from scripts.workbench.pyevm import PyEvm
from tests.contracts.differential.fast_evm import FastEvm

UNIT = "contracts/src/Sample.sol"
SAMPLE = """\
// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

contract Sample {
    function f(uint256 a, uint256 b) external pure returns (uint256) {
        if (a > 10 && b > 10) {
            return 1;
        }
        for (uint256 i; i < b; ++i) {
            a += 2;
        }
        while (true) {
            if ((a > 3_000 || b > 1_000) || (a == 500)) return 2;
            break;
        }
        assembly ("memory-safe") {
            for {} eq(a, 1) {} {
                a := 0
            }
            if eq(b, 8) {
                b := 0
            }
        }
        return a > b ? a : b;
    }
}
"""
PLACE = "0x" + "5a" * 20


@pytest.fixture(scope="module")
def built() -> tuple[Marked, bytes, Signature]:
    trees = compile_sources({UNIT: SAMPLE}, {"outputSelection": {"*": {"": ["ast"]}}})["sources"]
    marked = instrument({UNIT: SAMPLE}, {UNIT: trees[UNIT]["ast"]}, "contracts/src/")
    contract = compile_sources(marked.sources, SETTINGS)["contracts"][UNIT]["Sample"]
    code = bytes.fromhex(contract["evm"]["deployedBytecode"]["object"])
    return marked, code, Signature(next(entry for entry in contract["abi"] if entry["type"] == "function"))


def _run(
    built: tuple[Marked, bytes, Signature], *calls: tuple[int, int], fast: bool = False
) -> tuple[list[int], list[Point], set[int]]:
    marked, code, function = built
    with recording() as passed:
        evm: Evm = FastEvm(1_800_000_000) if fast else PyEvm(1, 1_800_000_000)
        evm.install(PLACE, code, {})
        told = [int.from_bytes(evm.call(PLACE, function.encode(values)), "big") for values in calls]
    return told, list(marked.points.values()), passed


WAYS = (11, 11), (11, 1), (0, 3), (1, 0), (3_001, 0), (500, 0), (0, 1_001), (0, 8)


def test_marks_change_no_result(built: tuple[Marked, bytes, Signature]) -> None:
    told, _, _ = _run(built, *WAYS, (1, 9))
    assert told == [1, 13, 6, 0, 2, 2, 2, 16, 19]


@pytest.mark.parametrize("call", [*WAYS, (5, 0)])
def test_both_engines_see_the_same_marks(built: tuple[Marked, bytes, Signature], call: tuple[int, int]) -> None:
    assert _run(built, call, fast=True) == _run(built, call)


def test_marks_of_a_transaction_that_was_reverted_count(built: tuple[Marked, bytes, Signature]) -> None:
    marked, code, function = built
    for evm in (FastEvm, PyEvm):
        with recording() as passed:
            engine: Evm = evm(timestamp=1_800_000_000, chain_id=1)
            engine.install(PLACE, code, {})
            with pytest.raises(ContractError):
                engine.transact(PLACE, function.encode((2**256 - 1, 1)))
        assert passed & marked.points.keys(), evm


def test_what_is_not_taken_is_named(built: tuple[Marked, bytes, Signature]) -> None:
    _, points, passed = _run(built, (5, 0))
    assert {(point.line, point.text, point.arm) for point in missed(points, passed)} == {
        (6, "a > 10 && b > 10", True),
        (6, "a > 10", True),
        (6, "b > 10", True),
        (6, "b > 10", False),
        (7, "return 1", None),
        (9, "i < b", True),
        (10, "a += 2", None),
        (13, "(a > 3_000 || b > 1_000) || (a == 500)", True),
        (13, "a > 3_000", True),
        (13, "b > 1_000", True),
        (13, "(a == 500)", True),
        (17, "eq(a, 1)", True),
        (20, "eq(b, 8)", True),
        (24, "a > b", False),
    }
    [source] = by_source(points, passed)
    assert (source.name, source.branches.reached, source.branches.all) == ("Sample", 10, 22)
    assert (source.lines.reached, source.lines.all) == (6, 8)


def test_all_is_reached_when_every_way_was_gone(built: tuple[Marked, bytes, Signature]) -> None:
    _, points, passed = _run(built, *WAYS)
    assert missed(points, passed) == []
    whole = total(by_source(points, passed))
    assert (whole.lines.percent, whole.branches.percent) == (100.0, 100.0)


def test_the_page_tells_every_figure_and_what_was_never_seen(
    built: tuple[Marked, bytes, Signature], tmp_path: Path
) -> None:
    _, points, passed = _run(built, (5, 0))
    page = tmp_path / "page.md"
    page.write_text("# Figures\n\n## Last\n")
    for _ in range(2):
        write(page, by_source(points, passed), missed(points, passed))
    text = page.read_text()
    assert text.startswith(f"# Figures\n\n## Last\n\n{HEADING}\n")
    assert text.count(HEADING) == 1
    assert "| Sample | 10 of 22 | 45.5 % | 6 of 8 | 75.0 % |" in text
    assert "- `Sample`, never true: `eq(b, 8)`" in text
    assert "return 1" not in text
