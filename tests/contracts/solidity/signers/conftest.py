"""A subject with its first key."""

import pytest
from eth_account.signers.local import LocalAccount

from scripts.workbench.system import System
from tests.contracts.solidity.signers.registry import Registry


@pytest.fixture
def registry(system: System) -> Registry:
    return Registry(system, system.person())


@pytest.fixture
def own(registry: Registry) -> LocalAccount:
    """The subject's first key."""
    return registry.person.key
