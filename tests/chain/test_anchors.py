"""The audit says whose ledger it found, and refuses another's when it is told whose it must be."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scripts.audit import command
from tests.chain.support import exported, grow, open_ledger


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("anchors")
    with open_ledger(folder / "node") as ledger:
        grow(ledger)
    return exported(folder / "node", folder / "export")


def audit(folder: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(command, [str(folder), "--json", *options])
    checks: list[dict[str, Any]] = json.loads(done.stdout)["checks"] if done.stdout.startswith("{") else []
    return done.exit_code, checks


@pytest.mark.parametrize(("option", "value"), [("--sealer", "0x" + "11" * 20), ("--genesis", "0x" + "22" * 32)])
def test_another_operators_export_is_refused(export: Any, option: str, value: str) -> None:
    status, checks = audit(export.folder, option, value)
    assert status == 1
    assert (checks[-1]["name"], checks[-1]["passed"]) == ("whose ledger", False)
    assert value in checks[-1]["detail"]


def test_the_report_names_what_it_trusted(export: Any) -> None:
    said = export.manifest
    sealer = "0x" + said.sealer[2:].upper()
    _, checks = audit(export.folder, "--sealer", sealer, "--genesis", said.genesis_hash)
    whose = next(check for check in checks if check["name"] == "whose ledger")
    assert whose["passed"]
    assert (whose["sealer"], whose["genesis_hash"]) == (said.sealer, said.genesis_hash)
    assert whose["detail"].count("as you expect") == 2
    _, checks = audit(export.folder)
    assert "anybody can seal with it" in next(check for check in checks if check["name"] == "whose ledger")["detail"]


@pytest.mark.parametrize("value", ["0x12", "sealer", "0x" + "zz" * 20])
def test_an_anchor_must_be_hex_of_its_length(export: Any, value: str) -> None:
    assert audit(export.folder, "--sealer", value) == (2, [])
