"""Which engine the workbench runs on: py-evm, or what the environment variable TALLY_ENGINE names."""

import os

from scripts.workbench.evm import Evm

VARIABLE = "TALLY_ENGINE"
PY_EVM, ANVIL = "py-evm", "anvil"


class UnknownEngine(Exception):
    """TALLY_ENGINE names no engine."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{VARIABLE}={name}: the engines are {PY_EVM} and {ANVIL}")
        self.name = name


def chosen_engine() -> str:
    """The engine that the environment names. Raises UnknownEngine."""
    name = os.environ.get(VARIABLE, PY_EVM)
    if name not in (PY_EVM, ANVIL):
        raise UnknownEngine(name)
    return name


def start_engine(name: str, chain_id: int, timestamp: int) -> Evm:
    """A fresh ledger on this engine, whose first transaction happens at `timestamp`. Raises UnknownEngine."""
    if name == ANVIL:
        from scripts.workbench.anvil import AnvilEvm

        return AnvilEvm(chain_id, timestamp)
    if name == PY_EVM:
        from scripts.workbench.pyevm import PyEvm

        return PyEvm(chain_id, timestamp)
    raise UnknownEngine(name)
