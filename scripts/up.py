"""`tally up`: the whole system on one machine, one data folder, kept alive until interrupted."""

import signal
import threading
from pathlib import Path

import click


@click.command("up")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--port", default=8000, show_default=True, help="API and phone app.")
@click.option("--rpc-port", default=8545, show_default=True, help="JSON-RPC of the ledger.")
@click.option("--publisher-port", default=8600, show_default=True, help="Publisher; its signers take the next four.")
def command(data: Path, port: int, rpc_port: int, publisher_port: int) -> None:
    """Run chain, oracle signers, publisher, API and worker; restart what dies; go on where the last run ended."""
    from rich.console import Console

    from scripts.system.plan import Ports, SystemPlan
    from scripts.system.supervisor import DataFolderInUse, PortInUse, ProcessNotReady, Supervisor

    console = Console(stderr=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    plan = SystemPlan(data.resolve(), Ports(node=rpc_port, publisher=publisher_port, api=port))
    try:
        with Supervisor(plan, lambda line: console.print(f"[dim]{line}[/dim]", highlight=False)):
            _announce(plan.api_url, plan.rpc_url, plan.addresses)
            stop.wait()
            console.print("stopping")
    except (ProcessNotReady, DataFolderInUse, PortInUse) as error:
        raise click.ClickException(str(error)) from error


def _announce(api_url: str, rpc_url: str, addresses: Path) -> None:
    import json

    click.echo(f"API        {api_url}/v1   (documentation: {api_url}/docs)")
    click.echo(f"phone app  {api_url}/app/")
    click.echo(f"JSON-RPC   {rpc_url}")
    click.echo(f"contracts  {addresses}")
    for name, address in json.loads(addresses.read_text())["contracts"].items():
        click.echo(f"           {address} {name}")
    click.echo("Press Ctrl-C to stop; `tally up` goes on where this run ends.")
