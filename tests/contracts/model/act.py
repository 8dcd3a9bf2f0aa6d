"""One thing that somebody does: what is sent, by whom, with whose authority, and what the model makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any

from contracts.clients.events import Event
from contracts.typed_data.struct import Struct
from tests.contracts.model.model import Model, Move
from tests.contracts.model.world import World


@dataclass
class Outcome:
    """What follows from an act that is accepted: cash that moves, and the rest by `commit`."""

    moves: list[Move] = field(default_factory=list)
    commit: Callable[[], None] = lambda: None
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Names and some members of events that the transaction must have, in this order."""


@dataclass
class Act:
    """A transaction; `predict` gives its outcome, or raises the refusal."""

    kind: str
    contract: str
    function: str
    values: tuple[Any, ...]
    sender: str
    predict: Callable[[], Outcome]
    authorised: frozenset[str] = frozenset()
    """Whose cash may fall: the sender's, and that of who signed."""
    loans: tuple[bytes, ...] = ()
    """Whose views are looked at afterwards."""
    parties: tuple[str, ...] = ()
    seen: Callable[[list[Event]], None] = lambda _: None

    def __str__(self) -> str:
        shown = ", ".join(_short(value) for value in self.values)
        return f"{self.kind}: {self.contract}.{self.function}({shown}) by {self.sender}"


@dataclass
class Scene:
    """What an act is drawn from: the world, the model, and this step's own randomness."""

    world: World
    model: Model
    rng: Random

    def chance(self, percent: int) -> bool:
        """Whether something that happens so often happens now."""
        return self.rng.randrange(100) < percent

    @property
    def underwriter_counts(self) -> bool:
        """Whether the key that signs for the lender still does."""
        return self.model.now <= self.world.underwriter_until


Draw = Callable[[Scene], Act | None]
"""Draws an act; None when there is nothing to do it to."""


def _short(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()[:8]
    if isinstance(value, Struct):
        return f"{type(value).__name__}({', '.join(f'{name}={_short(part)}' for name, part in vars_of(value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(_short, value))}]"
    return str(value)


def vars_of(message: Struct) -> list[tuple[str, Any]]:
    """Names and values of a message, without those that are empty."""
    named = ((field.name, getattr(message, field.name)) for field in fields(message))
    return [(name, value) for name, value in named if value]
