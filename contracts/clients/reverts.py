"""From revert data to the custom error it holds."""

from functools import cache
from typing import Any

from eth_abi.exceptions import DecodingError

from contracts.artifacts import artifact
from contracts.clients.abi import Signature, decode_params
from contracts.clients.address_book import CONTRACT_NAMES
from contracts.clients.errors import ContractError, RpcError

REVERT_CODE = 3
"""The JSON-RPC error code of a revert, as geth gives it."""

_BUILT_IN: tuple[dict[str, Any], ...] = (
    {"name": "Error", "inputs": [{"name": "message", "type": "string"}]},
    {"name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
)


def decode_revert(data: bytes) -> ContractError:
    """The typed error in revert data; never fails, an unknown one keeps its data."""
    if not data:
        return ContractError("RevertedWithoutReason", {})
    known = _errors().get(data[:4])
    if known is None:
        return ContractError("0x" + data[:4].hex(), {"data": data[4:]})
    try:
        return ContractError(known.name, decode_params(known.inputs, data[4:]))
    except DecodingError:
        return ContractError(known.name, {"data": data[4:]})


def contract_error(error: RpcError) -> ContractError | None:
    """The revert that a JSON-RPC error reports, or None when it reports something else."""
    data = error.data.get("data") if isinstance(error.data, dict) else error.data
    if isinstance(data, str) and data.startswith("0x") and (error.code == REVERT_CODE or len(data) > 2):
        return decode_revert(bytes.fromhex(data[2:]))
    if error.code == REVERT_CODE or "revert" in error.message:
        return decode_revert(b"")
    return None


@cache
def _errors() -> dict[bytes, Signature]:
    entries = [entry for name in CONTRACT_NAMES for entry in artifact(name).abi if entry["type"] == "error"]
    known = [Signature(entry) for entry in (*_BUILT_IN, *entries)]
    return {error.selector: error for error in known}
