"""Signers are bytes: a wallet key, a contract that answers ERC-1271, an ERC-7913 verifier with its key."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from contracts.compile import artifacts_of, compile_units
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Payment, Registration, digest, sign
from scripts.workbench.system import FAR_DAY, System
from tests.contracts.conftest import Refused

VERIFIER = "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SUBJECT = "0x" + "5c" * 20


@pytest.fixture(scope="module")
def verifier_code() -> bytes:
    [artifact] = artifacts_of(compile_units([VERIFIER]), [VERIFIER]).values()
    return bytes.fromhex(artifact["bytecode"][2:])


class Passkey:
    """A P-256 key as a phone holds it, without the WebAuthn wrapping."""

    def __init__(self, verifier: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_numbers()
        self.signer = bytes.fromhex(verifier[2:]) + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")

    def sign(self, message_digest: bytes, *, low: bool = True) -> bytes:
        der = self._key.sign(message_digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        r, s = utils.decode_dss_signature(der)
        s = min(s, P256_ORDER - s) if low else max(s, P256_ORDER - s)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _register(system: System, signer: bytes, registration: Registration, signature: bytes) -> None:
    sender = system.role("registrar")
    system.send("IdentityRegistry", "register", registration, signature, 1, FAR_DAY, sender=sender)
    assert system.read("IdentityRegistry", "isSigner", SUBJECT, signer)


def test_a_verifier_with_its_key_speaks_for_a_subject(system: System, verifier_code: bytes, refused: Refused) -> None:
    verifier = system.evm.transact(None, verifier_code).contract
    assert verifier is not None
    system.restricted("IdentityRegistry", "setVerifier", verifier, True, sender=system.role("risk"))
    passkey = Passkey(verifier)
    registration = Registration(SUBJECT, passkey.signer, system.evm.timestamp + 60)
    message = digest(registration, system.domain("IdentityRegistry"))
    for wrong in (passkey.sign(message, low=False), Passkey(verifier).sign(message)):
        with refused("InvalidSignature"):
            _register(system, passkey.signer, registration, wrong)
    _register(system, passkey.signer, registration, passkey.sign(message))
    order = digest(Payment(bytes(32), 1, 0, 0), system.domain("LoanBook"))
    values = (SUBJECT, order, passkey.signer)
    assert system.read("IdentityRegistry", "speaksFor", *values, passkey.sign(order))
    assert not system.read("IdentityRegistry", "speaksFor", *values, passkey.sign(message))


def test_a_contract_speaks_for_a_subject(system: System, refused: Refused) -> None:
    signer = bytes.fromhex(system.contracts["LendingPool"][2:])
    registration = Registration(SUBJECT, signer, system.evm.timestamp + 60)
    domain = system.domain("IdentityRegistry")
    by_stranger = sign(load_key("risk", None, DEVNET_CHAIN_ID), registration, domain)
    with refused("InvalidSignature"):
        _register(system, signer, registration, by_stranger)
    by_underwriter = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), registration, domain)
    _register(system, signer, registration, by_underwriter)


def test_a_signer_speaks_for_its_own_subject_only(system: System) -> None:
    one, two = system.person(1), system.person(2)
    order = digest(Payment(bytes(32), 1, 0, 0), system.domain("LoanBook"))
    signature = sign(one.key, Payment(bytes(32), 1, 0, 0), system.domain("LoanBook"))
    assert system.read("IdentityRegistry", "speaksFor", one.subject, order, one.signer, signature)
    assert not system.read("IdentityRegistry", "speaksFor", two.subject, order, one.signer, signature)
    assert not system.read("IdentityRegistry", "speaksFor", two.subject, order, two.signer, signature)
