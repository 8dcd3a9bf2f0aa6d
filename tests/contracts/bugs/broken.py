"""Put each bug into a copy of the contracts, and see the test of its class fail.

`python -m tests.contracts.bugs.broken [WORD ...]`: all bug classes, or those whose test or name has one of the words.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contracts import artifacts
from contracts.compile import (
    OUTPUT,
    ROOT,
    SETTINGS,
    CompilationFailed,
    collect,
    compile_sources,
    deployables_of,
)
from contracts.compile import build as build_sound
from tests.contracts.bugs.breaks import BREAKS, FOLDER, Break

CAUGHT = "caught"
ON = "--on"
FAILED = 1
"""pytest's exit code when tests ran and some failed."""


@dataclass(frozen=True)
class Verdict:
    """What became of a broken copy."""

    broken: Break
    told: str

    @property
    def caught(self) -> bool:
        """Whether its test failed, and for the reason foreseen."""
        return self.told == CAUGHT


def compile_broken(broken: Break) -> dict[str, Any]:
    """The code of the one contract that has the bug. Raises CompilationFailed."""
    unit = f"contracts/src/{broken.contract}.sol"
    texts = collect([unit])
    texts[f"contracts/src/{broken.source}"] = broken.applied()
    only = {unit: {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"]}}
    code: dict[str, Any] = deployables_of(compile_sources(texts, SETTINGS | {"outputSelection": only}), [unit])
    return code[broken.contract]  # type: ignore[no-any-return]


def written(broken: Break, folder: Path) -> Path:
    """All contracts' artifacts with the broken one in its place, in a folder; the ABI stays that of all modules."""
    document = json.loads(OUTPUT.read_text())
    document["contracts"][broken.contract] |= compile_broken(broken) | {
        "abi": document["contracts"][broken.contract]["abi"]
    }
    path = folder / "artifacts.json"
    path.write_text(json.dumps(document))
    return path


def tried(broken: Break) -> Verdict:
    """Compile the copy, run the one test on it in a process of its own, and judge how that ended."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            path = written(broken, Path(folder))
        except CompilationFailed as refusal:
            return Verdict(broken, f"does not compile: {refusal.messages.splitlines()[0]}")
        command = [sys.executable, "-m", "tests.contracts.bugs.broken", ON, str(path), broken.test]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode == 0:
        return Verdict(broken, "SURVIVED")
    if ended.returncode != FAILED:
        return Verdict(broken, f"pytest ended with {ended.returncode}: {ended.stdout[-200:]}{ended.stderr[-200:]}")
    return Verdict(broken, CAUGHT if _says(ended.stdout, broken.seen) else f"failed without: {broken.seen}")


def _says(report: str, seen: str) -> bool:
    """Whether the line at which pytest stopped, or what it says of it, holds the text."""
    return any(seen in line for line in report.splitlines() if line.startswith((">", "E")))


def run_one(path: Path, test: str) -> int:
    """Run a test on these artifacts; pytest's exit code."""
    module: Any = artifacts
    module.OUTPUT = path
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=long", FOLDER + test]))


def show(verdicts: list[Verdict]) -> None:
    """The table of bug classes."""
    from rich.console import Console
    from rich.table import Table

    table = Table("bug class", "line broken", "verdict")
    for verdict in verdicts:
        broken = verdict.broken
        style = "green" if verdict.caught else "red"
        table.add_row(broken.bug, f"{broken.source}:{broken.line}", f"[{style}]{verdict.told}[/{style}]")
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def chosen(words: list[str]) -> list[Break]:
    """The bug classes that any of the words names, all without words."""
    return [each for each in BREAKS if not words or any(word in each.bug + each.test for word in words)]


def main(arguments: list[str]) -> int:
    """Exit code 1 when a broken copy survives or fails for another reason."""
    if arguments[:1] == [ON]:
        return run_one(Path(arguments[1]), arguments[2])
    build_sound()
    verdicts = []
    for broken in chosen(arguments):
        verdicts.append(tried(broken))
        sys.stderr.write(f"{broken.bug}: {verdicts[-1].told}\n")
    show(verdicts)
    return 0 if all(verdict.caught for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
