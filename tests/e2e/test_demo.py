"""The demo, as `make demo` runs it: 20 applicants over real HTTP, a real ledger, real signers, then the audit."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from chain.export.manifest import MANIFEST_FILE, FileEntry, Manifest, file_entry
from tests.system import tally

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    ran = tally("demo", "--out", str(folder), "--json")
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert json.loads(ran.stdout) == json.loads((folder / "summary.json").read_text())
    return folder


def test_every_applicant_gets_an_answer_and_every_payer_closes_the_loan(demo: Path) -> None:
    summary = json.loads((demo / "summary.json").read_text())
    assert summary["applicants"] == 20
    assert summary["loans"] + summary["declined"] == 20
    assert summary["loans"] >= 10 and summary["declined"] >= 3
    assert (summary["closed"], summary["in_arrears"]) == (summary["loans"] - 1, 1)
    assert summary["audit_passed"] is True


def audit(folder: Path) -> tuple[int, dict[str, Any]]:
    ran = tally("audit", str(folder), "--json")
    assert "Traceback" not in ran.stderr, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return ran.returncode, found


def test_the_audit_recounts_what_the_facade_said(demo: Path) -> None:
    status, report = audit(demo / "export")
    summary = json.loads((demo / "summary.json").read_text())
    loans = {check["name"]: check for check in report["checks"]}["loans and cash"]
    assert status == 0 and report["passed"] is True
    assert (loans["loans"], loans["payments"]) == (summary["loans"], summary["payments"])
    assert loans["principal_lent_minor"] == summary["lent_minor"]
    paid = loans["principal_repaid_minor"] + loans["interest_paid_minor"] + loans["charges_paid_minor"]
    assert paid == summary["paid_minor"]


@pytest.mark.parametrize("name", ["chain.rlp", "receipts.rlp", "seals.jsonl", "genesis.json", "manifest.json"])
def test_a_changed_byte_is_laid_to_its_file(demo: Path, tmp_path: Path, name: str) -> None:
    copy = altered_copy(demo, tmp_path, name)
    status, report = audit(copy)
    assert status == 1
    assert name in report["checks"][-1]["detail"]


@pytest.mark.parametrize("name", ["chain.rlp", "receipts.rlp", "seals.jsonl"])
def test_a_changed_byte_under_a_forged_manifest_is_laid_to_a_block(demo: Path, tmp_path: Path, name: str) -> None:
    copy = altered_copy(demo, tmp_path, name)
    forge_manifest(copy, name)
    status, report = audit(copy)
    assert status == 1
    last = report["checks"][-1]
    assert not last["passed"]
    assert "block " in last["detail"] or name in last["detail"]


def altered_copy(demo: Path, tmp_path: Path, name: str) -> Path:
    copy = tmp_path / "export"
    shutil.copytree(demo / "export", copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    return copy


def forge_manifest(folder: Path, name: str) -> None:
    """Make the manifest agree with the altered file, as a forger would."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    del manifest["format"], manifest["digest"]
    manifest["files"][name] = asdict(file_entry(folder / name))
    files = {file: FileEntry(**entry) for file, entry in manifest.pop("files").items()}
    (folder / MANIFEST_FILE).write_bytes(Manifest(files=files, **manifest).encoded())
