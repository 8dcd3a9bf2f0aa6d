"""`tally audit`: replay and verify an export, in two engines and with the Python twin."""

import json
from pathlib import Path

import click


@click.command("audit")
@click.argument("export", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Print only the verdict.")
def command(export: Path, as_json: bool, quiet: bool) -> None:
    """Re-run EXPORT (written by `tally export`) and recount it; exit 1 at the first difference.

    Needs nothing but the files and this repository: no node, no address book, no key.
    """
    from rich.console import Console

    from scripts.audit.audit import run_audit
    from scripts.audit.report import print_report

    report = run_audit(export, Console(stderr=True, quiet=quiet or as_json))
    if as_json:
        click.echo(json.dumps(report.document()))
    else:
        print_report(Console(soft_wrap=True), report, quiet)
    raise SystemExit(0 if report.passed else 1)
