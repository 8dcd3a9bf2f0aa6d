"""PasskeyVerifier: which WebAuthn assertions speak for a key, and what each missing part does."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from eth_abi.abi import encode
from eth_account import Account
from eth_utils.crypto import keccak
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.artifacts import artifact
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.typed_data import Registration, digest, passkey_signer, sign
from contracts.typed_data.passkey import P256_ORDER
from scripts.workbench.passkey import RELYING_PARTY, USER_PRESENT, USER_VERIFIED, Assertion, SoftPasskey
from scripts.workbench.system import FAR_DAY, FIRST_DAY, Person, System, function, noon
from tests.contracts.conftest import Refused
from tests.contracts.differential.fast_evm import FastEvm

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "passkeys.json").read_text())
ACCEPTED, REFUSED = function("PasskeyVerifier", "verify", 3).selector, b"\xff" * 4
VERIFY = function("PasskeyVerifier", "verify", 3)
DIGEST = keccak(b"digest")
GAS_OF_A_PAYMENT = 100_000
SUBJECT = "0x" + "5c" * 20


class Verifier:
    """A deployed PasskeyVerifier."""

    def __init__(self) -> None:
        self.evm = FastEvm(noon(FIRST_DAY))
        self.address = str(self.evm.transact(None, artifact("PasskeyVerifier").bytecode).contract)

    def answer(self, key: bytes, message: bytes, signature: bytes) -> bytes:
        returned = self.evm.call(self.address, VERIFY.encode((key, message, signature)))
        return bytes(VERIFY.decode_outputs(returned)["0"])

    def accepts(self, passkey: SoftPasskey, signature: bytes, message: bytes = DIGEST) -> bool:
        answer = self.answer(passkey.signer[20:], message, signature)
        assert answer in (ACCEPTED, REFUSED)
        return answer == ACCEPTED


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier()


@pytest.fixture(scope="module")
def passkey(verifier: Verifier) -> SoftPasskey:
    return SoftPasskey(verifier.address)


@settings(max_examples=60, deadline=None)
@given(message=st.binary(min_size=32, max_size=32))
@example(message=bytes(32))
@example(message=b"\xff" * 32)
@example(message=bytes(range(32)))
def test_an_assertion_over_any_digest_is_accepted(verifier: Verifier, passkey: SoftPasskey, message: bytes) -> None:
    assert verifier.accepts(passkey, passkey.sign(message), message)


def test_another_challenge_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    signature = passkey.sign(DIGEST)
    for bit in range(256):
        other = (int.from_bytes(DIGEST, "big") ^ 1 << bit).to_bytes(32, "big")
        assert not verifier.accepts(passkey, signature, other)


def test_another_relying_party_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    elsewhere = replace(passkey, relying_party="tally.example.evil")
    assert not verifier.accepts(passkey, elsewhere.sign(DIGEST))
    assert verifier.accepts(elsewhere, elsewhere.sign(DIGEST))


def test_another_key_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    assert not verifier.accepts(passkey, SoftPasskey(verifier.address).sign(DIGEST))


@pytest.mark.parametrize("flags", [0, USER_PRESENT, USER_VERIFIED, 0xFA])
def test_a_person_not_both_present_and_verified_is_refused(
    verifier: Verifier, passkey: SoftPasskey, flags: int
) -> None:
    assert not verifier.accepts(passkey, passkey.assertion(DIGEST, flags).packed())


@pytest.mark.parametrize("flags", [0x05, 0x1D, 0xFF])
def test_other_flags_do_not_matter(verifier: Verifier, passkey: SoftPasskey, flags: int) -> None:
    assert verifier.accepts(passkey, passkey.assertion(DIGEST, flags).packed())


def test_extensions_behind_the_counter_are_accepted(verifier: Verifier, passkey: SoftPasskey) -> None:
    plain = passkey.assertion(DIGEST, 0x85)
    extended = passkey.signed(plain.authenticator_data + b"\xa1\x63abc\xf5", plain.client_data)
    assert verifier.accepts(passkey, extended.packed())


def test_members_that_browsers_add_are_accepted(verifier: Verifier, passkey: SoftPasskey) -> None:
    added: dict[str, Any] = {"other_keys_can_be_added_here": "do not compare", "x": {"type": "y"}, "组织": "理"}
    assert verifier.accepts(passkey, passkey.assertion(DIGEST, **added).packed())


def test_members_may_stand_in_any_order(verifier: Verifier, passkey: SoftPasskey) -> None:
    plain = passkey.assertion(DIGEST)
    members = json.loads(plain.client_data)
    turned = json.dumps(dict(reversed(members.items())), separators=(",", ":")).encode()
    assert verifier.accepts(passkey, passkey.signed(plain.authenticator_data, turned).packed())


def test_a_creation_is_no_assertion(verifier: Verifier, passkey: SoftPasskey) -> None:
    created = passkey.assertion(DIGEST, type="webauthn.create")
    for place in range(len(created.client_data) + 1):
        assert not verifier.accepts(passkey, _packed(created, type_at=place))


def test_text_inside_another_value_is_not_taken(verifier: Verifier, passkey: SoftPasskey) -> None:
    wanted = json.loads(passkey.assertion(DIGEST).client_data)["challenge"]
    for name, text in (("challenge", f'"challenge":"{wanted}"'), ("type", '"type":"webauthn.get"')):
        members: dict[str, Any] = {name: "other", "extra": text}
        hidden = passkey.assertion(DIGEST, **members)
        for place in range(len(hidden.client_data) + 1):
            places = {f"{name}_at": place}
            assert not verifier.accepts(passkey, _packed(hidden, **places))


def test_the_challenge_under_another_name_is_not_taken(verifier: Verifier, passkey: SoftPasskey) -> None:
    wanted = json.loads(passkey.assertion(DIGEST).client_data)["challenge"]
    members: dict[str, Any] = {"challenge": "other", "challengf": wanted}
    renamed = passkey.assertion(DIGEST, **members)
    place = renamed.client_data.index(b'"challengf"')
    assert not verifier.accepts(passkey, _packed(renamed, challenge_at=place))


def test_a_challenge_that_only_begins_with_the_digest_is_not_taken(verifier: Verifier, passkey: SoftPasskey) -> None:
    wanted = json.loads(passkey.assertion(DIGEST).client_data)["challenge"]
    assert not verifier.accepts(passkey, passkey.assertion(DIGEST, challenge=wanted + "AA").packed())


@pytest.mark.parametrize("index", [0, 2, 10_000, 2**255, 2**256 - 1])
def test_a_wrong_index_is_refused(verifier: Verifier, passkey: SoftPasskey, index: int) -> None:
    assertion = passkey.assertion(DIGEST)
    assert not verifier.accepts(passkey, _packed(assertion, challenge_at=index))
    assert not verifier.accepts(passkey, _packed(assertion, type_at=index))


def test_the_upper_half_of_s_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    assertion = passkey.assertion(DIGEST)
    r, s = decode_dss_signature(assertion.der)
    low, high = min(s, P256_ORDER - s), max(s, P256_ORDER - s)
    assert verifier.accepts(passkey, _packed(assertion, s=low))
    assert not verifier.accepts(passkey, _packed(assertion, s=high))
    assert not verifier.accepts(passkey, _packed(assertion, s=0))
    assert replace(assertion, der=encode_dss_signature(r, high)).packed() == assertion.packed()


def test_a_truncated_signature_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    signature = passkey.sign(DIGEST)
    padding = -len(passkey.assertion(DIGEST).client_data) % 32
    for length in range(len(signature) - padding):
        assert not verifier.accepts(passkey, signature[:length])


def test_truncated_fields_are_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    whole = passkey.assertion(DIGEST)
    for length in range(37):
        assert not verifier.accepts(
            passkey, _packed(passkey.signed(whole.authenticator_data[:length], whole.client_data))
        )
    for length in range(0, len(whole.client_data), 7):
        cut = passkey.signed(whole.authenticator_data, whole.client_data[:length])
        places = {"challenge_at": whole.client_data.index(b'"chall'), "type_at": whole.client_data.index(b'"type')}
        complete = length >= places["challenge_at"] + 57
        assert verifier.accepts(passkey, _packed(cut, **places)) == complete


@pytest.mark.parametrize("key_length", [0, 32, 64, 95, 97, 128])
def test_a_key_of_another_length_is_refused(verifier: Verifier, passkey: SoftPasskey, key_length: int) -> None:
    key = (passkey.signer[20:] + bytes(32))[:key_length]
    assert verifier.answer(key, DIGEST, passkey.sign(DIGEST)) == REFUSED


def test_a_point_off_the_curve_is_refused(verifier: Verifier, passkey: SoftPasskey) -> None:
    key = bytearray(passkey.signer[20:])
    key[63] ^= 1
    assert verifier.answer(bytes(key), DIGEST, passkey.sign(DIGEST)) == REFUSED


@pytest.mark.parametrize("vector", GOLDEN["assertions"], ids=lambda vector: vector["name"])
def test_recorded_assertions_are_accepted(verifier: Verifier, vector: dict[str, Any]) -> None:
    recorded = {name: bytes.fromhex(vector[name]) for name in ("authenticator_data", "client_data", "der")}
    signer = passkey_signer(verifier.address, int(vector["qx"], 16), int(vector["qy"], 16), vector["relying_party"])
    message = bytes.fromhex(vector["digest"])
    assert verifier.answer(signer[20:], message, Assertion(**recorded).packed()) == ACCEPTED
    assert verifier.answer(signer[20:], DIGEST, Assertion(**recorded).packed()) == REFUSED


def test_a_signer_names_verifier_point_and_relying_party(passkey: SoftPasskey) -> None:
    point = passkey.key.public_key().public_numbers()
    parts = (passkey.verifier[2:], f"{point.x:064x}", f"{point.y:064x}")
    assert passkey.signer.hex() == "".join(parts).lower() + hashlib.sha256(RELYING_PARTY.encode()).hexdigest()


def test_a_passkey_borrows_and_repays(system: System) -> None:
    """No payment costs more than the design asks for, base cost and calldata included."""
    passkey = SoftPasskey(system.contracts["PasskeyVerifier"])
    loan = _lend(system, passkey)
    domain = system.domain("LoanBook")
    for nonce in range(3):
        order = system.order(loan, 500, nonce)
        signed = (order, passkey.signer, passkey.sign(digest(order, domain)))
        assert system.send("LoanBook", "repayBySignature", *signed).gas_used <= GAS_OF_A_PAYMENT
    assert system.loan(loan)["paid_row_minor"] == 1_500


def _lend(system: System, passkey: SoftPasskey) -> bytes:
    _register(system, passkey)
    system.publish(SUBJECT)
    agreement = system.agreement(Person(Account.create(), SUBJECT))
    loan = digest(agreement, system.domain("LoanBook"))
    by_lender = sign(load_key("underwriter", None, DEVNET_CHAIN_ID), agreement, system.domain("LoanBook"))
    system.send("LoanBook", "originate", agreement, passkey.signer, passkey.sign(loan), by_lender)
    return loan


def test_a_passkey_of_an_unlisted_verifier_is_refused_unasked(system: System, refused: Refused) -> None:
    unlisted = system.contracts["CashToken"]
    with refused("VerifierNotListed", verifier=unlisted):
        _register(system, SoftPasskey(unlisted))
    risk, verifier = system.role("risk"), system.contracts["PasskeyVerifier"]
    system.restricted("IdentityRegistry", "setVerifier", verifier, False, sender=risk)
    with refused("VerifierNotListed", verifier=verifier):
        _register(system, SoftPasskey(verifier))


def test_unlisting_a_verifier_locks_nobody_out(system: System) -> None:
    passkey = SoftPasskey(system.contracts["PasskeyVerifier"])
    _register(system, passkey)
    risk = system.role("risk")
    system.restricted("IdentityRegistry", "setVerifier", passkey.verifier, False, sender=risk)
    assert not system.read("IdentityRegistry", "isVerifier", passkey.verifier)
    assert system.read("IdentityRegistry", "speaksFor", SUBJECT, DIGEST, passkey.signer, passkey.sign(DIGEST))


def test_a_verifier_is_a_contract(system: System, refused: Refused) -> None:
    with refused("VerifierWithoutCode"):
        system.restricted("IdentityRegistry", "setVerifier", SUBJECT, True, sender=system.role("risk"))


def _register(system: System, passkey: SoftPasskey) -> None:
    registration = Registration(SUBJECT, passkey.signer, system.evm.timestamp + 60)
    signature = passkey.sign(digest(registration, system.domain("IdentityRegistry")))
    values = (registration, signature, 2, FAR_DAY)
    system.send("IdentityRegistry", "register", *values, sender=system.role("registrar"))


def _packed(assertion: Assertion, s: int | None = None, **places: int) -> bytes:
    """An assertion with what is given in place of what belongs there."""
    r, signed = decode_dss_signature(assertion.der)
    low = min(signed, P256_ORDER - signed)
    found = {
        "challenge_at": max(0, assertion.client_data.find(b'"challenge":"')),
        "type_at": max(0, assertion.client_data.find(b'"type":"webauthn.get"')),
    } | places
    fields = (
        r,
        low if s is None else s,
        found["challenge_at"],
        found["type_at"],
        assertion.authenticator_data,
        assertion.client_data,
    )
    return encode(("uint256", "uint256", "uint256", "uint256", "bytes", "bytes"), fields)
