"""One deployed system on the fast EVM; each test starts from its state after deployment."""

import pytest

from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System, noon
from tests.contracts.differential.fast_evm import FastEvm


@pytest.fixture(scope="session")
def deployed() -> tuple[System, Snapshot]:
    system = System.on(FastEvm(noon(FIRST_DAY)))
    return system, system.evm.snapshot()
