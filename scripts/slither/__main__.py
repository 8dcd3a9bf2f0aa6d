"""Compile, let slither look in its own environment, and fail on any finding that is neither fixed nor explained."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from contracts.compile import ROOT, compile_units, own_units
from scripts.reference.natspec import DOCUMENTS
from scripts.slither.triage import Finding, Verdict, judge, read_explanations

PYTHON = ROOT / "build" / "slither" / "venv" / "bin" / "python"
EXPLAINED = ROOT / "contracts" / "slither.toml"


def findings() -> list[Finding]:
    """All that slither finds. Raises CompilationFailed, CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        output, found = Path(folder) / "output.json", Path(folder) / "findings.json"
        output.write_text(json.dumps(compile_units(own_units(), DOCUMENTS)))
        command = [str(PYTHON), str(Path(__file__).with_name("inside.py")), str(output), str(found)]
        subprocess.run([*command, _version_teller(Path(folder))], check=True, cwd=ROOT)  # noqa: S603
        return [Finding(**each) for each in json.loads(found.read_text())]


def _version_teller(folder: Path) -> str:
    """What slither asks for the compiler's version; it compiles nothing."""
    from contracts.compile import COMPILER_VERSION

    teller = folder / "solc"
    teller.write_text(f"#!/bin/sh\necho 'Version: {COMPILER_VERSION}'\n")
    teller.chmod(0o755)
    return str(teller)


def tell(verdict: Verdict) -> None:
    """Say on stderr what is to be done."""
    for finding in verdict.unexplained:
        sys.stderr.write(f"{finding.impact} {finding.check}: {finding.description}\n")
    for each in verdict.idle:
        sys.stderr.write(f"explains nothing any more: {each.check} where {each.where}\n")
    where = EXPLAINED.relative_to(ROOT)
    sys.stderr.write(
        f"slither: {verdict.judged} findings of high or medium impact, {len(verdict.unexplained)} neither fixed nor "
        f"explained in {where}, {len(verdict.idle)} explanations to remove\n"
    )


def main() -> int:
    """1 when something is unexplained."""
    verdict = judge(findings(), read_explanations(EXPLAINED))
    tell(verdict)
    return 0 if verdict.sound else 1


if __name__ == "__main__":
    sys.exit(main())
