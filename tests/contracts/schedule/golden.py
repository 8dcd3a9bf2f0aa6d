"""Reading the golden schedule files."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    Rounding,
    Row,
    ScheduleTerms,
)

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "schedules"


def cases(name: str, key: str = "cases") -> Iterator[Any]:
    """The cases of a file as pytest parameters."""
    for case in json.loads((FOLDER / name).read_text())[key]:
        yield pytest.param(case, id=case["id"])


def terms_of(case: dict[str, Any]) -> ScheduleTerms:
    """The terms of a case, as signed."""
    terms = case["terms"]
    words = {
        "day_count": DayCount(terms["day_count"]),
        "rounding": Rounding.of(terms["rounding"]),
        "method": Method(terms["method"]),
        "period_unit": PeriodUnit(terms["period_unit"]),
    }
    return ScheduleTerms(**terms | words)


def rows_of(case: dict[str, Any]) -> list[Row]:
    """The rows of a case."""
    return [Row(nr, *row) for nr, row in enumerate(case["rows"], 1)]


def years(text: str) -> Fraction:
    """A sum of fractions such as "3/365+1/12"."""
    return sum((Fraction(part) for part in text.split("+")), Fraction(0))
