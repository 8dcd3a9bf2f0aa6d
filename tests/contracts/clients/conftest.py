"""A real node with a real deployment, shared by the tests of the clients."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from contracts.clients import AddressBook, Ledger
from tests.chain.support import ROOT, NodeProcess

DEPLOY_SECONDS = 120


@pytest.fixture(scope="package")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[NodeProcess, AddressBook]]:
    folder = tmp_path_factory.mktemp("ledger")
    node = NodeProcess(folder / "node", "--dev").wait_ready()
    out = folder / "addresses.json"
    words = ("-m", "scripts.tally", "deploy", "--rpc", node.url, "--out", str(out))
    subprocess.run([sys.executable, *words], check=True, timeout=DEPLOY_SECONDS, cwd=ROOT)
    yield node, AddressBook.load(out)
    node.stop()


@pytest.fixture
def node(deployed: tuple[NodeProcess, AddressBook]) -> NodeProcess:
    return deployed[0]


@pytest.fixture
def ledger(deployed: tuple[NodeProcess, AddressBook]) -> Ledger:
    node, book = deployed
    return Ledger(node.url, book)
