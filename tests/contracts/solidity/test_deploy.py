"""`tally deploy` against a real node: once, whatever is killed in between."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.access import bypasses, picture_at
from contracts.clients.address_book import AddressBook
from contracts.clients.errors import LedgerUnavailable
from contracts.clients.rpc import Rpc
from contracts.compile import ROOT
from contracts.deployment import Accounts, AccountsMissing, Terms, deploy
from contracts.deployment.roles import QUORUM, SIGNER_COUNT
from contracts.keys import DEVNET_CHAIN_ID
from scripts.workbench.engines import PY_EVM, start_engine
from scripts.workbench.system import CAPITAL_MINOR, FIRST_DAY, WorkbenchExecutor, noon

TALLY = Path(sys.executable).with_name("tally")
GENESIS = ROOT / "hardhat-free-devnet" / "genesis.json"
START_SECONDS = 30.0
KILLS = (1.2, 1.8, 2.4, 3.0, 3.6)
"""Seconds after its start at which successive runs are killed; each goes a little further."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def node(tmp_path: Path) -> Iterator[str]:
    port = _free_port()
    arguments = [f"{TALLY}", "node", "--data", f"{tmp_path / 'node'}", "--genesis", f"{GENESIS}", "--dev"]
    arguments += ["--port", f"{port}"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    _await(url)
    yield url
    process.kill()
    process.wait()


def _await(url: str) -> None:
    rpc, deadline = Rpc(url), time.monotonic() + START_SECONDS
    while True:
        try:
            rpc.request("eth_chainId")
            return
        except LedgerUnavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _command(url: str, out: Path) -> list[str]:
    return [str(TALLY), "deploy", "--rpc", url, "--out", str(out), "--json"]


def _run(url: str, out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(url, out), capture_output=True, text=True, check=False, timeout=120)


def _kill_after(url: str, out: Path, seconds: float) -> None:
    process = subprocess.Popen(_command(url, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Counted(WorkbenchExecutor):
    """Counts what the deployer does."""

    acts = 0

    def create(self, act_id: str, code: bytes) -> str:
        self.acts += 1
        return super().create(act_id, code)

    def call(self, act_id: str, to: str, data: bytes) -> None:
        self.acts += 1
        super().call(act_id, to, data)


def _acts_of_deployer() -> int:
    accounts = Accounts.load(None, DEVNET_CHAIN_ID)
    executor = _Counted(start_engine(PY_EVM, DEVNET_CHAIN_ID, noon(FIRST_DAY)), accounts.treasurer)
    deploy(executor, Terms(accounts, CAPITAL_MINOR))
    return executor.acts


def _nonce(url: str, address: str) -> int:
    return int(Rpc(url).request("eth_getTransactionCount", address, "latest"), 16)


@pytest.mark.processes
def test_a_deployment_killed_again_and_again_ends_as_one(node: str, tmp_path: Path) -> None:
    out = tmp_path / "addresses.json"
    for seconds in KILLS:
        _kill_after(node, out, seconds)
    done = _run(node, out)
    assert done.returncode == 0, done.stderr
    book = AddressBook.load(out)
    assert json.loads(done.stdout)["contracts"] == book.contracts
    deployer = json.loads((ROOT / "hardhat-free-devnet" / "keys.json").read_text())["keys"]["deployer"]["address"]
    acts = _acts_of_deployer()
    assert _nonce(node, deployer) == acts
    assert bypasses(picture_at(Rpc(node))) == []
    again = _run(node, out)
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert _nonce(node, deployer) == acts


@pytest.mark.processes
def test_an_address_book_of_another_ledger_is_refused(node: str, tmp_path: Path) -> None:
    out = tmp_path / "addresses.json"
    assert _run(node, out).returncode == 0
    document = json.loads(out.read_text())
    swapped = document["contracts"] | {"LoanBook": document["contracts"]["CashToken"]}
    out.write_text(json.dumps(document | {"contracts": swapped}))
    refused = _run(node, out)
    assert refused.returncode == 1
    assert "LoanBook" in refused.stderr
    out.write_text(json.dumps(document | {"chain_id": 1}))
    assert "chain 1" in _run(node, out).stderr


def test_a_ledger_that_is_away_is_told(tmp_path: Path) -> None:
    refused = _run(f"http://127.0.0.1:{_free_port()}", tmp_path / "addresses.json")
    assert refused.returncode == 1
    assert "is not available" in refused.stderr
    assert not (tmp_path / "addresses.json").exists()


def test_off_the_devnet_every_account_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(AccountsMissing):
        Accounts.load(None, 1)
    file = tmp_path / "accounts.json"
    names = ("governor", "guardian", "registrar", "rails", "risk", "underwriter", "treasurer")
    signers = [f"signer-{index}" for index in range(1, SIGNER_COUNT + 1)]
    file.write_text(json.dumps(dict.fromkeys((*names, *signers[:QUORUM]), "0x" + "12" * 20)))
    with pytest.raises(AccountsMissing, match="signer-4"):
        Accounts.load(file, 1)
