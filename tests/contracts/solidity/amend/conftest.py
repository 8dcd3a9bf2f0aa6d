"""Amendments take many acts: their system is on the fast EVM unless another engine is asked for."""

import pytest

from scripts.workbench.engines import PY_EVM, chosen_engine
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System, noon
from tests.contracts.differential.fast_evm import FastEvm


@pytest.fixture(scope="package")
def fast() -> tuple[System, Snapshot]:
    system = System.on(FastEvm(noon(FIRST_DAY)))
    return system, system.evm.snapshot()


@pytest.fixture(scope="package")
def deployed(fast: tuple[System, Snapshot]) -> tuple[System, Snapshot]:
    if chosen_engine() == PY_EVM:
        return fast
    system = System.start(chosen_engine())
    return system, system.evm.snapshot()


@pytest.fixture
def loan(system: System) -> bytes:
    """Of 1,000,000 at 12 % over twelve months, the first due on DUE."""
    return system.lend()
