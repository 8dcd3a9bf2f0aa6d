"""Accounts, calls and fees."""

from collections.abc import Callable
from typing import Any, TypeVar

from eth_abi.abi import decode as abi_decode

from chain.core.calls import CallFailed, CallReverted, GasAllowanceExceeded, Message, call, estimate
from chain.rpc import hexes
from chain.rpc.errors import InvalidParams, LimitExceeded, Reverted, RpcError
from chain.rpc.node import Node, Params, block_number, method, optional, state_machine

T = TypeVar("T")

ERROR_STRING_SELECTOR = bytes.fromhex("08c379a0")
MAX_FEE_HISTORY_BLOCKS = 1_024
MAX_PERCENTILES = 100


@method("eth_getBalance", least=1, most=2)
def balance(node: Node, params: Params) -> str:
    """An account's balance in wei."""
    account = hexes.address(params[0])
    with node.ledger.view() as view:
        return hex(state_machine(node, view, optional(params, 1, "latest")).state.get_balance(account))


@method("eth_getCode", least=1, most=2)
def code(node: Node, params: Params) -> str:
    """An account's code."""
    account = hexes.address(params[0])
    with node.ledger.view() as view:
        return hexes.as_hex(state_machine(node, view, optional(params, 1, "latest")).state.get_code(account))


@method("eth_getStorageAt", least=2, most=3)
def storage(node: Node, params: Params) -> str:
    """A storage slot, as 32 bytes."""
    account, slot = hexes.address(params[0]), hexes.quantity(params[1], "slot")
    with node.ledger.view() as view:
        value = state_machine(node, view, optional(params, 2, "latest")).state.get_storage(account, slot)
        return f"0x{value:064x}"


@method("eth_getTransactionCount", least=1, most=2)
def transaction_count(node: Node, params: Params) -> str:
    """An account's nonce; `pending` counts waiting transactions whose turn will come."""
    account, tag = hexes.address(params[0]), optional(params, 1, "latest")
    if tag == "pending":
        return hex(node.ledger.next_nonce(account))
    with node.ledger.view() as view:
        return hex(state_machine(node, view, tag).state.get_nonce(account))


@method("eth_call", least=1, most=2)
def eth_call(node: Node, params: Params) -> str:
    """Run a message on the state of a block; changes nothing."""
    message = parse_message(params[0])
    with node.ledger.view() as view:
        machine = state_machine(node, view, optional(params, 1, "latest"))
        return hexes.as_hex(_reporting(lambda: call(machine, message)))


@method("eth_estimateGas", least=1, most=2)
def estimate_gas(node: Node, params: Params) -> str:
    """The gas limit a transaction needs; without a block it runs as the next block would run it."""
    message, tag = parse_message(params[0]), optional(params, 1, "pending")
    with node.ledger.view() as view:
        return hex(_reporting(lambda: estimate(lambda: state_machine(node, view, tag), message)))


@method("eth_gasPrice", "eth_maxPriorityFeePerGas")
def gas_price(_: Node, __: Params) -> str:
    """Gas costs nothing on this ledger."""
    return "0x0"


@method("eth_blobBaseFee")
def blob_base_fee(_: Node, __: Params) -> str:
    """Blob gas would cost the least that Prague allows, 1 wei; the ledger accepts no blobs."""
    return "0x1"


@method("eth_feeHistory", least=2, most=3)
def fee_history(node: Node, params: Params) -> dict[str, Any]:
    """Base fees (all 0) and how full the blocks were."""
    count, percentiles = hexes.quantity(params[0], "blockCount"), optional(params, 2, [])
    if count > MAX_FEE_HISTORY_BLOCKS:
        raise LimitExceeded(f"more than {MAX_FEE_HISTORY_BLOCKS} blocks asked for")
    if not isinstance(percentiles, list):
        raise InvalidParams("rewardPercentiles must be a list")
    if len(percentiles) > MAX_PERCENTILES:
        raise LimitExceeded(f"more than {MAX_PERCENTILES} percentiles asked for")
    with node.ledger.view() as view:
        newest = block_number(view, params[1])
        headers = [view.header(number) for number in range(max(0, newest - count + 1), newest + 1)]
    history: dict[str, Any] = {
        "oldestBlock": hex(newest - len(headers) + 1),
        "baseFeePerGas": [hex(header.base_fee_per_gas) for header in headers] + ["0x0"],
        "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
        "baseFeePerBlobGas": ["0x1"] * (len(headers) + 1),
        "blobGasUsedRatio": [0.0] * len(headers),
    }
    return history | ({"reward": [["0x0"] * len(percentiles) for _ in headers]} if percentiles else {})


def parse_message(request: Any) -> Message:
    """A call object; raises InvalidParams."""
    if not isinstance(request, dict):
        raise InvalidParams("the call must be an object")
    payload = request.get("input") or request.get("data") or "0x"
    gas = request.get("gas")
    return Message(
        sender=hexes.address(request.get("from") or "0x" + "00" * hexes.ADDRESS_BYTES, "from"),
        to=hexes.address(request["to"], "to") if request.get("to") else b"",
        value=hexes.quantity(request.get("value") or "0x0", "value"),
        data=hexes.data(payload, "data"),
        gas=None if gas is None else hexes.quantity(gas, "gas"),
    )


def _reporting(run: Callable[[], T]) -> T:
    """Turn what ends a message into geth's errors."""
    try:
        return run()
    except CallReverted as reverted:
        reason = _reason(reverted.data)
        message = "execution reverted" if reason is None else f"execution reverted: {reason}"
        raise Reverted(message, hexes.as_hex(reverted.data)) from reverted
    except (CallFailed, GasAllowanceExceeded) as failed:
        raise RpcError(str(failed)) from failed


def _reason(data: bytes) -> str | None:
    if data[:4] != ERROR_STRING_SELECTOR:
        return None
    try:
        (reason,) = abi_decode(["string"], data[4:])
    except Exception:  # whatever a contract may have packed there
        return None
    return str(reason)
