"""What an implementation says of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.contracts.differential.case import RowTuple, show_row

FIELD = (1 << 112) - 1


@dataclass(frozen=True)
class Table:
    """The rows and what both sides sign of them."""

    rows: tuple[RowTuple, ...]
    root: str

    @classmethod
    def of_words(cls, words: Sequence[int], root: bytes) -> "Table":
        """From the contract's row words."""
        return cls(tuple((word >> 224, word >> 112 & FIELD, word & FIELD) for word in words), "0x" + root.hex())

    def __str__(self) -> str:
        return "\n".join([*map(show_row, self.rows), f"root {self.root}"])


@dataclass(frozen=True)
class Refusal:
    """The name of the error and its values by snake_case name; texts without padding."""

    name: str
    values: dict[str, Any]

    @classmethod
    def of(cls, name: str, values: dict[str, Any]) -> "Refusal":
        """With the texts that Solidity pads to 32 bytes as plain ones."""
        return cls(name, {key: _plain(value) for key, value in values.items()})

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value}' for key, value in self.values.items())})"


Schedule = Table | Refusal


@dataclass(frozen=True)
class Prices:
    """The EU APR and the all-in rate on outstanding principal; None where there is none."""

    apr_ppm: int | None
    all_in_ppm: int | None


def _plain(value: Any) -> Any:
    return value.rstrip(b"\0").decode() if isinstance(value, bytes) else value
