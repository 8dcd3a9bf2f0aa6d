"""`python -m contracts.compile`: Solidity sources to build/contracts/artifacts.json, only when they changed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "contracts" / "src"
NODE_MODULES = ROOT / "node_modules"
OUTPUT = ROOT / "build" / "contracts" / "artifacts.json"

COMPILER_VERSION = "0.8.37"
CODE_SIZE_LIMIT = 24_576  # EIP-170
MODULES = {
    "LoanBook": ("LoanServicing", "LoanReturns", "LoanWorkout", "LoanAgreements", "LoanAmendments", "LoanViews"),
}
"""What a contract has carried out by others on its own storage: their functions are called at its address."""
OPTIMIZER_RUNS = 800
"""LoanBook must fit the code size limit: 1,500 made it 2,000 bytes larger and a payment 24 gas cheaper."""
SETTINGS: dict[str, Any] = {
    "viaIR": True,
    "optimizer": {"enabled": True, "runs": OPTIMIZER_RUNS},
    "evmVersion": "cancun",
    "metadata": {"bytecodeHash": "none"},
    "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object", "evm.deployedBytecode"]}},
}

IMPORT = re.compile(r'^import\s[^;]*?"([^"]+)";', re.MULTILINE)

# npm's solc is WebAssembly with a JavaScript face; this makes it look like a native solc to py-solc-x.
NPM_WRAPPER = """\
const solc = require(SOLC);
if (process.argv.includes("--version")) {
  console.log("solc, the solidity compiler commandline interface\\nVersion: " + solc.version());
} else {
  process.stdout.write(solc.compile(require("fs").readFileSync(0, "utf8")));
}
"""


class CompilerMissing(Exception):
    """Neither a native solc of the pinned version nor npm's is installed."""

    def __init__(self, version: str) -> None:
        super().__init__(f"no solc {version}: run `npm ci`, or put a native solc of that version on the PATH")
        self.version = version


class SourceMissing(Exception):
    """An import names a file that does not exist."""

    def __init__(self, unit: str) -> None:
        super().__init__(f"no source {unit}")
        self.unit = unit


class CompilationFailed(Exception):
    """The compiler refused the sources; carries its formatted messages."""

    def __init__(self, messages: str) -> None:
        super().__init__(messages)
        self.messages = messages


class CodeTooLarge(Exception):
    """A contract exceeds what a chain accepts (EIP-170)."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(f"{name} has {size} bytes of code, more than {CODE_SIZE_LIMIT}")
        self.name = name
        self.size = size


def _unit_path(unit: str) -> Path:
    return (NODE_MODULES if unit.startswith("@") else ROOT) / unit


def _resolve(unit: str, target: str) -> str:
    """The source unit that an import in another unit names."""
    if not target.startswith("."):
        return target
    return os.path.normpath(str(Path(unit).parent / target))


def collect(units: list[str]) -> dict[str, str]:
    """Source texts of units and of all they import, by unit name."""
    texts: dict[str, str] = {}
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit in texts:
            continue
        path = _unit_path(unit)
        if not path.is_file():
            raise SourceMissing(unit)
        texts[unit] = path.read_text(encoding="utf-8")
        waiting += [_resolve(unit, target) for target in IMPORT.findall(texts[unit])]
    return dict(sorted(texts.items()))


def own_units() -> list[str]:
    """Unit names of this project's contracts."""
    return [path.relative_to(ROOT).as_posix() for path in sorted(SOURCES.glob("*.sol"))]


def _input(texts: dict[str, str], settings: dict[str, Any]) -> dict[str, Any]:
    sources = {unit: {"content": text} for unit, text in texts.items()}
    return {"language": "Solidity", "sources": sources, "settings": settings}


