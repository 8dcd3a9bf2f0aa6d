"""What comes out of checking cases."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Whether a case's figures are reproduced."""

    PASSED = "passed"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case: its status, the one reason when it did not pass, and the figures found."""

    case: str
    status: Status
    reason: str = ""
    figures: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As `tally schedule check --json` prints it."""
        return {"id": self.case, "status": str(self.status), "reason": self.reason, **self.figures}


def as_json(verdicts: list[Verdict]) -> dict[str, Any]:
    """All verdicts with their counts."""
    counts = {str(status): count(verdicts, status) for status in Status}
    return {**counts, "reasons": reasons(verdicts), "cases": [verdict.as_json() for verdict in verdicts]}


def count(verdicts: list[Verdict], status: Status) -> int:
    """How many cases have a status."""
    return sum(verdict.status is status for verdict in verdicts)


def reasons(verdicts: list[Verdict]) -> dict[str, int]:
    """How many cases are not supported for each kind of reason (what stands before its colon), the most first."""
    unsupported = (verdict.reason for verdict in verdicts if verdict.status is Status.UNSUPPORTED)
    return dict(Counter(reason.partition(":")[0] for reason in unsupported).most_common())
