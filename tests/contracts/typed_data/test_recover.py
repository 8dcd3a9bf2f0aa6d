"""A signature names its signer, and only well-formed signatures name anyone."""

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.typed_data import Domain, InvalidSignature, Payment, Struct, recover, sign
from tests.contracts.typed_data.strategies import domains, structs

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
ACCOUNT = Account.from_key(b"\7" * 32)
DOMAIN = Domain(1337421, "0x" + "11" * 20)
PAYMENT = Payment(loan=b"\1" * 32, amount_minor=1, nonce=0, deadline=1)


@settings(max_examples=30)
@given(structs, domains, st.integers(1, ORDER - 1))
def test_the_signer_is_recovered(struct: Struct, domain: Domain, key: int) -> None:
    account = Account.from_key(key.to_bytes(32, "big"))
    assert recover(struct, domain, sign(account, struct, domain)) == account.address


def test_another_message_recovers_someone_else() -> None:
    signature = sign(ACCOUNT, PAYMENT, DOMAIN)
    assert recover(Payment(b"\1" * 32, 2, 0, 1), DOMAIN, signature) != ACCOUNT.address


def _high_s(signature: bytes) -> bytes:
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda s: s[:-1], "64 bytes"),
        (lambda s: s + b"\0", "66 bytes"),
        (lambda s: s[:64] + b"\0", "v is 0"),
        (_high_s, "upper half"),
        (lambda s: bytes(32) + s[32:], "signature"),
    ],
)
def test_a_malformed_signature_is_refused(spoil: object, reason: str) -> None:
    assert callable(spoil)
    with pytest.raises(InvalidSignature, match=reason):
        recover(PAYMENT, DOMAIN, spoil(sign(ACCOUNT, PAYMENT, DOMAIN)))
