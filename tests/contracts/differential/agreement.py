"""Comparing the three answers, and saying readably where they part."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from tests.contracts.differential.answer import Schedule, Table
from tests.contracts.differential.case import Case, RowTuple, show_row
from tests.contracts.differential.fast_book import FastBook
from tests.contracts.differential.twins import (
    TypeScript,
    python_instalment,
    python_prices,
    python_schedule,
    typescript_prices,
    typescript_schedule,
)

Answers = Mapping[str, object]


class Disagreement(AssertionError):
    """The implementations part on a case; its text shows the terms and the first row that differs."""

    def __init__(self, case: Case, lines: list[str]) -> None:
        found = "\n".join(f"  {line}" for line in lines)
        super().__init__(f"on these terms\n{case}\nthe answers part\n{found}\nagain: make fuzz CASE='{case.to_json()}'")
        self.case, self.lines = case, lines


def require_agreement(case: Case) -> Schedule:
    """What all three say of a case. Raises Disagreement."""
    instalment = python_instalment(case) if case.instalment_minor is None else case.instalment_minor
    schedule = python_schedule(case, instalment)
    answers: dict[str, object] = {"Solidity": FastBook.shared().schedule(case, instalment), "Python": schedule}
    told = TypeScript.shared().ask(case) if case.is_exact_in_json else None
    if told is not None:
        answers["TypeScript"] = typescript_schedule(told)
    _require_same(case, answers)
    if told is not None and isinstance(schedule, Table):
        _require_same(case, {"Python instalment": instalment, "TypeScript instalment": told["instalment_minor"]})
        if case.priced:
            _require_same(case, {"Python": python_prices(case, schedule), "TypeScript": typescript_prices(told)})
    return schedule


def _require_same(case: Case, answers: Answers) -> None:
    first, *others = answers.values()
    if any(other != first for other in others):
        raise Disagreement(case, list(differences(answers)))


def differences(answers: Answers) -> Iterator[str]:
    """One line for each implementation: its refusal, or its first row that differs from any other's."""
    row = _first_difference([answer.rows for answer in answers.values() if isinstance(answer, Table)])
    for name, answer in answers.items():
        yield f"{name:<22} {_show(answer, row)}"


def _first_difference(tables: list[tuple[RowTuple, ...]]) -> int | None:
    rows = enumerate(zip_longest(*tables))
    return next((nr for nr, found in rows if any(row != found[0] for row in found)), None)


def _show(answer: object, row: int | None) -> str:
    if not isinstance(answer, Table):
        return str(answer)
    if row is None:
        return f"{len(answer.rows)} rows, root {answer.root}"
    if row >= len(answer.rows):
        return f"{len(answer.rows)} rows"
    return f"row {row}: {show_row(answer.rows[row])}"
