"""Compiled contracts: ABI and code by contract name."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contracts.compile import OUTPUT


class ArtifactsMissing(Exception):
    """The contracts have not been compiled."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing: run `python -m contracts.compile`")
        self.path = path


class UnknownContract(Exception):
    """No contract of this name was compiled."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no contract {name}")
        self.name = name


@dataclass(frozen=True)
class Artifact:
    """One compiled contract. Codes are bytes; `immutables` are (start, length) places in the deployed code."""

    name: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    deployed_bytecode: bytes
    immutables: tuple[tuple[int, int], ...]

    def is_code(self, code: bytes) -> bool:
        """Whether code found on a chain is this contract, whatever its immutables were set to."""
        return self._masked(code) == self._masked(self.deployed_bytecode)

    def _masked(self, code: bytes) -> bytes:
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(length)
        return bytes(masked)


@cache
def _contracts(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ArtifactsMissing(path)
    contracts: dict[str, Any] = json.loads(path.read_text())["contracts"]
    return contracts


def artifact_from(name: str, fields: dict[str, Any]) -> Artifact:
    """The artifact written down as in artifacts.json."""
    return Artifact(
        name=name,
        abi=fields["abi"],
        bytecode=bytes.fromhex(fields["bytecode"][2:]),
        deployed_bytecode=bytes.fromhex(fields["deployedBytecode"][2:]),
        immutables=tuple((start, length) for start, length in fields["immutables"]),
    )


def artifact(name: str) -> Artifact:
    """The compiled contract of this name; raises ArtifactsMissing, UnknownContract."""
    contracts = _contracts(OUTPUT)
    if name not in contracts:
        raise UnknownContract(name)
    return artifact_from(name, contracts[name])
