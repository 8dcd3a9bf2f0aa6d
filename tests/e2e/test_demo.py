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
    summary = summary_of(demo)
    assert summary["applicants"] == 20
    assert summary["loans"] + summary["declined"] == 20
    assert summary["loans"] >= 10 and summary["declined"] >= 3
    assert summary["closed"] == summary["loans"] - len(("stops paying", "in default", "withdrawn"))
    assert (summary["cancelled"], summary["defaulted"], summary["in_arrears"]) == (1, 1, 2)
    assert summary["audit_passed"] is True


def test_a_partial_payer_is_late_with_the_rest_and_pays_what_that_costs(demo: Path) -> None:
    told = summary_of(demo)["part_payment"]
    assert (told["bucket"], told["days_late"]) == (1, 10)
    assert 0 < told["rest_minor"] < told["part_minor"]
    assert told["late_fee_minor"] == 1_000 and told["penalty_minor"] > 0


def test_hardship_is_met_by_new_terms_that_both_signed(demo: Path) -> None:
    told = summary_of(demo)["amendment"]
    assert told["capitalised_minor"] > 0 and told["waived_minor"] > 1_000
    assert told["principal_minor"] == told["found_principal_minor"] + told["capitalised_minor"]
    assert told["periods"] * told["instalment_minor"] > told["principal_minor"]


def test_a_guarantee_pays_the_lender_of_a_defaulted_loan(demo: Path) -> None:
    told = summary_of(demo)["guarantee"]
    assert told["days_past_due"] == 91
    assert told["covered_minor"] == told["cap_minor"] < told["lost_minor"]
    assert told["uncovered_minor"] == told["lost_minor"] - told["covered_minor"]


def test_whoever_withdraws_pays_the_interest_of_the_days_and_no_fee(demo: Path) -> None:
    told = summary_of(demo)["withdrawal"]
    assert told["days"] == 5 and told["cost_minor"] > 0
    assert told["amount_minor"] == told["received_minor"] + told["cost_minor"]


def summary_of(demo: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((demo / "summary.json").read_text())
    return summary


def audit(folder: Path) -> tuple[int, dict[str, Any]]:
    ran = tally("audit", str(folder), "--json")
    assert "Traceback" not in ran.stderr, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return ran.returncode, found


def test_the_audit_recounts_what_the_facade_said(demo: Path) -> None:
    status, report = audit(demo / "export")
    summary = summary_of(demo)
    loans = {check["name"]: check for check in report["checks"]}["loans and cash"]
    assert status == 0 and report["passed"] is True
    assert (loans["loans"], loans["payments"]) == (summary["loans"], summary["payments"])
    assert loans["principal_lent_minor"] == summary["lent_minor"]
    paid = loans["principal_repaid_minor"] + loans["interest_paid_minor"] + loans["charges_paid_minor"]
    assert paid == summary["paid_minor"]
    assert loans["loans_cancelled"] == summary["cancelled"]
    happened = {event: times for event, times in loans["happened"].items() if times}
    assert happened == {"LoanCancelled": 1, "LoanAmended": 1, "LoanDefaulted": 1, "CoverApplied": 1}


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
