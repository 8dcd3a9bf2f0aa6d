"""Marked code does what unmarked code does, and its marks tell which lines and branches were taken."""

import pytest

from contracts.clients.abi import Signature
from contracts.compile import SETTINGS, compile_sources
from scripts.coverage.instrument import Marked, Point, instrument
from scripts.coverage.report import by_source, missed, total
from scripts.coverage.run import recording
from scripts.workbench.pyevm import PyEvm

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


def _run(built: tuple[Marked, bytes, Signature], *calls: tuple[int, int]) -> tuple[list[int], list[Point], set[int]]:
    marked, code, function = built
    with recording() as passed:
        evm = PyEvm(1, 1_800_000_000)
        evm.install(PLACE, code, {})
        told = [int.from_bytes(evm.call(PLACE, function.encode(values)), "big") for values in calls]
    return told, list(marked.points.values()), passed


def test_marks_change_no_result(built: tuple[Marked, bytes, Signature]) -> None:
    told, _, _ = _run(built, (11, 11), (11, 1), (0, 3), (0, 0), (1, 9))
    assert told == [1, 13, 6, 0, 19]


def test_what_is_not_taken_is_named(built: tuple[Marked, bytes, Signature]) -> None:
    _, points, passed = _run(built, (5, 0))
    assert {(point.line, point.text, point.arm) for point in missed(points, passed)} == {
        (6, "a > 10 && b > 10", True),
        (6, "a > 10", True),
        (7, "return 1", None),
        (9, "i < b", True),
        (10, "a += 2", None),
        (12, "a > b", False),
    }
    [source] = by_source(points, passed)
    assert (source.name, source.branches.reached, source.branches.all) == ("Sample", 4, 8)
    assert (source.lines.reached, source.lines.all) == (3, 5)


def test_all_is_reached_when_every_way_was_gone(built: tuple[Marked, bytes, Signature]) -> None:
    _, points, passed = _run(built, (11, 11), (11, 1), (0, 3), (0, 0))
    assert missed(points, passed) == []
    whole = total(by_source(points, passed))
    assert (whole.lines.percent, whole.branches.percent) == (100.0, 100.0)
