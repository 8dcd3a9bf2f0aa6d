"""IdentityRegistry asks a verifier that fails or mumbles: its signers speak for nobody, and nothing else breaks."""

import pytest

from contracts.typed_data import Registration
from scripts.workbench.system import FAR_DAY, System
from tests.contracts.conftest import Refused

SUBJECT, VERIFIER = "0x" + "5a" * 20, "0x" + "7e" * 20
SIGNER = bytes.fromhex(VERIFIER[2:]) + b"a key"
MAGIC = "024ad318"
"""The selector of IERC7913SignatureVerifier.verify."""
YES = f"63{MAGIC}60e01b5f5260205ff3"
ANSWERS = {
    "reverts": "5f5ffd",
    "is silent": "00",
    "answers in 31 bytes": f"63{MAGIC}60e01b5f52601f5ff3",
    "answers zero": "60205ff3",
    "answers another selector": "631626ba7e60e01b5f5260205ff3",
}


def _register(system: System, code: str) -> None:
    system.evm.install(VERIFIER, bytes.fromhex(code), {})
    system.restricted("IdentityRegistry", "setVerifier", VERIFIER, True, sender=system.role("risk"))
    registration = Registration(SUBJECT, SIGNER, system.evm.timestamp + 60)
    values = registration, b"", 1, FAR_DAY
    system.send("IdentityRegistry", "register", *values, sender=system.role("registrar"))


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_verifier_that_does_not_say_yes_says_no(system: System, refused: Refused, answer: str) -> None:
    with refused("InvalidSignature"):
        _register(system, ANSWERS[answer])


def test_a_verifier_that_stops_answering_locks_its_signer_out_and_breaks_nothing(system: System) -> None:
    _register(system, YES)
    asked = SUBJECT, bytes(32), SIGNER, b""
    assert system.read("IdentityRegistry", "speaksFor", *asked)
    system.evm.install(VERIFIER, bytes.fromhex(ANSWERS["reverts"]), {})
    assert not system.read("IdentityRegistry", "speaksFor", *asked)
