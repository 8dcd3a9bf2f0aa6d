"""What can go wrong between a client and the ledger, one class per refusal."""

import json
from collections.abc import Mapping
from typing import Any, Self


class LedgerUnavailable(Exception):
    """The ledger's JSON-RPC cannot be reached, or what answers there is not a ledger."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"ledger {url} is not available: {reason}")
        self.url, self.reason = url, reason


class RpcError(Exception):
    """The ledger answered a request with a JSON-RPC error that is not a revert."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(f"{message} (code {code})")
        self.code, self.message, self.data = code, message, data


class WrongChain(Exception):
    """The ledger at the URL is another chain than the address book's."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"the address book is of chain {expected}, the ledger is chain {found}")
        self.expected, self.found = expected, found


class ContractMissing(Exception):
    """No contract stands at the address."""

    def __init__(self, contract: str, address: str) -> None:
        super().__init__(f"no {contract} at {address}")
        self.contract, self.address = contract, address


class AmbiguousFunction(Exception):
    """The contract has several functions of this name; the number of arguments tells them apart."""

    def __init__(self, contract: str, name: str) -> None:
        super().__init__(f"{contract} has several functions {name}")
        self.contract, self.name = contract, name


class ContractError(Exception):
    """A contract reverted; `name` and `values` are those of its custom error.

    Values are keyed by the snake_case names of the error's members: ints, checksummed addresses, bytes.
    A plain message has the name Error, a failed assertion Panic, an unknown selector its hex.
    """

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        super().__init__(f"{name}({', '.join(f'{key}={_show(value)}' for key, value in values.items())})")
        self.name, self.values = name, dict(values)

    def to_json(self) -> str:
        """One line that `from_json` reads back; bytes become 0x hex."""
        values = {key: _show(value) if isinstance(value, bytes) else value for key, value in self.values.items()}
        return json.dumps({"name": self.name, "values": values}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; bytes stay 0x hex strings."""
        content = json.loads(text)
        return cls(content["name"], content["values"])


def _show(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
