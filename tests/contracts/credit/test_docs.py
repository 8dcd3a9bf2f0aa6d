"""The page's table of reasons, and the contract's, say what the code does."""

from pathlib import Path

import pytest

from contracts.credit import Reason
from contracts.credit.limit import POINTS

PLACES = ("docs/concepts/credit.md", "contracts/src/interfaces/ICreditRegistry.sol")


@pytest.mark.parametrize("place", PLACES)
def test_each_reason_is_told_with_its_points(place: str) -> None:
    rows = [line.strip("/ |").split(" | ") for line in Path(place).read_text().splitlines() if line.count("|") == 5]
    told = {int(row[0]): (row[1], row[3]) for row in rows if row[0].isdigit()}
    assert told == {
        reason.value: (reason.name.lower().replace("_", " "), _points(reason)) for reason in Reason if reason.name
    }


def _points(reason: Reason) -> str:
    return f"{POINTS[reason]:+d}" if reason in POINTS else "to 25 %"
