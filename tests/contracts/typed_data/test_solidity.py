"""The types are spelled the same way in Solidity and here."""

import re
from pathlib import Path

import pytest

from contracts.typed_data import STRUCTS, Login, ScoreRequest, Struct

SOURCE = Path("contracts/src/libraries/TypedDataLib.sol")
OFF_CHAIN: tuple[type[Struct], ...] = (Login, ScoreRequest)
"""No contract checks these."""
CHECKED = [struct for struct in STRUCTS if struct not in OFF_CHAIN]
TYPEHASH = re.compile(r"_TYPEHASH = keccak256\(\s*((?:\"[^\"]*\"\s*)+)\)")


def spelled() -> set[str]:
    """Every type string of the library."""
    return {"".join(re.findall(r'"([^"]*)"', parts)) for parts in TYPEHASH.findall(SOURCE.read_text())}


@pytest.mark.parametrize("struct", CHECKED, ids=lambda struct: struct.__name__)
def test_a_contract_hashes_the_same_type(struct: type[Struct]) -> None:
    assert struct.type_string() in spelled()


def test_the_contracts_hash_no_other_type() -> None:
    assert len(spelled()) == len(CHECKED)
