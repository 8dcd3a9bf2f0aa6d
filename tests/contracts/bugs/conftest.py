"""One deployed system on the fast EVM; each test starts from its state after deployment."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from contracts.clients.errors import ContractError
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import FIRST_DAY, System, noon
from tests.contracts.differential.fast_evm import FastEvm

Refused = Callable[..., AbstractContextManager[None]]


@pytest.fixture(scope="session")
def deployed() -> tuple[System, Snapshot]:
    system = System.on(FastEvm(noon(FIRST_DAY)))
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
