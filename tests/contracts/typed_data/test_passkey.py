"""Packing what a browser answered into the bytes that PasskeyVerifier reads."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from eth_abi.abi import decode

from contracts.typed_data import NotAnAssertion, passkey_signature, passkey_signer
from contracts.typed_data.passkey import P256_ORDER

AUTHENTICATOR_DATA = bytes(range(37))
CLIENT_DATA = json.dumps({"type": "webauthn.get", "challenge": "abc", "origin": "x"}, separators=(",", ":")).encode()


def _fields(packed: bytes) -> tuple[object, ...]:
    return tuple(decode(("uint256", "uint256", "uint256", "uint256", "bytes", "bytes"), packed))


def test_the_six_fields_follow_each_other_without_an_outer_offset() -> None:
    packed = passkey_signature(AUTHENTICATOR_DATA, CLIENT_DATA, encode_dss_signature(5, 7))
    places = (CLIENT_DATA.index(b'"challenge'), CLIENT_DATA.index(b'"type'))
    assert _fields(packed) == (5, 7, *places, AUTHENTICATOR_DATA, CLIENT_DATA)
    assert int.from_bytes(packed[:32], "big") == 5


@pytest.mark.parametrize("s", [P256_ORDER // 2, P256_ORDER // 2 + 1, P256_ORDER - 7])
def test_s_is_folded_into_the_lower_half(s: int) -> None:
    packed = passkey_signature(AUTHENTICATOR_DATA, CLIENT_DATA, encode_dss_signature(5, s))
    assert _fields(packed)[1] == min(s, P256_ORDER - s) <= P256_ORDER // 2
    assert decode_dss_signature(encode_dss_signature(5, s))[1] == s


@pytest.mark.parametrize("client_data", [b"", b"{}", CLIENT_DATA.replace(b"get", b"create"), CLIENT_DATA[:30]])
def test_client_data_of_no_assertion_is_refused(client_data: bytes) -> None:
    with pytest.raises(NotAnAssertion, match="client data without"):
        passkey_signature(AUTHENTICATOR_DATA, client_data, encode_dss_signature(5, 7))


def test_a_signer_is_verifier_point_and_the_hash_of_the_relying_party() -> None:
    signer = passkey_signer("0x" + "ab" * 20, 1, 2, "localhost")
    hashed = "49960de5880e8c687434170f6476605b8fe4aeb9a28632c7995cf3ba831d9763"
    assert signer.hex() == "ab" * 20 + f"{1:064x}{2:064x}" + hashed
