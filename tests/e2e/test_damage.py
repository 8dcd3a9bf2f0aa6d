"""A damaged database is named in one line by whoever owns it, and left as it was found."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import RunningSystem, tally

pytestmark = pytest.mark.processes

NOBODY = "http://127.0.0.1:9"
SERVICES = [
    ("api/api.db", ["api", "serve", "--data", "{data}/api", "--publisher", NOBODY, "--port", "0"]),
    ("api/api.db", ["api", "worker", "--data", "{data}/api", "--publisher", NOBODY]),
    ("signer-1/signer.db", ["oracle", "signer", "--index", "1", "--data", "{data}/signer-1", "--port", "0"]),
    (
        "publisher/publisher.db",
        ["oracle", "publisher", "--data", "{data}/publisher", "--signer", NOBODY, "--port", "0"],
    ),
]


@pytest.fixture(scope="module")
def damaged(system: RunningSystem, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the data folder whose databases have lost their first page; the ledger itself goes on."""
    folder = tmp_path_factory.mktemp("damaged") / "data"
    shutil.copytree(system.folder, folder)
    for file in folder.rglob("*.db"):
        file.write_bytes(b"\xff" * 4096 + file.read_bytes()[4096:])
    for file in [*folder.rglob("*.db-wal"), *folder.rglob("*.db-shm")]:
        file.unlink()
    yield folder


@pytest.mark.parametrize(("database", "words"), SERVICES, ids=["api", "worker", "signer", "publisher"])
def test_a_damaged_database_is_named(system: RunningSystem, damaged: Path, database: str, words: list[str]) -> None:
    file = damaged / database
    before = file.read_bytes()
    ledger = ("--rpc", system.plan.rpc_url, "--addresses", str(system.plan.addresses))
    refused = tally(*(word.format(data=damaged) for word in words), *ledger)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == f"Error: {file}: file is not a database"
    assert "Traceback" not in refused.stderr
    assert file.read_bytes() == before
