"""`tally export`: write the ledger as files that anyone can check."""

import json
from pathlib import Path

import click

BLOCKS_PER_LINE = 1_000


@click.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="data folder of the node")
@click.option("--rpc", help="JSON-RPC address of the node, instead of --data")
@click.option("--json", "as_json", is_flag=True, help="print the manifest as JSON")
def command(target: Path, data: Path | None, rpc: str | None, as_json: bool) -> None:
    """Write genesis.json, chain.rlp, receipts.rlp, seals.jsonl and manifest.json into TARGET.

    The node may be running. An earlier export in TARGET is replaced, in one step.
    """
    from chain.errors import LedgerError
    from chain.export.source import RpcSource, store_source
    from chain.export.write import write_export

    if (data is None) == (rpc is None):
        raise click.UsageError("give either --data or --rpc")
    try:
        if data is not None:
            with store_source(data) as source:
                manifest = write_export(source, target, _progress)
        else:
            manifest = write_export(RpcSource(str(rpc)), target, _progress)
    except LedgerError as error:
        click.echo(f"tally export: {error}", err=True)
        raise SystemExit(1) from error
    click.echo(f"{target}: blocks 0 to {manifest.head_number}, {manifest.transactions} transactions", err=True)
    if as_json:
        click.echo(json.dumps(json.loads(manifest.encoded()), indent=2))


def _progress(done: int, total: int) -> None:
    if done and done % BLOCKS_PER_LINE == 0:
        click.echo(f"block {done} of {total}", err=True)
