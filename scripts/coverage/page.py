"""The section of docs/benchmarks.md that says how much of the Solidity the tests reach."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.coverage.instrument import Point
from scripts.coverage.report import SourceCoverage, total

HEADING = "## Branches of the contracts that tests reach"
INTRODUCTION = """
`make coverage` (`MISSED=1` names what is missing; `python -m scripts.coverage --page docs/benchmarks.md` writes this
section; it ends with an error below 95 %). Our own tool, `scripts/coverage`, for the reasons of
[decision 0020](decisions/0020-coverage-by-our-own-marks.md): marks in the sources, compiled as the contracts are, and
the tests of the contracts on two EVMs that tell which marks they pass. A branch is one outcome of one condition: of an
`if`, a ternary, a loop or an `if` in assembly, and of each operand of `&&` and `||` by itself.
"""
BEFORE_MISSED = """
Never seen so far, which counts against the figure:
"""


def write(page: Path, sources: Sequence[SourceCoverage], missed: Iterable[Point]) -> None:
    """Replace the page's section, or add it at the end."""
    text = page.read_text()
    start = text.find(HEADING)
    start = len(text) + 1 if start < 0 else start
    end = text.find("\n## ", start)
    page.write_text(text[:start].rstrip() + "\n\n" + section(sources, missed) + (text[end:] if end >= 0 else ""))


def section(sources: Sequence[SourceCoverage], missed: Iterable[Point]) -> str:
    """The section as Markdown."""
    whole = total(sources)
    head = ["| source | branches | | lines | |", "|---|---:|---:|---:|---:|"]
    rows = [_row(each.name, each) for each in sources if each.branches.all]
    table = [*head, _row("**all**", whole), *rows]
    names = [
        f"- `{_name(point)}`, never {str(point.arm).lower()}: `{point.text}`" for point in missed if _is_arm(point)
    ]
    listed = [BEFORE_MISSED.strip("\n"), "", *names] if names else []
    return "\n".join([HEADING, INTRODUCTION.rstrip("\n"), "", *table, "", *listed]).rstrip() + "\n"


def _row(name: str, of: SourceCoverage) -> str:
    lines, branches = of.lines, of.branches
    return (
        f"| {name} | {branches.reached} of {branches.all} | {branches.percent:.1f} % "
        f"| {lines.reached} of {lines.all} | {lines.percent:.1f} % |"
    )


def _name(point: Point) -> str:
    return Path(point.unit).stem


def _is_arm(point: Point) -> bool:
    return point.arm is not None
