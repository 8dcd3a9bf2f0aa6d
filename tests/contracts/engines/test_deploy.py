"""`tally deploy` brings the contracts to anvil over JSON-RPC, as to any other ledger."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.clients import AddressBook, Ledger
from contracts.keys import DEVNET_CHAIN_ID
from scripts.deploy import DEVNET_CAPITAL_MINOR
from scripts.workbench.anvil import AnvilProcess
from tests.chain.support import ROOT

DEPLOY_SECONDS = 120


@pytest.fixture
def ledger() -> Iterator[AnvilProcess]:
    with AnvilProcess(DEVNET_CHAIN_ID) as process:
        yield process


def _deploy(url: str, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.tally", "deploy", "--rpc", url, "--out", str(out), "--json"]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=DEPLOY_SECONDS, cwd=ROOT)


@pytest.mark.processes
def test_the_deploy_command_deploys_to_anvil_and_checks_what_stands_there(ledger: AnvilProcess, tmp_path: Path) -> None:
    out = tmp_path / "addresses.json"
    deployed = _deploy(ledger.url, out)
    assert deployed.returncode == 0, deployed.stderr
    contracts = json.loads(deployed.stdout)["contracts"]
    cash = Ledger(ledger.url, AddressBook.load(out)).cash_token
    assert cash.balance_of(contracts["LendingPool"]) == DEVNET_CAPITAL_MINOR
    again = _deploy(ledger.url, out)
    assert (again.returncode, again.stdout) == (0, deployed.stdout)
    ledger.rpc.request("anvil_setCode", contracts["LoanBook"], "0x00")
    refused = _deploy(ledger.url, out)
    assert refused.returncode == 1
    assert "LoanBook" in refused.stderr
