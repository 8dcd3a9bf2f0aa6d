"""One deployed system for all tests of a run; each test starts from its state after deployment."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from contracts.clients.errors import ContractError
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System

Refused = Callable[..., AbstractContextManager[None]]
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


@pytest.fixture(scope="session")
def deployed() -> tuple[System, Snapshot]:
    system = System.start()
    return system, system.evm.snapshot()


@pytest.fixture
def system(deployed: tuple[System, Snapshot]) -> System:
    fresh, snapshot = deployed
    fresh.evm.restore(snapshot)
    fresh.people.clear()
    return fresh


@pytest.fixture
def refused() -> Refused:
    """`with refused("Overpayment", owed_minor=5): ...` expects this custom error with these values."""

    @contextmanager
    def expect(name: str, **values: Any) -> Iterator[None]:
        with pytest.raises(ContractError) as caught:
            yield
        assert caught.value.name == name, caught.value
        assert {key: caught.value.values.get(key) for key in values} == values

    return expect


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
