"""What the ledger itself saw of a subject's loans: seven counters that stop at 255."""

from dataclasses import dataclass, replace
from enum import IntEnum

FULL = 255
WORST_BUCKET = 4
LATE_BEFORE = 5
"""The bucket of a loan that is current now and was late before."""
LATE_COUNTERS = ("late1", "late30", "late60", "late90")
"""By the bucket that an episode reached, from 1."""


class Outcome(IntEnum):
    """How reserved principal comes to be given back."""

    ON_TIME = 0
    CURED = 1
    CANCELLED = 2
    REDUCED = 3


@dataclass(frozen=True, slots=True)
class History:
    """An episode of lateness counts in every counter it reached: one of 70 days in late1, late30 and late60."""

    loans_on_time: int = 0
    late1: int = 0
    late30: int = 0
    late60: int = 0
    late90: int = 0
    cured: int = 0
    written_off: int = 0

    def raised(self, *names: str) -> "History":
        """With these counters one higher; a full one stays."""
        return replace(self, **{name: min(getattr(self, name) + 1, FULL) for name in names})

    def lowered(self, *names: str) -> "History":
        """With these counters one lower; of a full one nobody knows how far beyond it was, so it stays."""
        lower = {name: count - 1 for name in names if (count := getattr(self, name)) not in (0, FULL)}
        return replace(self, **lower)
