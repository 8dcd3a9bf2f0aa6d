"""How the rows of a loan by a table are brought."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from contracts.schedule import Row, table_proof

ROW_WORDS = 4
"""What a row takes of calldata besides its proof: the word, and where it and the proof lie and how long that is."""


class TableRow(NamedTuple):
    """A row of a loan's table as an entry takes it: its word, and the siblings that lead from it to the root.

    Where the whole table is brought, nothing need lead to the root.
    """

    word: int
    proof: tuple[bytes, ...]


def table_rows(table: Sequence[Row], needed: range) -> list[TableRow]:
    """What an act brings of a whole table so that the needed rows (`contracts.loan.rows_needed`) are in it.

    Those rows, each with its proof; or every row without one where that is shorter, so that it fits a transaction.
    """
    depth = (len(table) - 1).bit_length()
    if len(needed) * (ROW_WORDS + depth) > len(table) * ROW_WORDS:
        return [TableRow(row.word, ()) for row in table]
    return [TableRow(table[index].word, tuple(table_proof(table, index))) for index in needed]


def words(table: Sequence[Row]) -> list[int]:
    """A whole table as the acts take it that need every row."""
    return [row.word for row in table]


def optional(arguments: tuple[Any, ...], rows: Sequence[object]) -> tuple[Any, ...]:
    """Without rows the short form of a function, as every method with a formula takes it."""
    return (*arguments, list(rows)) if rows else arguments
