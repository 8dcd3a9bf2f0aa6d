"""The README tells the truth: its commands exist, and its ten lines print what it says they print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.tally import COMMANDS
from tests.system import RunningSystem

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
START = (ROOT / "docs" / "start.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("text", [README, START], ids=["README.md", "docs/start.md"])
def test_every_command_named_exists(text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    assert set(re.findall(r"(?:/|`|^)tally ([a-z]+)", text)) <= set(COMMANDS)


def test_every_file_linked_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)|src=\"([^\"]+)\"", README)
    missing = [link for pair in links for link in pair if link and not (ROOT / link).exists()]
    assert missing == []


@pytest.mark.processes
def test_the_ten_lines_print_what_the_readme_says(system: RunningSystem, tmp_path: Path) -> None:
    program = blocks("python")[0].replace("http://127.0.0.1:8000", system.plan.api_url)
    script = tmp_path / "ten_lines.py"
    script.write_text(program)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == blocks("text")[0], done.stderr
