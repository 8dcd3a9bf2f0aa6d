"""`tally schedule`: terms (JSON) -> rows, totals and both rates; `tally schedule check FILE`: others' figures."""

from pathlib import Path
from typing import BinaryIO

import click

SHOW = "show"


class TermsOrCommand(click.Group):
    """A group whose first command may be left out: `tally schedule FILE` shows FILE."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named else [SHOW, *args])


@click.group("schedule", cls=TermsOrCommand)
def command() -> None:
    """Schedules: the rows that terms lead to (`tally schedule [FILE]`), or a check of files with others' figures."""


@command.command(SHOW)
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="print rows, totals, rates and terms as JSON")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), help="draw it; - is stdout")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def show(file: BinaryIO, as_json: bool, svg: Path | None, language: str) -> None:
    """Rows, totals, APR and all-in rate of the terms in FILE (JSON; stdin when left out)."""
    from scripts.schedule.show import run_show

    if file.isatty():
        raise click.UsageError("give the terms on stdin or in a file")
    run_show(file.read(), as_json, svg, language)


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print every case with its figures as JSON")
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Reproduce the figures in FILE (Apache Fineract schedules or scripts, or APR examples); exit 0 if none fails."""
    from scripts.schedule.check import run_check

    ctx.exit(0 if run_check(file, as_json) else 1)
