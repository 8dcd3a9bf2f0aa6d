"""`tally demo`: real applicants from application to last instalment, then an export and its audit."""

import json
from pathlib import Path

import click

DEMO_FOLDER = Path("build/demo")


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default=DEMO_FOLDER, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stdout.")
def command(out: Path, as_json: bool) -> None:
    """Take 20 applicants of the German credit data through the whole system and audit what it wrote."""
    import shutil
    import time

    from rich.console import Console

    from scripts.demo.ending import audit_export, export, where_to_look
    from scripts.demo.story import run_story
    from scripts.demo.table import console_for_people, print_table
    from scripts.demo.tales import print_tales
    from scripts.system.plan import SystemPlan, free_ports
    from scripts.system.supervisor import Supervisor

    console = Console(stderr=True)
    began = time.monotonic()
    shutil.rmtree(out, ignore_errors=True)
    plan = SystemPlan((out / "data").resolve(), free_ports())
    console.rule("[bold]Tallystick demo[/bold]")
    with Supervisor(plan, lambda line: console.print(f"[dim]{line}[/dim]", highlight=False)):
        console.print(f"system up after {time.monotonic() - began:.1f} s", highlight=False)
        outcome = run_story(plan, console)
        export(plan, out / "export")
    people = console_for_people(stderr=as_json)
    print_table(people, outcome)
    print_tales(people, outcome)
    status = audit_export(out / "export", quiet=as_json)
    summary = {**outcome.summary(), "audit_passed": status == 0, "seconds": round(time.monotonic() - began, 1)}
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    if as_json:
        click.echo(json.dumps(summary))
    else:
        where_to_look(console_for_people(), out, outcome, summary["seconds"])
    raise SystemExit(status)
