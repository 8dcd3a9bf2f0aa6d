"""`tally <command>`: find the file of the command and hand over."""

from importlib import import_module

import click

COMMANDS = {
    "up": "chain, oracle signers, API and phone app on one machine, one data folder",
    "demo": "real applicants from application to last instalment, then an audit",
    "node": "the ledger alone",
    "oracle": "signers, publisher, model training",
    "api": "the facade and its worker",
    "deploy": "deploy the contracts to any JSON-RPC URL, write the address book",
    "roles": "who may do what at a block, from the ledger alone",
    "export": "write genesis.json, chain.rlp and seals",
    "schedule": "terms (JSON) -> rows, totals, rates; check files of others' figures",
    "audit": "replay and verify an export",
    "bench": "measure, and say against what",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are called, so that `tally --help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"scripts.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup)
@click.version_option(package_name="tallystick", prog_name="tally")
def main() -> None:
    """Tallystick: a loan ledger on which both sides sign the same schedule and anyone may re-run every cent."""


if __name__ == "__main__":
    main()
