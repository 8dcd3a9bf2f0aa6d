"""IdentityRegistry: who is a party, and which signatures speak for it."""

from dataclasses import replace

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from contracts.typed_data import Registration, sign
from scripts.workbench.system import FAR_DAY, Person, System
from tests.contracts.conftest import Refused

OTHER = Account.from_key(keccak(b"other"))


@pytest.fixture
def newcomer() -> Person:
    return Person(Account.from_key(keccak(b"newcomer")), "0x" + "5a" * 20)


def _registration(system: System, person: Person) -> tuple[Registration, bytes]:
    registration = Registration(person.subject, person.signer, system.evm.timestamp + 60)
    return registration, sign(person.key, registration, system.domain("IdentityRegistry"))


def _register(system: System, registration: Registration, signature: bytes, level: int = 1) -> None:
    sender = system.role("registrar")
    system.send("IdentityRegistry", "register", registration, signature, level, FAR_DAY, sender=sender)


def test_a_registered_subject_has_its_signer_and_standing(system: System, newcomer: Person) -> None:
    _register(system, *_registration(system, newcomer))
    assert system.read("IdentityRegistry", "isSigner", newcomer.subject, newcomer.signer)
    standing = system.read("IdentityRegistry", "standing", newcomer.subject)
    expected = {"registered": True, "institution": False, "frozen": False, "kyc_level": 1}
    assert standing == expected | {"kyc_expiry_day": FAR_DAY}


def test_a_subject_registers_once(system: System, newcomer: Person, refused: Refused) -> None:
    registration, signature = _registration(system, newcomer)
    _register(system, registration, signature)
    with refused("AlreadyRegistered"):
        _register(system, registration, signature)


def test_only_the_signer_itself_proves_possession(system: System, newcomer: Person, refused: Refused) -> None:
    registration, _ = _registration(system, newcomer)
    with refused("InvalidSignature"):
        _register(system, registration, sign(OTHER, registration, system.domain("IdentityRegistry")))


def test_a_registration_is_bound_to_chain_and_contract(system: System, newcomer: Person, refused: Refused) -> None:
    registration, _ = _registration(system, newcomer)
    home = system.domain("IdentityRegistry")
    for domain in (replace(home, chain_id=1), system.domain("LoanBook")):
        with refused("InvalidSignature"):
            _register(system, registration, sign(newcomer.key, registration, domain))


def test_an_expired_registration_is_refused(system: System, newcomer: Person, refused: Refused) -> None:
    registration, signature = _registration(system, newcomer)
    system.evm.go_to(registration.deadline)
    _register(system, registration, signature)
    other = replace(registration, subject="0x" + "5b" * 20)
    system.evm.go_to(registration.deadline + 1)
    with refused("DeadlinePassed", deadline=registration.deadline, now_at=registration.deadline + 1):
        _register(system, other, sign(newcomer.key, other, system.domain("IdentityRegistry")))


def test_kyc_must_fit_its_fields(system: System, newcomer: Person, refused: Refused) -> None:
    with refused("KycOutOfRange", kyc_level=256):
        _register(system, *_registration(system, newcomer), level=256)
    _register(system, *_registration(system, newcomer), level=255)


def test_a_day_beyond_its_field_is_no_kyc_expiry(system: System, refused: Refused) -> None:
    person, registrar = system.person(), system.role("registrar")
    with refused("KycOutOfRange", kyc_level=1, kyc_expiry_day=2**24):
        system.send("IdentityRegistry", "setKyc", person.subject, 1, 2**24, sender=registrar)
    system.send("IdentityRegistry", "setKyc", person.subject, 1, 2**24 - 1, sender=registrar)
    assert system.read("IdentityRegistry", "standing", person.subject)["kyc_expiry_day"] == 2**24 - 1


def test_the_zero_address_is_no_party(system: System, newcomer: Person, refused: Refused) -> None:
    nobody = replace(newcomer, subject="0x" + "00" * 20)
    with refused("ZeroParty"):
        _register(system, *_registration(system, nobody))


def test_strangers_do_not_register(system: System, newcomer: Person, refused: Refused) -> None:
    registration, signature = _registration(system, newcomer)
    with refused("AccessManagedUnauthorized"):
        system.send("IdentityRegistry", "register", registration, signature, 1, FAR_DAY)


def test_unknown_parties_are_neither_frozen_nor_known(system: System, refused: Refused) -> None:
    stranger, registrar = "0x" + "99" * 20, system.role("registrar")
    with refused("NotRegistered", party="0x" + "99" * 20):
        system.send("IdentityRegistry", "setFrozen", stranger, True, sender=registrar)
    with refused("NotRegistered"):
        system.send("IdentityRegistry", "setKyc", stranger, 1, FAR_DAY, sender=registrar)


def test_kyc_holds_through_its_last_utc_day(system: System) -> None:
    person = system.person()
    today = system.evm.timestamp // 86_400
    values = (person.subject, 1, today)
    system.send("IdentityRegistry", "setKyc", *values, sender=system.role("registrar"))
    system.evm.go_to((today + 1) * 86_400 - 1)
    assert system.read("IdentityRegistry", "mayTransact", person.subject)
    system.evm.go_to((today + 1) * 86_400)
    assert not system.read("IdentityRegistry", "mayTransact", person.subject)


def test_an_institution_without_code_signs_nothing(system: System) -> None:
    treasurer = system.role("treasurer")
    assert not system.read("IdentityRegistry", "speaksFor", treasurer, bytes(32), b"", b"")


@pytest.mark.parametrize("length", [0, 1, 19])
def test_a_signer_too_short_to_be_one_is_refused(system: System, refused: Refused, length: int) -> None:
    registration = Registration("0x" + "5a" * 20, b"\x01" * length, system.evm.timestamp + 60)
    with refused("InvalidSignature"):
        _register(system, registration, sign(OTHER, registration, system.domain("IdentityRegistry")))


def test_the_upper_half_of_s_is_refused(system: System, newcomer: Person, refused: Refused) -> None:
    registration, signature = _registration(system, newcomer)
    with refused("InvalidSignature"):
        _register(system, registration, malleated(signature))


def malleated(signature: bytes) -> bytes:
    """The other signature of the same key over the same digest: s from the upper half, v flipped."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = order - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])
