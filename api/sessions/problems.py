"""Refusals at the door."""

from dataclasses import dataclass
from typing import Any, ClassVar

from api.kit.problems import Problem


@dataclass
class SubjectNotRegistered(Problem):
    """The subject is not registered on the ledger (yet)."""

    status = 409
    title = "The subject is not registered"
    example: ClassVar[dict[str, Any]] = {"subject": "0x7f00…"}
    subject: str


@dataclass
class ChallengeUnknown(Problem):
    """The challenge was never given to this subject, was used already, or its time is over."""

    status = 422
    title = "The challenge is unknown, used or expired"
