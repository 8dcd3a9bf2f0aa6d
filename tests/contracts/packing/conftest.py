"""A deployed system of its own on the fast EVM, on which everything is sold: 480 rows take seconds on py-evm."""

import pytest

from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System, noon
from tests.contracts.differential.fast_evm import FastEvm
from tests.contracts.solidity.conftest import open_handed, ready

__all__ = ["open_handed", "ready"]


@pytest.fixture(scope="session")
def deployed() -> tuple[System, Snapshot]:
    system = System.on(FastEvm(noon(FIRST_DAY)))
    return system, system.evm.snapshot()
