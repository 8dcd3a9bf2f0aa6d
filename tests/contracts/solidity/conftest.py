"""One deployed system for all tests of a run; each test starts from its state after deployment.

TALLY_ENGINE=anvil runs the same tests on anvil: those that need an engine, and of them an even choice of at most
TALLY_ENGINE_TESTS when that is set.
"""

import os
from pathlib import Path

import pytest

from scripts.workbench.engines import PY_EVM, chosen_engine
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System

EVERYTHING = bytes(31) + b"\x02"
"""A product that is sold in every shape and size that a LoanBook can carry out."""
CAPS = {
    "maxRatePpm": 2**24 - 1,
    "maxUpfrontFeePpm": 1_000_000,
    "maxPenaltyRatePpm": 2**24 - 1,
    "maxPenaltyDays": 2**16 - 1,
    "maxLateFeeMinor": 2**32 - 1,
    "maxTotalCostPpm": 2**24 - 1,
    "maxPeriods": 480,
    "maxPrincipalMinor": 2**44 - 1,
    "minKycLevel": 1,
    "active": True,
    "methods": 0x7F,
    "maxTermDays": 2**16 - 1,
}
START = FIRST_DAY + 1
"""The day on which EVERYTHING is sold: setting a product takes a day."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another engine, leave out what never meets it, and of the rest all but every n-th."""
    if chosen_engine() == PY_EVM:
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    engine = [item for item in here if "deployed" in getattr(item, "fixturenames", ())]
    step = -(-len(engine) // int(os.environ.get("TALLY_ENGINE_TESTS", len(engine) or 1)))
    kept = set(engine[::step]) | (set(items) - set(here))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.fixture(scope="session")
def deployed() -> tuple[System, Snapshot]:
    system = System.start(chosen_engine())
    return system, system.evm.snapshot()


@pytest.fixture(scope="session")
def open_handed(deployed: tuple[System, Snapshot]) -> Snapshot:
    """The state in which everything that a LoanBook can carry out is sold, and there is cash for it."""
    system, fresh = deployed
    system.evm.restore(fresh)
    system.people.clear()
    system.offer(EVERYTHING, CAPS)
    system.mint(system.contracts["LendingPool"], 2**45)
    system.publish(system.person().subject, limit_minor=2**44 - 1)
    system.mint(system.person().subject, 2**50)
    return system.evm.snapshot()


@pytest.fixture
def ready(system: System, open_handed: Snapshot) -> System:
    system.evm.restore(open_handed)
    return system
