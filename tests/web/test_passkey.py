"""A browser's own passkey signs an EIP-712 message, and the contracts accept it."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from eth_utils.crypto import keccak
from playwright.sync_api import CDPSession, Error, Page

from contracts.clients.errors import ContractError
from contracts.typed_data import Registration, digest, passkey_signature, passkey_signer
from scripts.workbench.system import FAR_DAY, System
from tests.web.conftest import OpenPhone

RELYING_PARTY = "localhost"
SUBJECT = "0x" + "5e" * 20
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
CREATE = """async (party) => {
  const created = await navigator.credentials.create({publicKey: {
    challenge: new Uint8Array(32),
    rp: {id: party, name: "Tallystick"},
    user: {id: new Uint8Array(16), name: "borrower", displayName: "borrower"},
    pubKeyCredParams: [{type: "public-key", alg: -7}],
    authenticatorSelection: {residentKey: "required", userVerification: "required"},
  }});
  return Array.from(new Uint8Array(created.response.getPublicKey()));
}"""
GET = """async ([party, digest]) => {
  const got = await navigator.credentials.get({publicKey: {
    challenge: new Uint8Array(digest), rpId: party, userVerification: "required",
  }});
  const {authenticatorData, clientDataJSON, signature} = got.response;
  return [authenticatorData, clientDataJSON, signature].map((part) => Array.from(new Uint8Array(part)));
}"""


class BrowserPasskey:
    """A passkey in Chromium's virtual authenticator."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        self._authenticator = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        key = load_der_public_key(bytes(page.evaluate(CREATE, RELYING_PARTY)))
        assert isinstance(key, EllipticCurvePublicKey)
        self._point = key.public_numbers()

    def signer(self, verifier: str) -> bytes:
        return passkey_signer(verifier, self._point.x, self._point.y, RELYING_PARTY)

    def sign(self, message: bytes) -> bytes:
        parts = self._page.evaluate(GET, [RELYING_PARTY, list(message)])
        return passkey_signature(*map(bytes, parts))

    def refuse_verification(self) -> None:
        """The finger on the sensor is another's from now on."""
        self._devtools.send("WebAuthn.setUserVerified", {**self._authenticator, "isUserVerified": False})


@pytest.fixture
def passkey(open_phone: OpenPhone) -> BrowserPasskey:
    page = open_phone()
    page.route("**/*", _empty_page)
    page.goto(f"http://{RELYING_PARTY}/")
    return BrowserPasskey(page)


def _empty_page(route: Any) -> None:
    route.fulfill(body="<!doctype html><title>Tallystick</title>", content_type="text/html")


@pytest.fixture(scope="module")
def system() -> System:
    return System.start()


def _register(system: System, signer: bytes, sign: Callable[[bytes], bytes]) -> None:
    registration = Registration(SUBJECT, signer, system.evm.timestamp + 600)
    signature = sign(digest(registration, system.domain("IdentityRegistry")))
    values = (registration, signature, 2, FAR_DAY)
    system.send("IdentityRegistry", "register", *values, sender=system.role("registrar"))


def test_a_browsers_passkey_speaks_for_a_subject(passkey: BrowserPasskey, system: System) -> None:
    signer = passkey.signer(system.contracts["PasskeyVerifier"])
    with pytest.raises(ContractError, match="InvalidSignature"):
        _register(system, signer, lambda message: passkey.sign(keccak(message)))
    _register(system, signer, passkey.sign)
    for number in range(8):  # half of them come with s in the upper half
        message = keccak(number.to_bytes(1, "big"))
        spoken = (SUBJECT, message, signer, passkey.sign(message))
        assert system.read("IdentityRegistry", "speaksFor", *spoken)


def test_a_browser_signs_nothing_for_who_is_not_verified(passkey: BrowserPasskey) -> None:
    passkey.refuse_verification()
    with pytest.raises(Error, match="NotAllowedError"):
        passkey.sign(keccak(b"message"))
