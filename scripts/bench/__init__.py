"""`tally bench NAME`: measure, and say against what. Each figure of docs/benchmarks.md comes from one of these."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Figures = dict[str, Any]
DEMO_EXPORT = "build/demo/export"

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON on stdout.")


@click.group("bench")
def command() -> None:
    """Benchmarks, each printing what it measured and against what."""


@command.command("gas")
@as_json_option
@click.option("--profile", "action", help="Where the gas of this action goes, by what the EVM does.")
@click.option(
    "--page", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Write its gas section anew."
)
def gas(as_json: bool, action: str | None, page: Path | None) -> None:
    """Gas of each contract action, by receipts on Osaka rules, against the design's limits and other lenders."""
    from scripts.bench.gas import measure

    if action is not None:
        _print_profile(action, as_json)
        return
    figures = measure()
    _print_gas(figures, as_json)
    if page is not None:
        _write_page(page, figures)


def _print_profile(action: str, as_json: bool) -> None:
    from scripts.bench.gas import NoTransaction, profiles

    try:
        shares = profiles([action])[action]
    except NoTransaction as refusal:
        raise click.ClickException(str(refusal)) from refusal
    times = {share.group: f"{share.times:,} times" for share in shares}
    _print({share.group: share.gas for share in shares}, as_json, times.get)


def _write_page(page: Path, figures: Figures) -> None:
    from scripts.bench.gas import profiles
    from scripts.bench.gas_page import missed_goals, write

    write(page, figures, profiles(missed_goals(figures)))


@command.command("ledger")
@click.option("--payments", default=2_000, show_default=True, help="How many small token payments to mine.")
@as_json_option
def ledger(payments: int, as_json: bool) -> None:
    """Payments accepted, mined and replayed a second, against eth-tester mining the same ones."""
    from scripts.bench.ledger import measure_ledger

    _print(measure_ledger(payments), as_json)


@command.command("payments")
@click.option("--borrowers", default=20, show_default=True)
@click.option("--each", default=5, show_default=True, help="Payments of each borrower.")
@as_json_option
def payments(borrowers: int, each: int, as_json: bool) -> None:
    """Signed payments a second through the whole path, against the ledger mining the same payments alone."""
    from scripts.bench.payments import measure_payments

    _print(measure_payments(borrowers, each), as_json)


@command.command("audit")
@click.argument("export", type=click.Path(exists=True, file_okay=False), default=DEMO_EXPORT)
@as_json_option
def audit(export: str, as_json: bool) -> None:
    """Transactions replayed a second in each engine, one engine at a time, on an export (default: the demo's)."""
    from scripts.bench.ledger import replay_rates

    _print(replay_rates(Path(export)), as_json)


@command.command("demo")
@as_json_option
def demo(as_json: bool) -> None:
    """Seconds of the whole demo (system start to verdict), against its limit of 90."""
    _print(_demo_figures(), as_json, {"seconds": "limit 90"}.get)


@command.command("all")
def everything() -> None:
    """Every benchmark, one JSON document on stdout; what docs/benchmarks.md is written from."""
    from scripts.bench.gas import measure
    from scripts.bench.ledger import measure_ledger, replay_rates
    from scripts.bench.payments import measure_payments

    figures = {"gas": measure(), "ledger": measure_ledger(), "payments": measure_payments(20, 5)}
    figures |= {"demo": _demo_figures(), "audit": replay_rates(Path(DEMO_EXPORT))}
    click.echo(json.dumps(figures, indent=2))


def _demo_figures() -> Figures:
    """Run `tally demo` as a user does and keep what it says of its times."""
    import subprocess
    import sys

    ran = subprocess.run([sys.executable, "-m", "scripts.tally", "demo", "--json"], stdout=subprocess.PIPE, check=True)
    summary = json.loads(ran.stdout)
    rate = round(summary["payments"] / summary["payment_seconds"], 1)
    return {name: summary[name] for name in ("seconds", "payments", "payment_seconds")} | {"payments_per_s": rate}


def _print_gas(figures: Figures, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    from rich.console import Console
    from rich.table import Table

    from scripts.bench.gas_targets import PEERS, TARGETS

    table = Table("what", "gas", "must", "goal", "others")
    for name, used in figures.items():
        target = TARGETS.get(name)
        limits = (f"{target.must:,}", f"{target.goal:,}") if target else ("", "")
        table.add_row(name, f"{used:,}", *limits, PEERS.get(name, ""))
    Console().print(table)


def _print(figures: Figures, as_json: bool, against: Callable[[str], str | None] = lambda _: "") -> None:
    if as_json:
        click.echo(json.dumps(figures))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "measured", "against")
    for name, value in figures.items():
        shown = f"{value:,}" if isinstance(value, int | float) else str(value)
        table.add_row(name, shown, against(name))
    Console().print(table)
