"""What share of lines and branches was reached, by source."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from scripts.coverage.instrument import Point


@dataclass(frozen=True)
class Share:
    """So many reached of so many."""

    reached: int
    all: int

    @property
    def percent(self) -> float:
        """100 when there is nothing to reach."""
        return 100 * self.reached / self.all if self.all else 100.0


@dataclass(frozen=True)
class SourceCoverage:
    """A source: lines with a statement, and outcomes of conditions (two each)."""

    name: str
    lines: Share
    branches: Share


def by_source(points: Iterable[Point], passed: set[int]) -> list[SourceCoverage]:
    """The sources by name."""
    of_unit: dict[str, list[Point]] = {}
    for point in points:
        of_unit.setdefault(point.unit, []).append(point)
    return [_source(unit, found, passed) for unit, found in sorted(of_unit.items())]


def _source(unit: str, points: list[Point], passed: set[int]) -> SourceCoverage:
    statements, arms = [p for p in points if p.arm is None], [p for p in points if p.arm is not None]
    reached_lines = {point.line for point in statements if point.mark in passed}
    lines = Share(len(reached_lines), len({point.line for point in statements}))
    branches = Share(sum(point.mark in passed for point in arms), len(arms))
    return SourceCoverage(PurePosixPath(unit).stem, lines, branches)


def total(sources: Iterable[SourceCoverage]) -> SourceCoverage:
    """All sources together."""
    found = list(sources)
    return SourceCoverage("all", _sum([each.lines for each in found]), _sum([each.branches for each in found]))


def _sum(shares: list[Share]) -> Share:
    return Share(sum(share.reached for share in shares), sum(share.all for share in shares))


def missed(points: Iterable[Point], passed: set[int]) -> list[Point]:
    """The branches never taken and the statements never reached, in the order of the sources."""
    found = [point for point in points if point.mark not in passed]
    return sorted(found, key=lambda point: (point.unit, point.line, point.mark))
