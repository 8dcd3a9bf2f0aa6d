"""contracts.compile: what it takes, what it refuses, and what it leaves."""

import json
from pathlib import Path

import pytest

from contracts import compile as compiler
from contracts.artifacts import UnknownContract, artifact
from contracts.compile import CODE_SIZE_LIMIT, CompilationFailed, SourceMissing, compile_units, own_units

NAMES = (
    "AccessManager",
    "CashToken",
    "CreditRegistry",
    "GuaranteeFund",
    "IdentityRegistry",
    "LendingPool",
    "LoanBook",
    "PasskeyVerifier",
    "PoolSafe",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_contract_fits_a_chain(name: str) -> None:
    assert 0 < len(artifact(name).deployed_bytecode) <= CODE_SIZE_LIMIT


def test_unknown_contracts_are_named() -> None:
    with pytest.raises(UnknownContract, match="Nothing"):
        artifact("Nothing")


def test_unchanged_sources_are_not_compiled_again() -> None:
    assert compiler.build() is False


def test_changed_sources_are_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "artifacts.json"
    document = json.loads(compiler.OUTPUT.read_text())
    copy.write_text(json.dumps(document))
    assert compiler._is_current(copy, document["inputs"])
    assert not compiler._is_current(copy, "other")
    copy.write_text("{")
    assert not compiler._is_current(copy, document["inputs"])


def test_an_error_carries_the_compilers_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Broken.sol").write_text("pragma solidity 0.8.37;\ncontract Broken { uint256 x = true; }\n")
    monkeypatch.setattr(compiler, "ROOT", tmp_path)
    with pytest.raises(CompilationFailed, match="TypeError: Type bool is not implicitly convertible"):
        compile_units(["Broken.sol"])


def test_a_missing_import_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Lonely.sol").write_text('import {Gone} from "./Gone.sol";\n')
    monkeypatch.setattr(compiler, "ROOT", tmp_path)
    with pytest.raises(SourceMissing, match=r"Gone\.sol"):
        compile_units(["Lonely.sol"])


def test_imports_are_followed_into_the_library() -> None:
    units = compiler.collect(own_units())
    assert "@openzeppelin/contracts/token/ERC20/ERC20.sol" in units
    assert "contracts/src/libraries/ScheduleLib.sol" in units
