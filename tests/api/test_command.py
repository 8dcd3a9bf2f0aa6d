"""`tally api`: what is told on the command line, by the environment, or not at all."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import scripts.api
from api.kit.settings import Settings


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings that each command arrives at, in place of serving."""
    seen: list[Settings] = []
    monkeypatch.setattr(scripts.api, "_serve", lambda given, *_: seen.append(scripts.api._settings(given)))
    return seen


def run(*arguments: str, env: dict[str, Any] | None = None) -> Any:
    return CliRunner().invoke(scripts.api.command, arguments, env=env or {})


def test_every_option_is_also_an_environment_variable(told: list[Settings]) -> None:
    env = {
        "DATA": "/d",
        "ADDRESSES": "/a.json",
        "RPC": "http://r",
        "PUBLISHER": "http://p",
    }
    assert run("serve", env={f"TALLY_API_{name}": value for name, value in env.items()}).exit_code == 0
    (found,) = told
    assert (str(found.data), str(found.addresses), found.rpc, found.publisher) == (
        "/d",
        "/a.json",
        "http://r",
        "http://p",
    )
    assert found.database == "sqlite:////d/api.db"


def test_the_command_line_wins_and_what_nobody_told_has_a_default(told: list[Settings]) -> None:
    assert run("--data", "/line", env={"TALLY_API_DATA": "/environment"}).exit_code == 0
    assert (told[0].data, told[0].addresses) == (Path("/line"), Path("data/addresses.json"))


def test_options_before_a_subcommand_count_and_those_after_it_win(told: list[Settings]) -> None:
    assert run("--data", "/before", "--rpc", "http://before", "serve", "--rpc", "http://after").exit_code == 0
    assert (told[0].data, told[0].rpc) == (Path("/before"), "http://after")


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_that_cannot_start_says_why_in_one_line(tmp_path: Path, command: str) -> None:
    missing = tmp_path / "addresses.json"
    options = ("--data", str(tmp_path / "api"), "--addresses", str(missing))
    started = (sys.executable, "-m", "scripts.tally", "api", command, *options)
    ended = subprocess.run(started, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [f"Error: address book {missing}: No such file or directory"]
