"""A real node for the sender's tests; each test has its own key and database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from eth_account import Account

from contracts.clients import Rpc
from contracts.sender import Sender, durable_engine
from tests.chain.support import NodeProcess

NewSender = Callable[[str], Sender]


@pytest.fixture(scope="package")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    running = NodeProcess(tmp_path_factory.mktemp("node"), "--dev").wait_ready()
    yield running
    running.stop()


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'sender.db'}"


@pytest.fixture
def sender(node: NodeProcess, database: str) -> Sender:
    return Sender(durable_engine(database), Account.create(), Rpc(node.url), resend_seconds=0.2)
