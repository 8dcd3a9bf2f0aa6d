"""The end of the demo: export the ledger, audit the export, and say where to look next."""

import subprocess
import sys
from pathlib import Path
from typing import IO

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table

from scripts.demo.case import Outcome
from scripts.system.plan import SystemPlan


def export(plan: SystemPlan, folder: Path) -> None:
    """Write the export while the node is running, as an operator would."""
    _tally("export", str(folder), "--data", str(plan.data / "node"), check=True)


def audit_export(folder: Path, quiet: bool) -> int:
    """Run the audit as anyone would who got only the export; returns its exit status."""
    return _tally("audit", str(folder), *(["--quiet"] if quiet else []), check=False, out=sys.stderr if quiet else None)


def _tally(*arguments: str, check: bool, out: IO[str] | None = None) -> int:
    command = [sys.executable, "-m", "scripts.tally", *arguments]
    return subprocess.run(command, check=check, stdout=out).returncode  # noqa: S603 - our own command line


def where_to_look(console: Console, out: Path, outcome: Outcome, seconds: float) -> None:
    """Name the next things to try, with commands that work as they stand."""
    case = next((case for case in outcome.loans() if case.loan["arrears"]["bucket"]), outcome.loans()[0])
    link = f"http://127.0.0.1:8000/app/#/loans/{case.loan_id}?token={case.borrower.token}"
    steps = Table.grid(padding=(0, 3))
    for step, what in (
        (f"tally audit {out}/export", "re-run every cent from the exported files alone"),
        (f"tally up --data {out}/data", "start this very system again, then open the address below"),
        (f"{out}/data/logs/", "what each process said"),
        ("docs/start.md", "what to read first"),
    ):
        steps.add_row(f"[bold]{step}[/bold]", what)
    told = f"Took {seconds:.0f} s, {outcome.payments} payments of {len(outcome.loans())} loans.\n"
    console.print(Panel(Group(told, steps), title="Where to look next", expand=False))
    console.print(link, soft_wrap=True, highlight=False)
