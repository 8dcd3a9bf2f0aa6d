"""Random structs of every kind."""

from typing import Any

from eth_utils.address import to_checksum_address
from hypothesis import strategies as st

from contracts.typed_data import STRUCTS, Domain, Struct, StructField

addresses = st.binary(min_size=20, max_size=20).map(to_checksum_address)
domains = st.builds(Domain, st.integers(1, 2**64), addresses)

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "uint256": st.integers(0, 2**256 - 1) | st.integers(0, 2**40),
    "int256": st.integers(-(2**255), 2**255 - 1) | st.integers(-720, 840),
    "address": addresses,
    "bytes32": st.binary(min_size=32, max_size=32),
    "bytes": st.binary(max_size=200),
}


def structs_of(kind: type[Struct]) -> st.SearchStrategy[Struct]:
    """Random values for every field of one struct."""
    return st.builds(kind, **{field.name: values_of(field) for field in kind.fields()})


def values_of(field: StructField) -> st.SearchStrategy[Any]:
    """Random values for one field."""
    return structs_of(field.struct) if field.struct else _VALUES[field.type]


structs = st.sampled_from(STRUCTS).flatmap(structs_of)
