"""Runs in slither's own environment, which has other versions of our libraries: compiler output in, findings out.

Usage: inside.py COMPILER_OUTPUT.json FINDINGS.json, in the repository's root.
"""

import json
import sys
from pathlib import Path
from typing import Any

from crytic_compile import CryticCompile
from crytic_compile.platform import solc_standard_json
from slither import Slither
from slither.__main__ import get_detectors_and_printers

NO_CODE = {"object": "", "sourceMap": ""}


def main(output_file: str, findings_file: str) -> None:
    """Analyse what is already compiled: slither reads syntax trees, no code."""
    output = json.loads(Path(output_file).read_text())
    for contracts in output["contracts"].values():
        for contract in contracts.values():
            contract["evm"] = {"bytecode": NO_CODE, "deployedBytecode": NO_CODE}
    solc_standard_json.run_solc_standard_json = lambda *_, **__: output
    sources = {"language": "Solidity", "sources": {name: {"urls": [name]} for name in output["sources"]}}
    target = solc_standard_json.SolcStandardJson(sources)
    slither = Slither(CryticCompile(target, solc=sys.argv[3]))
    for detector in get_detectors_and_printers()[0]:
        slither.register_detector(detector)
    found = [_finding(result) for results in slither.run_detectors() for result in results]
    Path(findings_file).write_text(json.dumps(found))


def _finding(result: dict[str, Any]) -> dict[str, str]:
    element = next(iter(result["elements"]), None)
    file = element["source_mapping"]["filename_relative"] if element else ""
    return {
        "check": result["check"],
        "impact": result["impact"],
        "file": file,
        "description": " ".join(result["description"].split()),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
