"""The digest is the one that eth-account, and so every wallet, computes."""

import json
from typing import Any

from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from contracts.typed_data import Amendment, Domain, Payment, Struct, StructField, digest, typed_data
from tests.contracts.typed_data.strategies import domains, structs

PAYMENT = Payment(loan=bytes(31) + b"\1", amount_minor=80_00, nonce=3, deadline=1_700_000_000)
FIVES: dict[str, int | str] = {
    "uint256": 5,
    "int256": 5,
    "address": "0x" + "00" * 19 + "05",
    "bytes32": "0x" + "05" * 32,
    "bytes": "0x05",
}
DOMAIN = Domain(1337421, "0x000000000000000000000000000000000000bEEF")


def fives(field: StructField) -> Any:
    """The JSON form of a field that says five everywhere."""
    return {member.key: fives(member) for member in field.struct.fields()} if field.struct else FIVES[field.type]


@given(structs, domains)
def test_digest_agrees_with_eth_account(struct: Struct, domain: Domain) -> None:
    sent = json.loads(json.dumps(typed_data(struct, domain)))
    assert digest(struct, domain) == _hash_eip191_message(encode_typed_data(full_message=sent))


@given(structs, domains, st.data())
def test_every_field_counts(struct: Struct, domain: Domain, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(struct.fields()))
    message = struct.message()
    message[field.key] = fives(field)
    changed = type(struct).from_message(message)
    assert (digest(changed, domain) == digest(struct, domain)) == (changed == struct)


def test_the_type_string_is_the_one_solidity_hashes() -> None:
    assert Payment.type_string() == ("Payment(bytes32 loan,uint256 amountMinor,uint256 nonce,uint256 deadline)")


def test_a_struct_inside_is_spelled_behind_its_holder() -> None:
    holder, inner = Amendment.type_string().split("Agreement terms)")
    assert holder.startswith("Amendment(bytes32 loan,")
    assert inner.startswith("Agreement(address borrower,")


def test_chain_and_contract_separate_digests() -> None:
    elsewhere = Domain(1, DOMAIN.verifying_contract)
    assert digest(PAYMENT, DOMAIN) != digest(PAYMENT, elsewhere)
    assert digest(PAYMENT, DOMAIN) != digest(PAYMENT, Domain(DOMAIN.chain_id, "0x" + "11" * 20))


def test_the_case_of_an_address_does_not_change_a_domain() -> None:
    assert digest(PAYMENT, DOMAIN) == digest(PAYMENT, Domain(1337421, DOMAIN.verifying_contract.lower()))
