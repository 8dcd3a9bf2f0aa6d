"""Names for what AccessManager's events give as numbers: roles, addresses, selectors, calldata."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from eth_abi.exceptions import DecodingError

from contracts.access.journal import ADMIN_ROLE, PUBLIC_ROLE
from contracts.artifacts import artifact
from contracts.clients.abi import Signature

SELECTOR_BYTES = 4


class Names:
    """Contract name by address (those of this repository that stand there); what is not known stays hex."""

    def __init__(self, contracts: Mapping[str, str]) -> None:
        self._contracts = contracts

    def contract(self, address: str) -> str:
        """The contract's name, of an older version with its number ("LoanBook#1"); its address when it is not ours."""
        return self._contracts.get(address, address)

    def function(self, address: str, selector: bytes) -> str:
        """Name and argument types, structs by their name."""
        known = self._functions(address).get(selector)
        return shown_signature(known.entry) if known else "0x" + selector.hex()

    def call(self, address: str, data: bytes) -> str:
        """The call that calldata makes, with its arguments."""
        known = self._functions(address).get(data[:SELECTOR_BYTES])
        if known is None:
            return "0x" + data.hex()
        try:
            values = known.decode_inputs(data)
        except DecodingError:
            return f"{known.name}(0x{data[SELECTOR_BYTES:].hex()})"
        return f"{known.name}({', '.join(f'{name}={_shown(value)}' for name, value in values.items())})"

    def role(self, role: int, label: str) -> str:
        """The label, or for a role without one its number."""
        return {ADMIN_ROLE: "ADMIN", PUBLIC_ROLE: "PUBLIC"}.get(role) or label or f"role {role}"

    def _functions(self, address: str) -> dict[bytes, Signature]:
        name = self._contracts.get(address)
        return functions_of(name.partition("#")[0]) if name else {}


@cache
def functions_of(contract: str) -> dict[bytes, Signature]:
    """The functions of one of our contracts by selector."""
    known = [Signature(entry) for entry in artifact(contract).abi if entry["type"] == "function"]
    return {function.selector: function for function in known}


@cache
def selectors_of(contract: str, names: tuple[str, ...]) -> frozenset[bytes]:
    """The selectors of functions of one of our contracts."""
    return frozenset(selector for selector, function in functions_of(contract).items() if function.name in names)


def shown_signature(entry: Mapping[str, Any]) -> str:
    """As a reader writes it: setProduct(bytes32,ProductCaps)."""
    return f"{entry['name']}({','.join(shown_type(param) for param in entry['inputs'])})"


def shown_type(param: Mapping[str, Any]) -> str:
    """The type of a parameter, a struct by its name."""
    if not param["type"].startswith("tuple"):
        return str(param["type"])
    return str(param["internalType"]).removeprefix("struct ").rpartition(".")[2]


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}={_shown(item)}' for name, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return str(value)
