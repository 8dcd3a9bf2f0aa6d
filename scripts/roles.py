"""`tally roles`: who may do what at a block, answered from the ledger alone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Column

    from contracts.access import Answer, Bypass, Holder, Picture, Role

DAY_SECONDS = 86_400
LEAST_WIDTH = 150
"""An address is never cut: it must be possible to copy it."""


@click.command("roles")
@click.option("--rpc", "url", default="http://127.0.0.1:8545", show_default=True, help="JSON-RPC of the ledger.")
@click.option("--at", "block", type=click.IntRange(min=0), help="Block at whose end to look [default: the latest].")
@click.option("--function", help="Who may call one function, for example LoanBook.setProduct.")
@click.option("--check", is_flag=True, help="Exit 1 if one key alone could change policy and get round its delay.")
@click.option("--manager", help="Address of the AccessManager [default: the first on the ledger].")
@click.option("--addresses", type=click.Path(path_type=Path), help="Address book that names the AccessManager.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")
def command(
    url: str,
    block: int | None,
    function: str | None,
    check: bool,
    manager: str | None,
    addresses: Path | None,
    as_json: bool,
) -> None:
    """Roles, holders, delays, guardians and announced acts at the end of a block, from AccessManager's events.

    Works against any engine and needs no address book: the code at an address says which contract it is.
    """
    from contracts.access import UnknownFunction, bypasses, who_may

    picture = _picture(url, block, manager, addresses)
    if function is not None:
        try:
            answers = who_may(picture, function)
        except UnknownFunction as unknown:
            raise click.ClickException(str(unknown)) from unknown
        _tell_answers(picture, answers, function, as_json)
        return
    found = bypasses(picture)
    if as_json:
        _print_json(picture, found)
    else:
        _print(picture, found, check)
    raise SystemExit(1 if check and found else 0)


def _picture(url: str, block: int | None, manager: str | None, addresses: Path | None) -> "Picture":
    from contracts.access import NoAccessManager, NotAnAccessManager, picture_at
    from contracts.artifacts import ArtifactsMissing
    from contracts.clients import AddressBook, LedgerUnavailable, RpcError, UnknownBlock, UnreadableAddressBook
    from contracts.clients.rpc import Rpc

    ledger = (LedgerUnavailable, RpcError, UnknownBlock, NoAccessManager, NotAnAccessManager)
    try:
        if addresses is not None:
            manager = AddressBook.load(addresses).contracts["AccessManager"]
        return picture_at(Rpc(url), block, manager)
    except (*ledger, ArtifactsMissing, UnreadableAddressBook) as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _print_json(picture: "Picture", found: list["Bypass"]) -> None:
    from dataclasses import asdict

    click.echo(json.dumps(asdict(picture) | {"bypasses": [asdict(each) for each in found]}, indent=1))


def _tell_answers(picture: "Picture", answers: list["Answer"], function: str, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        document = {"block": picture.block, "timestamp": picture.timestamp, "function": function}
        click.echo(json.dumps(document | {"may": [asdict(answer) for answer in answers]}, indent=1))
        return
    from rich.table import Table

    title = f"{function} at {_moment(picture)}"
    table = Table(_whole("who"), "in role", "waits", "when", title=title, title_justify="left")
    for answer in answers:
        table.add_row(_who(picture, answer.account), answer.role, duration(answer.delay_seconds), answer.condition)
    _console().print(table if answers else f"{title}: nobody")


def _print(picture: "Picture", found: list["Bypass"], check: bool) -> None:
    console = _console()
    console.print(_roles_table(picture))
    closed = [target.contract for target in picture.targets if target.closed]
    if closed:
        console.print(f"[bold]Closed[/bold], so that no role opens anything: {', '.join(closed)}", highlight=False)
    if picture.operations:
        console.print(_operations_table(picture))
    else:
        console.print("No act is announced and still to be carried out.")
    if check:
        for each in found:
            console.print(f"[red bold]one key[/red bold] {each}", highlight=False)
        if not found:
            console.print("No single key can both change policy and get round its delay.")


def _roles_table(picture: "Picture") -> Any:
    from rich.table import Table

    from contracts.access.journal import GUARDIAN_ROLE

    columns = ("role", _whole("held by"), "waits", "opens", "handed out by", "cancelled by")
    table = Table(*columns, title=f"Roles at {_moment(picture)}", title_justify="left", show_lines=True)
    for role in picture.roles:
        holders = "\n".join(_held_by(picture, role)) or _held_by_none(role.role)
        waits = "\n".join(_waits(role))
        opens = "\n".join(f"{each.contract}.{each.function.partition('(')[0]}" for each in role.opens)
        admin = picture.role(role.admin).name + _after(role.grant_delay_seconds)
        guardians = ", ".join(dict.fromkeys(picture.role(each).name for each in (role.guardian, GUARDIAN_ROLE)))
        table.add_row(f"{role.role} {role.name}", holders, waits, opens or _inherent(role.role), admin, guardians)
    return table


def _whole(header: str) -> "Column":
    """A column of addresses, none of them cut or broken."""
    from rich.table import Column

    return Column(header, no_wrap=True)


def _after(grant_delay_seconds: int) -> str:
    return f", after {duration(grant_delay_seconds)}" if grant_delay_seconds else ""


def _inherent(role: int) -> str:
    return "roles and their wiring; what no role was given" if role == 0 else ""


def _held_by_none(role: int) -> str:
    from contracts.access.journal import PUBLIC_ROLE
    from contracts.access.picture import EVERYBODY

    return EVERYBODY if role == PUBLIC_ROLE else "nobody"


def _held_by(picture: "Picture", role: "Role") -> list[str]:
    later = "" if all(holder.since <= picture.timestamp for holder in role.holders) else " (from {})"
    return [
        _who(picture, holder.account)
        + (later.format(_instant(holder.since)) if holder.since > picture.timestamp else "")
        + " (suspended)" * holder.suspended
        for holder in role.holders
    ]


def _waits(role: "Role") -> list[str]:
    return [duration(holder.delay_seconds) + _then(holder) for holder in role.holders]


def _then(holder: "Holder") -> str:
    if holder.pending_delay_seconds is None:
        return ""
    return f" ({duration(holder.pending_delay_seconds)} from {_instant(holder.pending_from or 0)})"


def _operations_table(picture: "Picture") -> Any:
    from rich.table import Table

    table = Table(
        "act", _whole("announced by"), "in block", "from", "until", "is", title="Announced", title_justify="left"
    )
    for each in picture.operations:
        when = (str(each.announced_in_block), _instant(each.earliest), _instant(each.expires), each.state.value)
        table.add_row(f"{each.contract}.{each.call}", _who(picture, each.caller), *when)
    return table


def _who(picture: "Picture", account: str) -> str:
    """The address; on the devnet with the name of its public key, and a contract under the manager by its name."""
    from contracts.keys import DEVNET_CHAIN_ID, public_roles

    names = {target.address: target.contract for target in picture.targets}
    if picture.chain_id == DEVNET_CHAIN_ID:
        names |= public_roles()
    return f"{account} {names[account]}" if account in names else account


def duration(seconds: int) -> str:
    """Seconds as a person says them: "7 days", "90 s", "at once"."""
    if not seconds:
        return "at once"
    if seconds % DAY_SECONDS == 0:
        days = seconds // DAY_SECONDS
        return f"{days} day{'s' * (days > 1)}"
    return f"{seconds} s"


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _moment(picture: "Picture") -> str:
    return f"block {picture.block} ({_instant(picture.timestamp)} UTC)"


def _console() -> "Console":
    from rich.console import Console

    console = Console()
    console.width = max(console.width, LEAST_WIDTH)
    return console
