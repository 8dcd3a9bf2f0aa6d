"""Every builder of every client: what it is given stands in the calldata, each value where its function takes it."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, get_type_hints

import pytest

from contracts.artifacts import artifact
from contracts.clients import CONTRACT_NAMES, AddressBook, Call, Ledger, ProductCaps, TableRow, table_rows
from contracts.clients.abi import Signature, snake_case
from contracts.clients.contract import ContractClient
from contracts.keys import DEVNET_CHAIN_ID
from contracts.schedule import Row
from contracts.typed_data import STRUCTS
from tests.contracts.loan.strategies import HARVESTS

ENDING = "_call"
BOOK = AddressBook(DEVNET_CHAIN_ID, 0, {name: f"0x{i:040d}" for i, name in enumerate(CONTRACT_NAMES, 1)})
LEDGER = Ledger("http://127.0.0.1:9", BOOK)
"""Nobody is asked: a builder needs no node."""
CLIENTS = [client for client in vars(LEDGER).values() if isinstance(client, ContractClient)]
BROUGHT = table_rows(HARVESTS, range(1, 3))
RENAMED = {"collect_table_call": "collect_call"}
"""Builders that need a name of their own: their function has one name for two meanings."""


def builders() -> Iterator[Any]:
    """Each builder of each client with all it may be given, and with what it must be given."""
    for client in CLIENTS:
        for name, builder in inspect.getmembers(client, inspect.ismethod):
            if name.endswith(ENDING):
                contract = client.contract
                yield pytest.param(client, builder, False, id=f"{contract}.{name}")
                if any(_optional(parameter) for parameter in inspect.signature(builder).parameters.values()):
                    yield pytest.param(client, builder, True, id=f"{contract}.{name} short")


def _optional(parameter: inspect.Parameter) -> bool:
    return parameter.default is not inspect.Parameter.empty


def samples() -> Callable[[Any], Any]:
    """A value for each annotation, another one each time where there are others."""
    numbers = count(1)

    def sample(kind: Any) -> Any:
        if kind in STRUCTS:
            return kind(**{field.name: _member(field.type, field.struct) for field in kind.fields()})
        return {
            bool: lambda: True,
            int: lambda: next(numbers),
            bytes: lambda: next(numbers).to_bytes(32, "big"),
            str: lambda: f"0x{next(numbers):040d}",
            ProductCaps: lambda: ProductCaps(**{n: sample(k) for n, k in get_type_hints(ProductCaps).items()}),
            Sequence[str]: lambda: [sample(str), sample(str)],
            Sequence[bytes]: lambda: [sample(bytes), sample(bytes)],
            Sequence[bytes] | bytes: lambda: b"\1" * 65,
            Sequence[Row]: lambda: HARVESTS,
            Sequence[TableRow]: lambda: BROUGHT,
        }[kind]()

    def _member(kind: str, struct: Any) -> Any:
        if struct is not None:
            return sample(struct)
        return sample({"address": str, "bytes": bytes, "bytes32": bytes}.get(kind, int))

    return sample


@pytest.mark.parametrize(("client", "builder", "short"), builders())
def test_a_builder_encodes_what_its_function_takes(
    client: ContractClient, builder: Callable[..., Call], short: bool
) -> None:
    sample, kinds = samples(), get_type_hints(builder)
    parameters = inspect.signature(builder).parameters.values()
    given = {p.name: sample(kinds[p.name]) for p in parameters if not (short and _optional(p))}
    call = builder(**given)
    function = by_selector(client.contract, call.data[:4])
    assert call.to == client.address
    assert f"{snake_case(function.name)}{ENDING}" == RENAMED.get(builder.__name__, builder.__name__)
    found = list(function.decode_inputs(call.data).values())
    assert found[: len(given)] == [_as_decoded(value) for value in given.values()]
    assert all(value in (0, b"", []) for value in found[len(given) :]), "what is not given is none of it"


def by_selector(contract: str, selector: bytes) -> Signature:
    functions = [Signature(entry) for entry in artifact(contract).abi if entry["type"] == "function"]
    return next(function for function in functions if function.selector == selector)


def _as_decoded(value: Any) -> Any:
    """As decoding gives it back: rows are words, structs that nobody signs are dictionaries."""
    if isinstance(value, Row):
        return value.word
    if isinstance(value, TableRow):
        return {"word": value.word, "proof": list(value.proof)}
    if isinstance(value, ProductCaps):
        return vars(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_as_decoded(item) for item in value]
    return value


def test_builders_of_all_clients_are_found() -> None:
    found = {param.values[0].contract for param in builders()}
    assert found == {client.contract for client in CLIENTS} and len(CLIENTS) == 6
