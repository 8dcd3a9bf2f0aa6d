"""`tally deploy`: bring the contracts to a ledger, once, however often it is started or killed."""

import json
from pathlib import Path
from typing import Any

import click

DEVNET_CAPITAL_MINOR = 1_000_000_000


@click.command("deploy")
@click.option("--rpc", "url", required=True, help="JSON-RPC of the ledger.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Address book to write.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the durable sender [default: beside --out].")
@click.option("--key-file", type=click.Path(path_type=Path), help="Deployer's key [default: the public devnet key].")
@click.option("--treasurer-key-file", type=click.Path(path_type=Path), help="Key that deposits the opening capital.")
@click.option("--accounts", type=click.Path(path_type=Path), help="JSON of role -> address [default: devnet's].")
@click.option("--capital-minor", type=click.IntRange(min=0), help="Opening capital [default: devnet 10,000,000.00].")
@click.option("--json", "as_json", is_flag=True, help="Print the address book on stdout.")
def command(
    url: str,
    out: Path,
    data: Path | None,
    key_file: Path | None,
    treasurer_key_file: Path | None,
    accounts: Path | None,
    capital_minor: int | None,
    as_json: bool,
) -> None:
    """Deploy the contracts, hand their roles over, fund the pool, and write the address book.

    Run again it goes on where it stopped; with an address book it checks that the contracts stand.
    """
    try:
        book = _book(url, out, data, (key_file, treasurer_key_file), accounts, capital_minor)
    except _refusals() as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if as_json:
        document = {"chain_id": book.chain_id, "block": book.block, "contracts": dict(book.contracts)}
        click.echo(json.dumps(document, indent=2))


def _refusals() -> tuple[type[Exception], ...]:
    from contracts.artifacts import ArtifactsMissing
    from contracts.clients.address_book import UnreadableAddressBook
    from contracts.clients.errors import LedgerUnavailable, WrongChain
    from contracts.deployment import AccountsMissing, DeployerIsGovernor
    from contracts.deployment.executor import DeploymentFailed, NotDeployedHere
    from contracts.keys import PublicKeyRefused, UnknownRole, UnreadableKeyFile
    from contracts.sender import ActConflict, DamagedDatabase, OutcomeTimeout

    ledger = (LedgerUnavailable, WrongChain, OutcomeTimeout, ActConflict, DamagedDatabase)
    keys = (AccountsMissing, DeployerIsGovernor, PublicKeyRefused, UnknownRole, UnreadableKeyFile)
    return (*ledger, *keys, ArtifactsMissing, DeploymentFailed, NotDeployedHere, UnreadableAddressBook)


def _book(
    url: str,
    out: Path,
    data: Path | None,
    keys: tuple[Path | None, Path | None],
    accounts: Path | None,
    capital_minor: int | None,
) -> Any:
    from contracts.clients.address_book import AddressBook
    from contracts.clients.rpc import Rpc
    from contracts.deployment.executor import verify

    rpc = Rpc(url)
    try:
        if not out.exists():
            _deploy(rpc, out, data or out.parent / "deploy", keys, accounts, capital_minor)
        book = AddressBook.load(out)
        verify(rpc, book)
    finally:
        rpc.close()
    click.echo(f"contracts stand as {out} says", err=True)
    return book


def _deploy(
    rpc: Any,
    out: Path,
    data: Path,
    keys: tuple[Path | None, Path | None],
    accounts: Path | None,
    capital_minor: int | None,
) -> None:
    from contracts.deployment import Accounts, Terms
    from contracts.deployment.executor import SenderExecutor, deploy_with
    from contracts.keys import DEVNET_CHAIN_ID, load_key
    from contracts.sender import Sender, durable_engine

    chain_id = int(rpc.request("eth_chainId"), 16)
    if capital_minor is None:
        capital_minor = DEVNET_CAPITAL_MINOR if chain_id == DEVNET_CHAIN_ID else 0
    terms = Terms(Accounts.load(accounts, chain_id), capital_minor)
    for folder in (data, out.parent):
        folder.mkdir(parents=True, exist_ok=True)
    engine = durable_engine(f"sqlite:///{data / 'sender.db'}")
    deployer = Sender(engine, load_key("deployer", keys[0], chain_id), rpc)
    treasurer = Sender(engine, load_key("treasurer", keys[1], chain_id), rpc) if capital_minor else deployer
    executor = SenderExecutor(deployer, treasurer, lambda act: click.echo(act, err=True))
    deploy_with(executor, chain_id, terms).save(out)
    engine.dispose()
