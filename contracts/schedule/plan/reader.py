"""Reading a JSON object field by field, so that each refusal names its field."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from contracts.schedule.calendar import day_of
from contracts.schedule.plan.errors import PlanRefused

MOST_MINOR = 2**63 - 1
"""A bound for fields whose own limit depends on others."""


class Reader:
    """One JSON object; fields that nobody reads are refused at the end."""

    def __init__(self, fields: Mapping[str, Any], path: str = "") -> None:
        self._fields, self._path, self._read = fields, path, set[str]()

    def name(self, field: str) -> str:
        """The field with the path to it."""
        return f"{self._path}{field}"

    def has(self, field: str) -> bool:
        """Whether the field is there (null counts as absent)."""
        self._read.add(field)
        return self._fields.get(field) is not None

    def integer(self, field: str, least: int = 0, most: int = MOST_MINOR, default: int | None = None) -> int:
        """A whole number within limits."""
        value = self._value(field, default)
        if type(value) is not int or not least <= value <= most:
            raise PlanRefused(self.name(field), value, f"whole numbers from {least} to {most} are")
        return value

    def word(self, field: str, words: Sequence[str], default: str | None = None) -> str:
        """One of some words, in any case."""
        value = self._value(field, default)
        word = value.lower() if isinstance(value, str) else value
        if word not in words:
            raise PlanRefused(self.name(field), value, f"one of {', '.join(words)} is")
        return str(word)

    def text(self, field: str, form: str, default: str | None = None) -> str:
        """A string; `form` says in a refusal what it should look like."""
        value = self._value(field, default)
        if not isinstance(value, str):
            raise PlanRefused(self.name(field), value, f"{form} is")
        return value

    def day(self, field: str) -> int:
        """A date as YYYY-MM-DD."""
        return parse_day(self.name(field), self._value(field, None))

    def list(self, field: str) -> list[Any]:
        """A list, empty when absent."""
        value = self._value(field, []) if self.has(field) else []
        if not isinstance(value, list):
            raise PlanRefused(self.name(field), value, "a list is")
        return value

    @contextmanager
    def section(self, field: str) -> Iterator["Reader"]:
        """An object within the object, empty when absent."""
        value = self._value(field, {}) if self.has(field) else {}
        with reading(value, self.name(field)) as reader:
            yield reader

    def finish(self) -> None:
        """Refuse fields that mean nothing."""
        for field, value in self._fields.items():
            if value is not None and field not in self._read:
                raise PlanRefused(self.name(field), value, f"known here are {', '.join(sorted(self._read))}")

    def _value(self, field: str, default: Any) -> Any:
        value = self._fields[field] if self.has(field) else default
        if value is None:
            raise PlanRefused(self.name(field), None, "it must be given")
        return value


@contextmanager
def reading(value: object, path: str = "") -> Iterator[Reader]:
    """A reader of an object that refuses what was not read once all is."""
    if not isinstance(value, dict):
        raise PlanRefused(path or "plan", value, "a JSON object is")
    reader = Reader(value, f"{path}." if path else "")
    yield reader
    reader.finish()


def parse_day(name: str, value: object) -> int:
    """The day of a date as YYYY-MM-DD; ISO 8601's other forms (20260131, 2026-W05-6) are refused."""
    try:
        when = date.fromisoformat(str(value))
    except ValueError:
        when = None
    if when is None or when.isoformat() != value:
        raise PlanRefused(name, value, "a date as YYYY-MM-DD is")
    return day_of(when)
