"""`tally` lists its commands at once and hands over to each."""

import pytest
from click.testing import CliRunner

from scripts.tally import COMMANDS, main


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith("Usage:")


def test_an_unknown_command_is_refused_by_name() -> None:
    shown = CliRunner().invoke(main, ["lend"])
    assert shown.exit_code == 2
    assert "lend" in shown.output
