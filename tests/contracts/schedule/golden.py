"""Reading the golden schedule files."""

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contracts.schedule import (
    DayCount,
    Method,
    PeriodUnit,
    Rounding,
    RoundingMode,
    Row,
    ScheduleTerms,
    day_of,
)

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "schedules"


def cases(name: str, key: str = "cases") -> Iterator[Any]:
    """The cases of a file as pytest parameters."""
    for case in json.loads((FOLDER / name).read_text())[key]:
        yield pytest.param(case, id=case["id"])


def terms_of(case: dict[str, Any]) -> ScheduleTerms:
    """The terms of a case of tallystick.json."""
    terms = case["terms"]
    words = {
        "day_count": DayCount(terms["day_count"]),
        "rounding": Rounding.of(terms["rounding"]),
        "method": Method(terms["method"]),
        "period_unit": PeriodUnit(terms["period_unit"]),
    }
    return ScheduleTerms(**terms | words)


def rows_of(case: dict[str, Any]) -> list[Row]:
    """The rows of a case of tallystick.json."""
    return [Row(nr, *row) for nr, row in enumerate(case["rows"], 1)]


def fineract_terms(case: dict[str, Any]) -> ScheduleTerms:
    """The terms of a case of fineract.json: monthly annuities, dates, words."""
    terms = case["terms"]
    return ScheduleTerms(
        principal_minor=terms["principal_minor"],
        rate_ppm=terms["rate_ppm"],
        periods=terms["periods"],
        disbursement_day=_day(terms["disbursement_date"]),
        first_due_day=_day(terms["first_due_date"]),
        anchor_day=terms["anchor_day"],
        day_count=DayCount[terms["day_count"]],
        multiple_minor=terms["multiple_minor"],
        rounding=Rounding(RoundingMode[terms["rounding"].upper()]),
    )


def fineract_rows(case: dict[str, Any]) -> list[Row]:
    """The expected rows of a case of fineract.json."""
    return [Row(nr, _day(due), *amounts) for nr, (due, *amounts) in enumerate(case["rows"], 1)]


def years(text: str) -> Fraction:
    """A sum of fractions such as "3/365+1/12"."""
    return sum((Fraction(part) for part in text.split("+")), Fraction(0))


def _day(text: str) -> int:
    return day_of(date.fromisoformat(text))
