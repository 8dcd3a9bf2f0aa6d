"""Both engines of the workbench, each started once."""

from collections.abc import Iterator

import pytest

from scripts.workbench.anvil import AnvilEvm
from scripts.workbench.engines import ANVIL, PY_EVM
from scripts.workbench.evm import Evm
from scripts.workbench.pyevm import PyEvm

CHAIN_ID = 1_337_421
START = 1_770_000_000


@pytest.fixture(scope="package")
def anvil() -> Iterator[AnvilEvm]:
    engine = AnvilEvm(CHAIN_ID, START)
    yield engine
    engine.close()


@pytest.fixture(scope="package")
def py_evm() -> PyEvm:
    return PyEvm(CHAIN_ID, START)


@pytest.fixture(params=[PY_EVM, ANVIL])
def evm(request: pytest.FixtureRequest, anvil: AnvilEvm, py_evm: PyEvm) -> Iterator[Evm]:
    """Each engine in turn, as it was at its start."""
    engine: Evm = {PY_EVM: py_evm, ANVIL: anvil}[request.param]
    fresh = engine.snapshot()
    yield engine
    engine.restore(fresh)
