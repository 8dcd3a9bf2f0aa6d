"""The large public files, which are not part of the repository: TALLY_DATA names their folder.

Without it the tests that read them are skipped by name; with TALLY_NO_SKIPS=1, as in CI, a skip is a failure.
"""

import os
from pathlib import Path

import pytest

PUBLIC_DATA = Path(os.environ.get("TALLY_DATA", ""))
needs_public_data = pytest.mark.skipif(
    "TALLY_DATA" not in os.environ, reason="TALLY_DATA does not name the folder of the public data"
)
