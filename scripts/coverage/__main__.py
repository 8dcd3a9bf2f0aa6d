"""Compile marked sources, run the tests on them, print the table; exit 1 when too few branches are reached."""

import json
import sys
from pathlib import Path

import click

from contracts.compile import ROOT
from scripts.coverage.instrument import Point
from scripts.coverage.page import write
from scripts.coverage.report import SourceCoverage, by_source, missed, total
from scripts.coverage.run import compile_marked, run_tests

FOLDER = ROOT / "build" / "coverage"
LEAST_BRANCH_PERCENT = 95.0


@click.command()
@click.argument("tests", nargs=-1)
@click.option("--missed", "show_missed", is_flag=True, help="Name what was not reached.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON on stdout.")
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Write its section on coverage anew."
)
def main(tests: tuple[str, ...], show_missed: bool, as_json: bool, page: Path | None) -> None:
    """Coverage of contracts/src by the tests of the contracts (or by TESTS)."""
    click.echo("compiling marked sources", err=True)
    points = list(compile_marked(FOLDER).points.values())
    failed, passed = run_tests(FOLDER, list(tests))
    sources = by_source(points, passed)
    if show_missed:
        for point in missed(points, passed):
            click.echo(_told(point))
    if page is not None:
        write(page, sources, missed(points, passed))
    whole = total(sources)
    if as_json:
        click.echo(json.dumps({each.name: _figures(each) for each in [*sources, whole]}, indent=1))
    else:
        _print([*sources, whole])
    enough = whole.branches.percent >= LEAST_BRANCH_PERCENT
    if not enough:
        click.echo(
            f"branches: {whole.branches.percent:.1f} %, at least {LEAST_BRANCH_PERCENT} % are asked for", err=True
        )
    sys.exit(0 if enough and not failed else 1)


def _told(point: Point) -> str:
    what = "never reached" if point.arm is None else f"never {str(point.arm).lower()}"
    return f"{point.unit}:{point.line}: {what}: {point.text[:100]}"


def _figures(source: SourceCoverage) -> dict[str, float | int]:
    return {
        "lines": source.lines.all,
        "lines_percent": round(source.lines.percent, 1),
        "branches": source.branches.all,
        "branches_percent": round(source.branches.percent, 1),
    }


def _print(sources: list[SourceCoverage]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("source", "lines", "%", "branches", "%")
    for each in sources:
        lines, branches = each.lines, each.branches
        shown = (f"{lines.reached}/{lines.all}", f"{lines.percent:.1f}")
        table.add_row(each.name, *shown, f"{branches.reached}/{branches.all}", f"{branches.percent:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
