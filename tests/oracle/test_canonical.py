"""One byte string for one value, and nothing that has no exact form."""

import json

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from oracle.canonical import NotCanonical, canonical_json, commitment, content_hash

values = st.recursive(
    st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(values)
def test_the_form_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


def test_order_of_keys_does_not_matter_and_nothing_is_escaped() -> None:
    one, other = {"b": 1, "a": "中文"}, {"a": "中文", "b": 1}
    assert canonical_json(one) == canonical_json(other) == '{"a":"中文","b":1}'.encode()


@pytest.mark.parametrize("value", [1.5, True, None, {"a": [1, 2.0]}, {1: "a"}])
def test_a_value_without_exact_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_the_refusal_says_where() -> None:
    with pytest.raises(NotCanonical, match=r"\.a\[1\]"):
        canonical_json({"a": [1, 2.0]})


def test_a_commitment_is_the_salt_and_the_form_hashed() -> None:
    salt = bytes(range(32))
    assert commitment(salt, {"a": 1}) == keccak(salt + b'{"a":1}')
    assert content_hash({"a": 1}) == keccak(b'{"a":1}')


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(NotCanonical, match="31 bytes"):
        commitment(bytes(31), {})
