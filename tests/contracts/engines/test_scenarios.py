"""The scenario tests of the contracts pass on anvil, unmodified. `make engines` runs every one of them."""

import os
import subprocess
import sys

import pytest

from tests.chain.support import ROOT

CHOSEN = 600
"""At most so many of them, evenly chosen, so that this stays within a minute."""
SECONDS = 240


@pytest.mark.processes
def test_the_scenarios_pass_on_anvil() -> None:
    environment = os.environ | {"TALLY_ENGINE": "anvil", "TALLY_ENGINE_TESTS": str(CHOSEN)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contracts/solidity"]
    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=SECONDS, cwd=ROOT, env=environment
    )
    assert ran.returncode == 0, ran.stdout[-4_000:]
    assert " passed" in ran.stdout
