"""`tally schedule check`: files of other people's figures."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from scripts.schedule.apr_cases import check_apr
from scripts.schedule.compare import check_schedule
from scripts.schedule.json_text import parse_json
from scripts.schedule.replay import check_replay
from scripts.schedule.verdict import Status, Verdict, as_json, count, reasons

Case = Mapping[str, Any]
Check = Callable[[Case], Verdict]
FEW = 1
"""Reasons are counted where more cases than this have one."""


def check_case(case: Case) -> Verdict:
    """Replay a case that has events; draw the table of one that has none."""
    return check_replay(case) if "events" in case else check_schedule(case)


FORMATS: dict[str, Check] = {"cases": check_case, "examples": check_apr}
"""Which list a file has, and how its entries are checked."""


def run_check(file: Path, as_json_output: bool) -> bool:
    """Check a file, print the verdicts, and say whether none failed. Raises click.ClickException for a bad file."""
    verdicts = [check(case) for check, case in _progress(read_cases(file))]
    if as_json_output:
        click.echo(json.dumps(as_json(verdicts), indent=1))
    else:
        _print(verdicts)
    return not count(verdicts, Status.FAILED)


def read_cases(file: Path) -> list[tuple[Check, Case]]:
    """The cases of a file and how each is checked. Raises click.ClickException, one line, for a bad file."""
    try:
        content = parse_json(file.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise click.ClickException(f"{file}: not JSON: {error}") from error
    lists = {name: content[name] for name in FORMATS if content.get(name)} if isinstance(content, dict) else {}
    if not lists or not all(_is_list_of_objects(cases) for cases in lists.values()):
        raise click.ClickException(f"{file}: neither a list of schedule cases nor one of rate examples")
    return [(FORMATS[name], case) for name, cases in lists.items() for case in cases]


def _is_list_of_objects(cases: object) -> bool:
    return isinstance(cases, list) and all(isinstance(case, dict) for case in cases)


def _progress(cases: list[tuple[Check, Case]]) -> Iterator[tuple[Check, Case]]:
    from rich.console import Console
    from rich.progress import track

    yield from track(cases, "checking", console=Console(stderr=True), transient=True)


def _print(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.status is not Status.PASSED:
            name = verdict.case if verdict.case.isprintable() else repr(verdict.case)
            click.echo(f"{verdict.status:11}  {name}: {verdict.reason}")
    passed, failed, unsupported = (count(verdicts, status) for status in Status)
    if unsupported > FEW:
        _print_reasons(reasons(verdicts))
    click.echo(f"{passed} passed, {failed} failed, {unsupported} not supported")


def _print_reasons(counts: dict[str, int]) -> None:
    width = max(map(len, counts))
    click.echo(f"\n{'not supported':{width}}  cases")
    for kind, cases in counts.items():
        click.echo(f"{kind:{width}}  {cases:5}")
    click.echo()
