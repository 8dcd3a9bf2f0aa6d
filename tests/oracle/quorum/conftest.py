"""One panel of real processes for all quorum tests; each test begins with everything running."""

from collections.abc import Iterator

import pytest

from scripts.system.plan import SIGNERS
from tests.oracle.quorum.panel import Panel


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    panel = Panel.begin(tmp_path_factory.mktemp("panel"))
    yield panel
    panel.end()


@pytest.fixture
def panel(running: Panel) -> Iterator[Panel]:
    running.await_signers()
    yield running
    for index in range(1, SIGNERS + 1):
        if f"signer-{index}" not in running.running:
            running.start_signer(index, wait=False)
