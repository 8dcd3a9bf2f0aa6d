"""Which findings must be acted upon: those of high or medium impact in our own sources that no reason explains."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

OWN = "contracts/src/"
JUDGED = ("High", "Medium")
LEAST_REASON = 40
"""Characters: a reason is a sentence."""


@dataclass(frozen=True)
class Finding:
    """What slither says: the detector, its impact, the file, one line of description."""

    check: str
    impact: str
    file: str
    description: str

    @property
    def is_judged(self) -> bool:
        """Whether it must be fixed or explained: OpenZeppelin's own sources are not ours to change."""
        return self.impact in JUDGED and self.file.startswith(OWN)


@dataclass(frozen=True)
class Explanation:
    """Why findings of a detector whose description contains the pattern are no fault."""

    check: str
    where: str
    why: str

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding."""
        return self.check == finding.check and re.search(self.where, finding.description) is not None


@dataclass(frozen=True)
class Verdict:
    """The findings that nothing explains, and the explanations that explain nothing (any more)."""

    judged: int
    unexplained: tuple[Finding, ...]
    idle: tuple[Explanation, ...]

    @property
    def sound(self) -> bool:
        """Whether all is explained and every explanation is needed."""
        return not self.unexplained and not self.idle


class BadExplanation(Exception):
    """An explanation lacks its detector, its place or a reason of a sentence."""

    def __init__(self, number: int) -> None:
        super().__init__(f"explanation {number} needs check, where (a regular expression) and why (a sentence)")
        self.number = number


def read_explanations(path: Path) -> list[Explanation]:
    """The reasons written down in a TOML file of [[explained]] tables. Raises BadExplanation."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("explained", [])
    return [_explanation(number, table) for number, table in enumerate(tables, start=1)]


def _explanation(number: int, table: dict[str, str]) -> Explanation:
    if set(table) != {"check", "where", "why"} or len(table["why"]) < LEAST_REASON or not table["where"]:
        raise BadExplanation(number)
    return Explanation(table["check"], table["where"], " ".join(table["why"].split()))


def judge(findings: list[Finding], explanations: list[Explanation]) -> Verdict:
    """Hold the findings against the reasons."""
    judged = [finding for finding in findings if finding.is_judged]
    return Verdict(
        judged=len(judged),
        unexplained=tuple(f for f in judged if not any(each.covers(f) for each in explanations)),
        idle=tuple(each for each in explanations if not any(each.covers(finding) for finding in judged)),
    )
