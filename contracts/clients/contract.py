"""What the typed clients share: reading a view, building a call."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from contracts.artifacts import artifact
from contracts.clients.abi import Signature
from contracts.clients.errors import AmbiguousFunction, ContractMissing, RpcError
from contracts.clients.reverts import contract_error
from contracts.clients.rpc import Rpc
from contracts.typed_data import Domain

BlockId = int | str | bytes
"""A block by number, by tag ("latest", "pending"), or by its 32-byte hash."""


@dataclass(frozen=True)
class Call:
    """A transaction to be enqueued: where to and which calldata, and how much gas it needs if that is known."""

    to: str
    data: bytes
    estimated_gas: int | None = None


class ContractClient:
    """One contract at one address. Holds no key: writes are built as a Call for the sender."""

    contract: ClassVar[str]

    def __init__(self, rpc: Rpc, domain: Domain) -> None:
        self.rpc, self.domain = rpc, domain

    @property
    def address(self) -> str:
        """The contract's checksummed address."""
        return self.domain.verifying_contract

    def read(self, function: str, *args: Any, block: BlockId = "latest") -> dict[str, Any]:
        """What a view returns, by snake_case name (unnamed values by position).

        Raises ContractError when it reverts, ContractMissing, LedgerUnavailable, RpcError.
        """
        known = function_of(self.contract, function, len(args))
        returned = eth_call(self.rpc, self.address, known.encode(args), block)
        if not returned:
            raise ContractMissing(self.contract, self.address)
        return known.decode_outputs(returned)

    def read_one(self, function: str, *args: Any, block: BlockId = "latest") -> Any:
        """The only value that a view returns."""
        (value,) = self.read(function, *args, block=block).values()
        return value

    def call(self, function: str, *args: Any) -> Call:
        """Calldata for a state-changing function."""
        return Call(self.address, function_of(self.contract, function, len(args)).encode(args))


def eth_call(rpc: Rpc, to: str, data: bytes, block: BlockId = "latest") -> bytes:
    """Run a call without a transaction. Raises ContractError when it reverts."""
    try:
        returned = rpc.request("eth_call", {"to": to, "data": "0x" + data.hex()}, block_parameter(block))
    except RpcError as error:
        raise contract_error(error) or error from error
    return bytes.fromhex(returned[2:])


def estimate_gas(rpc: Rpc, call: Call, block: BlockId = "pending") -> Call:
    """The same call with the gas it needs at `block`. Raises ContractError when it reverts."""
    try:
        needed = rpc.request("eth_estimateGas", {"to": call.to, "data": "0x" + call.data.hex()}, block_parameter(block))
    except RpcError as error:
        raise contract_error(error) or error from error
    return replace(call, estimated_gas=int(needed, 16))


def block_parameter(block: BlockId) -> Any:
    """The block as JSON-RPC takes it (a hash as in EIP-1898)."""
    if isinstance(block, int):
        return hex(block)
    if isinstance(block, bytes):
        return {"blockHash": "0x" + block.hex()}
    return block


@cache
def function_of(contract: str, name: str, arguments: int | None = None) -> Signature:
    """A function of a compiled contract by name, and by its number of arguments where the name has several.

    Raises KeyError when there is none, AmbiguousFunction when `arguments` must tell which one.
    """
    named = [entry for entry in artifact(contract).abi if entry["type"] == "function" and entry["name"] == name]
    fitting = [entry for entry in named if arguments in (None, len(entry["inputs"]))]
    if not fitting:
        raise KeyError(f"{contract}.{name}")
    if len(fitting) > 1:
        raise AmbiguousFunction(contract, name)
    return Signature(fitting[0])
