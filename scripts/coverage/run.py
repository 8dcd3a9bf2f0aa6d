"""Run the tests of the contracts on marked code and note which marks are passed."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from contracts import artifacts
from contracts import compile as compiler
from scripts.coverage.instrument import MARK_PREFIX, Marked, instrument

CODE_LIMIT = 2**20
"""Marked code is larger than what a chain accepts."""
TRANSACTION_GAS = 2**28
PUSH6, PUSH6_BYTES = 0x65, 6
TESTS = ("tests/contracts/solidity", "tests/contracts/credit", "tests/contracts/recount", "tests/contracts/model")
MODEL_RUNS = 4
"""Of the stateful check: its many runs find what a few do not, but hardly a further branch."""
NOT_OF_MARKED_CODE = ("test_gas.py", "test_compile.py", "test_deploy.py")
GAS_OF_PASSKEYS = "tests/contracts/solidity/test_passkey.py::test_a_passkey_borrows_and_repays"
"""Tests of gas, of code size and of real processes say nothing of marked code."""


def compile_marked(folder: Path) -> Marked:
    """Compile the marked sources to `folder`/artifacts.json, if they changed. Raises CompilationFailed."""
    units = compiler.own_units()
    sources = compiler.collect(units)
    output = compiler.compile_sources(sources, {"outputSelection": {"*": {"": ["ast"]}}})
    trees = {unit: part["ast"] for unit, part in output["sources"].items()}
    marked = instrument(sources, trees, f"{compiler.SOURCES.relative_to(compiler.ROOT)}/")
    folder.mkdir(parents=True, exist_ok=True)
    kept, digest = folder / "artifacts.json", _digest(marked.sources)
    if not kept.is_file() or json.loads(kept.read_text()).get("inputs") != digest:
        built = compiler.compile_sources(marked.sources, compiler.SETTINGS)
        kept.write_text(json.dumps({"inputs": digest, "contracts": compiler.artifacts_of(built, units)}))
    return marked


def _digest(sources: dict[str, str]) -> str:
    text = json.dumps([compiler.COMPILER_VERSION, compiler.SETTINGS, compiler.MODULES, sources], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def recording() -> Iterator[set[int]]:
    """The marks that the workbench's EVM passes meanwhile: it watches PUSH6."""
    from eth.vm.opcode import as_opcode

    from scripts.workbench import pyevm

    passed: set[int] = set()

    def watched(computation: Any) -> None:
        pushed = computation.code.read(PUSH6_BYTES).ljust(PUSH6_BYTES, b"\0")
        number = int.from_bytes(pushed, "big")
        if number > MARK_PREFIX:
            passed.add(number)
        computation.stack_push_bytes(pushed)

    computation: Any = pyevm._Computation
    known = computation.opcodes
    push6 = known[PUSH6]
    computation.opcodes = {**known, PUSH6: as_opcode(watched, push6.mnemonic, push6.gas_cost)}
    try:
        yield passed
    finally:
        computation.opcodes = known


def lift_limits() -> None:
    """Marked code is larger and needs more gas than a chain allows: let this process allow it."""
    from eth.vm.forks.shanghai import computation as shanghai
    from eth.vm.forks.spurious_dragon import computation as spurious_dragon

    from scripts.workbench import pyevm

    limits: list[tuple[Any, str, int]] = [
        (spurious_dragon, "EIP170_CODE_SIZE_LIMIT", CODE_LIMIT),
        (shanghai, "MAX_INITCODE_SIZE", CODE_LIMIT),
        (pyevm, "GAS_LIMIT", TRANSACTION_GAS),
    ]
    for module, name, value in limits:
        setattr(module, name, value)


def watch_fast_engine() -> None:
    """Let the tests that use revm, which cannot be watched, use the workbench's EVM instead, with fewer runs."""
    from contracts.keys import DEVNET_CHAIN_ID
    from scripts.workbench.pyevm import PyEvm

    class WatchedEvm(PyEvm):
        """The fast engine's face over the workbench's EVM."""

        def __init__(self, timestamp: int, chain_id: int = DEVNET_CHAIN_ID) -> None:
            super().__init__(chain_id, timestamp)

    for name, attribute, value in (
        ("tests.contracts.differential.fast_evm", "FastEvm", WatchedEvm),
        ("tests.contracts.model.made", "RUNS", MODEL_RUNS),
    ):
        setattr(import_module(name), attribute, value)


def run_tests(folder: Path, arguments: list[str]) -> tuple[int, set[int]]:
    """Run the tests on the marked code in `folder`; pytest's exit code and the marks passed."""
    lift_limits()
    module: Any = artifacts
    module.OUTPUT = folder / "artifacts.json"
    watch_fast_engine()
    skipped = [*(f"--ignore-glob=*/{name}" for name in NOT_OF_MARKED_CODE), f"--deselect={GAS_OF_PASSKEYS}"]
    chosen = arguments or list(TESTS)
    with recording() as passed:
        code = pytest.main(["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not processes", *skipped, *chosen])
    return int(code), passed
