"""Another lending system's scripts: a loan of ours beside them, and what its position says was paid of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.loan import LoanState, originate
from contracts.schedule import Row
from contracts.typed_data import Agreement
from tests.contracts.differential.case import Case
from tests.contracts.schedule.golden import rows_of


@dataclass(frozen=True)
class Position:
    """How far a loan is: rows fully paid, and what was paid of the next."""

    row: int
    paid_row_minor: int

    @classmethod
    def of(cls, state: LoanState) -> "Position":
        """The twin's."""
        return cls(state.row, state.paid_row_minor)

    def unpaid_minor(self, rows: Sequence[Row], index: int) -> int:
        """What is unpaid of a row (0 is the first)."""
        if index < self.row:
            return 0
        return rows[index].due_minor - (self.paid_row_minor if index == self.row else 0)


class Ledger:
    """What was paid of each row and when, told by the moves of a loan's position alone."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows, self._position = rows, Position(0, 0)
        self._paid = [[0, 0, 0] for _ in rows]
        self._completed: list[int | None] = [None for _ in rows]

    def move(self, to: Position, day: int) -> None:
        """Account for a payment of a day."""
        for index, row in enumerate(self._rows):
            moved = self._position.unpaid_minor(self._rows, index) - to.unpaid_minor(self._rows, index)
            parts = (moved, moved if day < row.due_day else 0, moved if day > row.due_day else 0)
            self._paid[index] = [old + new for old, new in zip(self._paid[index], parts, strict=True)]
            if moved and index < to.row:
                self._completed[index] = day
        self._position = to

    def checkpoint(self, upfront_fee_minor: int) -> dict[str, Any]:
        """As the golden file writes one."""
        rows = [
            [*paid, row.due_minor - paid[0], completed]
            for row, paid, completed in zip(self._rows, self._paid, self._completed, strict=True)
        ]
        paid, in_advance, late = (sum(column) for column in zip(*self._paid, strict=True))
        due = sum(row.due_minor for row in self._rows)
        fee = upfront_fee_minor
        return {"rows": rows, "totals": [due + fee, paid + fee, in_advance, late, due - paid]}


def case_of(golden: dict[str, Any]) -> Case:
    """The signed terms of a script, with its rows where they are a table."""
    case = Case(**golden["terms"], upfront_fee_minor=golden["upfront_fee_minor"])
    return Case(**vars(case) | {"rows": tuple(map(tuple, golden["rows"]))}) if case.terms.method.is_table else case


def agreement_of(golden: dict[str, Any], **others: Any) -> Agreement:
    """The agreement of a script, signed to begin on its first day."""
    case, root = case_of(golden), bytes.fromhex(golden["schedule_root"][2:])
    words = {"waterfall": golden["waterfall"], "schedule_root": root, "latest_origination_day": case.disbursement_day}
    return case.agreement(golden["instalment_minor"], **words | others)


def begun(golden: dict[str, Any]) -> LoanState:
    """The twin's loan on its first day."""
    return originate(agreement_of(golden), case_of(golden).table())


def table_of(golden: dict[str, Any]) -> list[Row]:
    """The rows as the tables of the script have them."""
    return rows_of(golden)
