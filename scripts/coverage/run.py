"""Run the tests of the contracts on marked code and note which marks are passed."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from contracts import artifacts
from contracts import compile as compiler
from scripts.coverage.instrument import MARK_PREFIX, Marked, instrument

CODE_LIMIT = 2**20
"""Marked code is larger than what a chain accepts."""
TRANSACTION_GAS = 2**28
EXTCODESIZE = 0x3B
TESTS = tuple(
    f"tests/contracts/{room}"
    for room in ("solidity", "fund", "bugs", "edges", "packing", "credit", "recount", "differential", "model")
)
NOT_OF_MARKED_CODE = ("test_gas.py", "test_compile.py", "test_deploy.py")
GAS_OF_PASSKEYS = "tests/contracts/solidity/test_passkey.py::test_a_passkey_borrows_and_repays"
SKIPPED = (*(f"--ignore-glob=*/{name}" for name in NOT_OF_MARKED_CODE), f"--deselect={GAS_OF_PASSKEYS}")
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
    """The marks that are passed meanwhile; those on revm are known when the recording ends."""
    passed: set[int] = set()
    with _watching_pyevm(passed), _watching_revm(passed):
        yield passed


@contextmanager
def _watching_pyevm(passed: set[int]) -> Iterator[None]:
    """py-evm tells each address it is asked for the size of."""
    from eth.vm.opcode import as_opcode

    from scripts.workbench import pyevm

    computation: Any = pyevm.Computation
    known = computation.opcodes
    asked = known[EXTCODESIZE]

    def watched(running: Any) -> None:
        address = running.stack_pop1_bytes()
        mark = mark_at(address)
        if mark:
            passed.add(mark)
            running.stack_push_int(0)
        else:
            running.stack_push_bytes(address)
            asked(running)

    computation.opcodes = {**known, EXTCODESIZE: as_opcode(watched, asked.mnemonic, 0)}
    try:
        yield
    finally:
        computation.opcodes = known


@contextmanager
def _watching_revm(passed: set[int]) -> Iterator[None]:
    """revm keeps every account it was asked for, also of calls and of what was reverted."""
    from tests.contracts.differential.fast_evm import FastEvm

    engines: list[FastEvm] = []
    start = FastEvm.__init__

    def started(evm: FastEvm, *values: Any, **named: Any) -> None:
        start(evm, *values, **named)
        engines.append(evm)

    face: Any = FastEvm
    face.__init__ = started
    try:
        yield
    finally:
        face.__init__ = start
        for evm in engines:
            passed.update(mark for address in evm.accounts() if (mark := mark_at(address)))


def mark_at(address: bytes) -> int | None:
    """The mark that an address is, if it is one."""
    number = int.from_bytes(address, "big")
    return number if MARK_PREFIX < number < MARK_PREFIX + 2**32 else None


def lift_limits() -> None:
    """Marked code is larger and needs more gas than a chain allows: let this process allow it."""
    from eth.vm.forks.shanghai import computation as shanghai
    from eth.vm.forks.spurious_dragon import computation as spurious_dragon

    from scripts.workbench import pyevm
    from tests.contracts.differential import fast_evm

    limits: list[tuple[Any, str, int]] = [
        (spurious_dragon, "EIP170_CODE_SIZE_LIMIT", CODE_LIMIT),
        (shanghai, "MAX_INITCODE_SIZE", CODE_LIMIT),
        (pyevm, "GAS_LIMIT", TRANSACTION_GAS),
        (fast_evm, "CODE_LIMIT", CODE_LIMIT),
    ]
    for module, name, value in limits:
        setattr(module, name, value)


@contextmanager
def workbench_on_revm() -> Iterator[None]:
    """Systems that would be deployed on py-evm are deployed on revm, which takes a tenth of the time."""
    from scripts.workbench import system
    from tests.contracts.differential.fast_evm import FastEvm

    def start(name: str, chain_id: int, timestamp: int) -> FastEvm:
        return FastEvm(timestamp, chain_id)

    module: Any = system
    known = module.start_engine
    module.start_engine = start
    try:
        yield
    finally:
        module.start_engine = known


class Failures:
    """A plugin of pytest that remembers which tests failed."""

    def __init__(self) -> None:
        self.tests: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of each test."""
        if report.failed and report.nodeid not in self.tests:
            self.tests.append(report.nodeid)


def run_tests(folder: Path, arguments: list[str]) -> tuple[int, set[int]]:
    """Run the tests on the marked code in `folder`; pytest's exit code and the marks passed.

    On revm first; what does not pass there, since it brings headers of blocks or acts in a contract's name, on py-evm.
    """
    lift_limits()
    module: Any = artifacts
    module.OUTPUT = folder / "artifacts.json"
    with recording() as passed:
        on_revm = Failures()
        with workbench_on_revm():
            code = _pytest(["--tb=no", "--no-summary", *SKIPPED, *(arguments or TESTS)], on_revm)
        if on_revm.tests:
            click.echo(f"{len(on_revm.tests)} of them once more on py-evm", err=True)
            code = _pytest(on_revm.tests, Failures())
    return code, passed


def _pytest(arguments: list[str], plugin: Failures) -> int:
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-m", "not processes"]
    return int(pytest.main([*options, *arguments], plugins=[plugin]))
