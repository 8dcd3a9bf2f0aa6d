"""`tally node`: the ledger alone, with its JSON-RPC."""

from pathlib import Path

import click

from scripts.process import follow_supervisor

EXIT_CANNOT_START = 1


@click.command()
@click.option("--data", required=True, type=click.Path(path_type=Path, file_okay=False), help="data folder")
@click.option("--genesis", required=True, type=click.Path(path_type=Path), help="genesis file in geth's format")
@click.option("--port", default=8545, show_default=True, help="JSON-RPC port (0: any free one)")
@click.option("--host", default="127.0.0.1", show_default=True, help="loopback address to listen on")
@click.option("--dev", is_flag=True, help="allow time travel and snapshots, for a devnet only")
@click.option("--key-file", type=click.Path(path_type=Path), help='sealing key, {"private_key": "0x.."}')
@click.option("--interval", type=click.FloatRange(min=0.1), help="make blocks every so many seconds")
@click.option("--manual", is_flag=True, help="make blocks only when told to (evm_mine)")
@click.option("--verbose", is_flag=True, help="log every block")
def command(
    data: Path,
    genesis: Path,
    port: int,
    host: str,
    dev: bool,
    key_file: Path | None,
    interval: float | None,
    manual: bool,
    verbose: bool,
) -> None:
    """Run the ledger of a data folder and serve it over JSON-RPC until SIGTERM."""
    follow_supervisor()
    import logging

    from chain.errors import LedgerError
    from chain.node import run_node
    from chain.producer import Mode, Pace

    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(message)s")
    if manual and not dev:
        raise click.UsageError("--manual needs --dev: without it nothing could tell the node to make a block")
    mode = Mode.MANUAL if manual else Mode.ON_DEMAND if interval is None else Mode.INTERVAL
    try:
        run_node(
            data=data,
            genesis_file=genesis,
            port=port,
            host=host,
            dev=dev,
            key_file=key_file,
            pace=Pace(mode, interval or 1.0),
            ready=lambda line: click.echo(line, err=True),
        )
    except LedgerError as error:
        click.echo(f"tally node: {error}", err=True)
        raise SystemExit(EXIT_CANNOT_START) from error
