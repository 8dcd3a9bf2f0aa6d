"""The workbench's P256VERIFY answers as anvil's own: valid signatures, and everything that is none."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from eth_utils.crypto import keccak

from scripts.workbench.anvil import AnvilEvm
from scripts.workbench.p256 import GAS
from scripts.workbench.pyevm import PyEvm
from tests.chain.support import word

PRECOMPILE = "0x" + (0x100).to_bytes(20, "big").hex()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FIELD = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
Words = list[int]
HASH, R, S, X, Y = range(5)


def _signed(number: int) -> Words:
    """Hash, r, s, x, y of a signature by the key of this number."""
    key = derive_private_key(number, SECP256R1())
    message = keccak(b"message" + word(number))
    r, s = decode_dss_signature(key.sign(message, ECDSA(Prehashed(SHA256()))))
    public = key.public_key().public_numbers()
    return [int.from_bytes(message, "big"), r, s, public.x, public.y]


def _with(place: int, change: Callable[[int], int]) -> Callable[[Words], Words]:
    return lambda words: [change(value) if index == place else value for index, value in enumerate(words)]


VALID: dict[str, Callable[[Words], Words]] = {
    "as signed": lambda words: words,
    "the other s": _with(S, lambda s: ORDER - s),
}
INVALID: dict[str, Callable[[Words], Words]] = {
    "another message": _with(HASH, lambda value: value ^ 1),
    "another r": _with(R, lambda r: r ^ 2),
    "another s": _with(S, lambda s: s ^ 2),
    "r is zero": _with(R, lambda _: 0),
    "s is zero": _with(S, lambda _: 0),
    "r is the order": _with(R, lambda _: ORDER),
    "s beyond the order": _with(S, lambda s: (s + ORDER) % 2**256),
    "x beyond the field": _with(X, lambda _: FIELD),
    "y beyond the field": _with(Y, lambda y: (y + FIELD) % 2**256),
    "off the curve": _with(Y, lambda y: y ^ 1),
    "no point": lambda words: [*words[:X], 0, 0],
    "another key": lambda words: [*words[:X], *_signed(77)[X:]],
}


@pytest.mark.parametrize("number", [1, 2, 3, 2**200 + 1])
@pytest.mark.parametrize("name", [*VALID, *INVALID])
def test_both_engines_tell_a_valid_signature_from_any_other(
    py_evm: PyEvm, anvil: AnvilEvm, number: int, name: str
) -> None:
    data = b"".join(map(word, (VALID | INVALID)[name](_signed(number))))
    expected = word(1) if name in VALID else b""
    assert (py_evm.call(PRECOMPILE, data), anvil.call(PRECOMPILE, data)) == (expected, expected)


@pytest.mark.parametrize("size", [0, 32, 159, 161, 192])
def test_input_of_another_length_is_never_valid(py_evm: PyEvm, anvil: AnvilEvm, size: int) -> None:
    data = (b"".join(map(word, _signed(1))) + bytes(64))[:size]
    assert (py_evm.call(PRECOMPILE, data), anvil.call(PRECOMPILE, data)) == (b"", b"")


def test_a_check_costs_the_same_on_both(py_evm: PyEvm, anvil: AnvilEvm) -> None:
    data = b"".join(map(word, _signed(1)))
    by_py_evm, by_anvil = (engine.transact(PRECOMPILE, data).gas_used for engine in (py_evm, anvil))
    assert by_py_evm == by_anvil > 21_000 + GAS
