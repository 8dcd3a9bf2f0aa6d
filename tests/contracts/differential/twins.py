"""The two twins: Python in this process, TypeScript in a child that answers line by line."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Self

from contracts.compile import ROOT
from contracts.loan import LoanRefused, require_terms
from contracts.loan.terms import require_last_due_day
from contracts.schedule import (
    RateUndefined,
    Row,
    ScheduleRefused,
    agreed_rows,
    all_in_rate_ppm,
    level_instalment,
    schedule_apr_ppm,
    schedule_root,
)
from tests.contracts.differential.answer import Prices, Refusal, Schedule, Table
from tests.contracts.differential.case import Case

RUNNER = ROOT / "build" / "schedule" / "twin.mjs"


class TwinMissing(Exception):
    """The TypeScript twin has not been built."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run `make setup`")
        self.path = path


def python_schedule(case: Case, instalment_minor: int) -> Schedule:
    """The Python twin's table, or its refusal; terms are refused as contracts.loan does."""
    agreement = case.agreement(instalment_minor)
    try:
        require_terms(agreement)
        rows = agreed_rows(agreement, case.table())
        require_last_due_day(rows[-1].due_day)
    except (LoanRefused, ScheduleRefused) as refusal:
        return Refusal.of(type(refusal).__name__, dict(vars(refusal)))
    return Table(tuple(map(_tuple, rows)), "0x" + schedule_root(case.terms.method, rows).hex())


def python_instalment(case: Case) -> int:
    """The levelled instalment by the Python twin."""
    return level_instalment(case.terms)


def python_prices(case: Case, table: Table) -> Prices:
    """The rates of a table by the Python twin."""
    rows = [Row(nr, *row) for nr, row in enumerate(table.rows, 1)]
    return Prices(_rate(schedule_apr_ppm, case, rows), _rate(all_in_rate_ppm, case, rows))


def _rate(rule: Any, case: Case, rows: list[Row]) -> int | None:
    try:
        return int(rule(case.terms, rows, case.upfront_fee_minor))
    except RateUndefined:
        return None


def _tuple(row: Row) -> tuple[int, int, int]:
    return row.due_day, row.principal_minor, row.interest_minor


class TwinStopped(Exception):
    """The TypeScript twin ended instead of answering; what it said is on stderr."""

    def __init__(self, question: str) -> None:
        super().__init__(f"the TypeScript twin stopped at {question}")
        self.question = question


class TypeScript:
    """The phone's schedule in Node: one line of JSON in, one out. It is started again when it has stopped."""

    def __init__(self, runner: Path = RUNNER) -> None:
        node = shutil.which("node")
        if node is None or not runner.is_file():
            raise TwinMissing(runner)
        self._command = [node, str(runner)]
        self._child = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    @classmethod
    @cache
    def shared(cls) -> Self:
        """One child for the whole process; it ends with its standard input."""
        return cls()

    def ask(self, case: Case) -> dict[str, Any]:
        """The answer as it came. Raises TwinStopped."""
        if self._child.poll() is not None:
            self._child = self._start()
        question, child = case.to_json(), self._child
        assert child.stdin
        assert child.stdout
        child.stdin.write(question + "\n")
        line = child.stdout.readline()
        if not line:
            child.wait()
            raise TwinStopped(question)
        answer: dict[str, Any] = json.loads(line)
        return answer


def typescript_schedule(answer: dict[str, Any]) -> Schedule:
    """The table or the refusal in an answer of the TypeScript twin."""
    if "refused" in answer:
        return Refusal.of(answer["refused"]["name"], answer["refused"]["values"])
    return Table(tuple((due, principal, charged) for due, principal, charged in answer["rows"]), answer["root"])


def typescript_prices(answer: dict[str, Any]) -> Prices:
    """The rates in an answer of the TypeScript twin."""
    return Prices(answer["apr_ppm"], answer["all_in_ppm"])
