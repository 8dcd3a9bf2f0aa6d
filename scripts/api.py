"""`tally api`: the facade; `tally api worker`: what works behind it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from scripts.process import follow_supervisor

if TYPE_CHECKING:
    from api.kit.settings import Settings

OPTIONS = (
    click.option("--data", type=click.Path(path_type=Path), help="data folder  [default: data/api]"),
    click.option("--rpc", help="the ledger's JSON-RPC  [default: http://127.0.0.1:8545]"),
    click.option("--addresses", type=click.Path(path_type=Path), help="address book  [default: data/addresses.json]"),
    click.option("--publisher", help="the oracle's publisher  [default: http://127.0.0.1:8600]"),
    click.option("--vault-key-file", type=click.Path(path_type=Path), help="32 bytes as hex, mode 600"),
    click.option("--relayer-key-file", type=click.Path(path_type=Path)),
    click.option("--registrar-key-file", type=click.Path(path_type=Path)),
    click.option("--underwriter-key-file", type=click.Path(path_type=Path)),
)


def options(command: Any) -> Any:
    """The options that API and worker share."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group("api", invoke_without_command=True)
@options
@click.option("--host", default="127.0.0.1", help="where to listen")
@click.option("--port", default=8000, help="where to listen")
@click.pass_context
def command(context: click.Context, /, host: str, port: int, **given: Any) -> None:
    """Serve the HTTP API and the phone app."""
    context.obj = given
    if context.invoked_subcommand is None:
        _serve(given, host, port)


@command.command()
@options
@click.option("--host", default="127.0.0.1", help="where to listen")
@click.option("--port", default=8000, help="where to listen")
@click.pass_obj
def serve(before: dict[str, Any], /, host: str, port: int, **given: Any) -> None:
    """The same as `tally api` alone."""
    _serve(_merged(before, given), host, port)


@command.command()
@options
@click.pass_obj
def worker(before: dict[str, Any], /, **given: Any) -> None:
    """Relay acts, take decisions over, make offers, keep the read model and the arrears."""
    from api.kit.logs import configure_logs
    from api.worker.worker import Worker

    follow_supervisor()
    configure_logs()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _refusals():
        made = Worker(_settings(_merged(before, given)))
    made.run(stop)


def _serve(given: dict[str, Any], host: str, port: int) -> None:
    import uvicorn

    from api.kit.app import create_app
    from api.kit.logs import configure_logs
    from api.kit.migrate import migrate

    follow_supervisor()
    configure_logs()
    with _refusals():
        settings = _settings(given)
        app = create_app(settings)
        migrate(settings.database, settings.data)
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning")


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in one line why a process does not start."""
    from api.vault.errors import VaultError
    from contracts.clients import UnreadableAddressBook
    from contracts.keys import PublicKeyRefused, UnknownRole, UnreadableKeyFile
    from contracts.sender import DamagedDatabase

    keys = (PublicKeyRefused, UnknownRole, UnreadableKeyFile)
    try:
        yield
    except (VaultError, UnreadableAddressBook, DamagedDatabase, *keys) as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _merged(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Options count before the subcommand's name and after it; those after win."""
    return {name: before.get(name) if value is None else value for name, value in given.items()}


def _settings(given: dict[str, Any]) -> "Settings":
    """Options that were not given are left to the environment and the defaults."""
    from api.kit.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})
