"""`tally audit`: replay and verify an export, in two engines and with the Python twin."""

import json
from pathlib import Path
from typing import Any

import click

ADDRESS_BYTES = 20
HASH_BYTES = 32


class HexBytes(click.ParamType[str]):
    """0x-hex of a fixed length; the value is in small letters."""

    name = "0x-hex"

    def __init__(self, size: int) -> None:
        self.size = size

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).lower()
        try:
            sound = text.startswith("0x") and len(bytes.fromhex(text[2:])) == self.size
        except ValueError:
            sound = False
        if not sound:
            self.fail(f"{value} is not 0x and {self.size} bytes in hex", param, ctx)
        return text


@click.command("audit")
@click.argument("export", type=click.Path(path_type=Path, file_okay=False))
@click.option("--sealer", type=HexBytes(ADDRESS_BYTES), help="Address that must have sealed every block.")
@click.option("--genesis", type=HexBytes(HASH_BYTES), help="Hash that block 0 must have.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Print only the verdict.")
def command(export: Path, sealer: str | None, genesis: str | None, as_json: bool, quiet: bool) -> None:
    """Re-run EXPORT (written by `tally export`) and recount it; exit 1 at the first difference.

    Needs nothing but the files and this repository: no node, no address book, no key. An export cannot prove whose
    it is: give --sealer and --genesis as the operator published them, or compare those that the report names.
    """
    from rich.console import Console

    from scripts.audit.audit import Anchors, run_audit
    from scripts.audit.report import print_report

    console = Console(stderr=True, quiet=quiet or as_json)
    report = run_audit(export, console, Anchors(sealer, genesis))
    if as_json:
        click.echo(json.dumps(report.document()))
    else:
        print_report(Console(soft_wrap=True), report, quiet)
    raise SystemExit(0 if report.passed else 1)
