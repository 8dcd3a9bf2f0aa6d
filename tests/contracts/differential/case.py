"""One agreement that all three implementations are asked for, as plain numbers so that it may also be wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Self

from contracts.schedule import (
    DayCount,
    Levelling,
    Method,
    PeriodUnit,
    Residue,
    Rounding,
    RoundingMode,
    Row,
    ScheduleTerms,
    date_of,
)
from contracts.typed_data import Agreement
from contracts.typed_data.struct import MAX_JSON_INTEGER

NOBODY = "0x" + "00" * 20
NOTHING = bytes(32)
WATERFALL = 0x1234
NOT_TERMS = ("instalment_minor", "upfront_fee_minor", "rows", "priced")
LAST_DATE_DAY = 2_932_896
"""9999-12-31: days beyond have no date to show."""

RowTuple = tuple[int, int, int]
"""Due day, principal, interest."""


@dataclass(frozen=True)
class Case:
    """Terms, their instalment, and the table where the method wants one.

    `instalment_minor` None stands for the levelled one, which each twin finds by itself. `priced` compares the
    two rates too.
    """

    principal_minor: int
    rate_ppm: int
    periods: int
    disbursement_day: int
    first_due_day: int
    anchor_day: int
    day_count: int = 0
    multiple_minor: int = 1
    rounding: int = 0
    method: int = 0
    period_unit: int = 0
    period_length: int = 1
    interest_only_periods: int = 0
    instalment_minor: int | None = None
    upfront_fee_minor: int = 0
    rows: tuple[RowTuple, ...] | None = None
    priced: bool = False

    @classmethod
    def of(cls, terms: ScheduleTerms, **others: Any) -> Self:
        """The case of terms."""
        return cls(
            principal_minor=terms.principal_minor,
            rate_ppm=terms.rate_ppm,
            periods=terms.periods,
            disbursement_day=terms.disbursement_day,
            first_due_day=terms.first_due_day,
            anchor_day=terms.anchor_day,
            day_count=int(terms.day_count),
            multiple_minor=terms.multiple_minor,
            rounding=terms.rounding.word,
            method=int(terms.method),
            period_unit=int(terms.period_unit),
            period_length=terms.period_length,
            interest_only_periods=terms.interest_only_periods,
            **others,
        )

    @property
    def terms(self) -> ScheduleTerms:
        """As the twins take them. Raises ValueError or a refusal where a number stands for nothing."""
        return ScheduleTerms(
            principal_minor=self.principal_minor,
            rate_ppm=self.rate_ppm,
            periods=self.periods,
            disbursement_day=self.disbursement_day,
            first_due_day=self.first_due_day,
            anchor_day=self.anchor_day,
            day_count=DayCount(self.day_count),
            multiple_minor=self.multiple_minor,
            rounding=Rounding.of(self.rounding),
            method=Method(self.method),
            period_unit=PeriodUnit(self.period_unit),
            period_length=self.period_length,
            interest_only_periods=self.interest_only_periods,
        )

    def agreement(self, instalment_minor: int, **others: Any) -> Agreement:
        """What would be signed, with an instalment in the place of None; parties and hashes are empty."""
        values: dict[str, Any] = {
            field.name: {"address": NOBODY, "bytes32": NOTHING}.get(field.type, 0) for field in Agreement.fields()
        }
        mine = {name: value for name, value in vars(self).items() if name in values}
        mine |= {"instalment_minor": instalment_minor, "instalment_multiple_minor": self.multiple_minor}
        return Agreement(**values | mine | {"waterfall": WATERFALL} | others)

    def table(self) -> list[Row]:
        """The rows as the Python twin takes them."""
        return [Row(nr, *row) for nr, row in enumerate(self.rows or (), 1)]

    def to_json(self) -> str:
        """One line: what the TypeScript twin is asked, and what `make fuzz CASE=` takes."""
        content = vars(self)
        document: dict[str, Any] = {"terms": {name: content[name] for name in content if name not in NOT_TERMS}}
        document |= {name: content[name] for name in NOT_TERMS if content[name] is not None}
        return json.dumps(document, separators=(",", ":"))

    @property
    def is_exact_in_json(self) -> bool:
        """Whether every number is one that any reader of JSON keeps exactly."""
        return all(value <= MAX_JSON_INTEGER for value in vars(self).values() if isinstance(value, int))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        document = json.loads(text)
        others = {name: document[name] for name in NOT_TERMS if name in document}
        if "rows" in others:
            others["rows"] = tuple(map(tuple, others["rows"]))
        return cls(**document["terms"], **others)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "rows":
                yield from (f"  row {nr:<24} {show_row(row)}" for nr, row in enumerate(value or ()))
            elif value != field.default or field.name == "method":
                yield f"  {field.name:<28} {value}{_meaning(field.name, value)}"


def _meaning(name: str, value: Any) -> str:
    """The word or the date that a number stands for."""
    kind = {"method": Method, "period_unit": PeriodUnit, "day_count": DayCount}.get(name)
    if kind is not None:
        return f"  {kind(value).name}" if value in list(kind) else "  unknown"
    if name == "rounding":
        return f"  {_rounding_words(value)}"
    return f"  {_show_day(value)}" if name.endswith("_day") and name != "anchor_day" else ""


def _rounding_words(word: int) -> str:
    parts = zip((RoundingMode, Residue, Levelling), (word & 15, word >> 4 & 15, word >> 8), strict=True)
    return " ".join(kind(value).name if value in list(kind) else "unknown" for kind, value in parts)


def _show_day(day: int) -> str:
    """The date of a day, when it has one."""
    return str(date_of(day)) if 0 <= day <= LAST_DATE_DAY else "beyond dates"


def show_row(row: RowTuple) -> str:
    """Date and amounts of a row."""
    due, principal, interest = row
    return f"due {due} {_show_day(due)}, principal {principal}, interest {interest}"
