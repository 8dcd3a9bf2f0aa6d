"""Write the generated reference, or with `--check` say what is stale."""

import sys
from pathlib import Path

from contracts.compile import ROOT
from scripts.reference.page import page
from scripts.reference.states import draw_states

FOLDER = ROOT / "docs" / "reference"


def generated() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    return {FOLDER / "contracts.md": page(), FOLDER / "loan-states.svg": draw_states()}


def main(arguments: list[str]) -> int:
    """0 when written or current, 1 when a file is stale."""
    files = generated()
    stale = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is stale: run `python -m scripts.reference`\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
        sys.stderr.write(f"wrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