def _digest(standard_input: dict[str, Any]) -> str:
    text = json.dumps([COMPILER_VERSION, standard_input, MODULES], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _native_compiler() -> Path | None:
    found = shutil.which("solc")
    if found is None:
        return None
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return Path(found) if f"Version: {COMPILER_VERSION}" in answer.stdout else None


def _npm_compiler(folder: Path) -> Path:
    package = NODE_MODULES / "solc"
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    manifest = package / "package.json"
    if node is None or not manifest.is_file() or json.loads(manifest.read_text())["version"] != COMPILER_VERSION:
        raise CompilerMissing(COMPILER_VERSION)
    script = folder / "solc.js"
    script.write_text(NPM_WRAPPER.replace("SOLC", json.dumps(str(package))))
    wrapper = folder / "solc"
    wrapper.write_text(f'#!/bin/sh\nexec "{node}" "{script}" "$@"\n')
    wrapper.chmod(0o755)
    return wrapper


def compile_units(units: list[str], settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Compiler output for units and their imports; raises CompilationFailed with solc's formatted messages."""
    return compile_sources(collect(units), settings)


def compile_sources(texts: dict[str, str], settings: dict[str, Any] = SETTINGS) -> dict[str, Any]:
    """Compiler output for sources by unit name; raises CompilationFailed with solc's formatted messages."""
    from solcx import compile_standard  # noqa: PLC0415  (slow to import, rarely needed)
    from solcx.exceptions import SolcError  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        binary = _native_compiler() or _npm_compiler(Path(folder))
        try:
            output: dict[str, Any] = compile_standard(_input(texts, settings), solc_binary=binary)
        except SolcError as refusal:
            raise CompilationFailed(refusal.message) from refusal
    return output


def artifacts_of(output: dict[str, Any], units: list[str]) -> dict[str, Any]:
    """As deployables_of, a contract with modules with the ABI of all."""
    found = deployables_of(output, units)
    for name, modules in MODULES.items():
        if name in found:
            found[name]["abi"] = _united([found[each]["abi"] for each in (name, *modules)])
    return found


def deployables_of(output: dict[str, Any], units: list[str]) -> dict[str, Any]:
    """Deployable contracts of these units by name: ABI, code, and where immutables stand in it."""
    found: dict[str, Any] = {}
    for unit in units:
        for name, contract in output["contracts"].get(unit, {}).items():
            deployed = contract["evm"]["deployedBytecode"]
            if not contract["evm"]["bytecode"]["object"]:
                continue
            places = [[p["start"], p["length"]] for ps in deployed["immutableReferences"].values() for p in ps]
            found[name] = {
                "abi": contract["abi"],
                "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
                "deployedBytecode": "0x" + deployed["object"],
                "immutables": sorted(places),
            }
    return found


def _united(abis: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """One face of several contracts: what is the same in two of them once, the constructor of the first."""
    own, *others = abis
    entries = {json.dumps(entry, sort_keys=True): entry for entry in own}
    for entry in (entry for abi in others for entry in abi if entry["type"] in ("function", "event", "error")):
        entries.setdefault(json.dumps(entry, sort_keys=True), entry)
    return list(entries.values())


def _require_sizes(artifacts: dict[str, Any]) -> None:
    for name, artifact in artifacts.items():
        size = len(artifact["deployedBytecode"]) // 2 - 1
        if size > CODE_SIZE_LIMIT:
            raise CodeTooLarge(name, size)


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        json.dump(document, file, indent=1)
    Path(file.name).replace(path)


def _is_current(path: Path, digest: str) -> bool:
    try:
        return bool(json.loads(path.read_text())["inputs"] == digest)
    except (OSError, ValueError, KeyError):
        return False


def build(path: Path = OUTPUT) -> bool:
    """Compiles when the sources, settings or compiler changed; tells whether it did."""
    units = own_units()
    digest = _digest(_input(collect(units), SETTINGS))
    if _is_current(path, digest):
        return False
    artifacts = artifacts_of(compile_units(units), units)
    _require_sizes(artifacts)
    _write(path, {"compiler": COMPILER_VERSION, "inputs": digest, "contracts": artifacts})
    return True


def main() -> int:
    """Compiles, saying so on stderr; exit code 1 with the compiler's messages when it refuses."""
    started = time.monotonic()
    try:
        compiled = build()
    except (CompilationFailed, CompilerMissing, SourceMissing, CodeTooLarge) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    verdict = f"compiled in {time.monotonic() - started:.0f} s" if compiled else "contracts are up to date"
    sys.stderr.write(f"{verdict}: {OUTPUT.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
