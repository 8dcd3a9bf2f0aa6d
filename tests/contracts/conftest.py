"""What tests of contracts share. No deadline for a single random example, since machines are shared."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from hypothesis import settings

from contracts.clients.errors import ContractError
from scripts.workbench.evm import Snapshot
from scripts.workbench.system import System

settings.register_profile("contracts", deadline=None, max_examples=60)
settings.load_profile("contracts")

Refused = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def system(deployed: tuple[System, Snapshot]) -> System:
    """The system of the folder's `deployed`, as it stood after its deployment."""
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
