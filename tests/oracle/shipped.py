"""The shipped model and policy, and golden applicants decided by them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from oracle.models import Scorecard
from oracle.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
MODEL_FOLDER = ROOT / "oracle" / "models" / "german_credit"
POLICY_FILE = ROOT / "oracle" / "policies" / "consumer-instalment.json"
GOLDEN = ROOT / "tests" / "golden" / "german_credit_applicants.json"
DEMO = ROOT / "scripts" / "demo" / "applicants.json"


@cache
def model() -> Scorecard:
    return Scorecard.load(MODEL_FOLDER)


@cache
def policy() -> Policy:
    return Policy.load(POLICY_FILE)


@cache
def golden() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return document
