"""Run a message without a transaction: `eth_call` and `eth_estimateGas`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_utils.exceptions import ValidationError

from chain.core.rules import MAX_TRANSACTION_GAS, ZERO_ADDRESS
from chain.errors import LedgerError

CALL_GAS_CAP = 30_000_000
CALL_STIPEND = 2_300
FORWARDED_PARTS = 64  # EIP-150: a call keeps one part of 64
ESTIMATE_PRECISION_PARTS = 64  # the search ends when the bounds differ by less than one part

MachineFactory = Callable[[], Any]


class CallReverted(LedgerError):
    """The message ran and reverted; `data` is what it returned."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        super().__init__("execution reverted")


class CallFailed(LedgerError):
    """The message cannot run or ends exceptionally."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class GasAllowanceExceeded(LedgerError):
    """Even the largest allowed gas limit is not enough."""

    def __init__(self, allowance: int) -> None:
        self.allowance = allowance
        super().__init__(f"gas required exceeds allowance ({allowance})")


@dataclass(frozen=True)
class Message:
    """What to run: like a transaction, but unsigned and free of charge."""

    sender: bytes = ZERO_ADDRESS
    to: bytes = b""
    value: int = 0
    data: bytes = b""
    gas: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How a message ended; `gas_used` includes the base cost, after refunds."""

    output: bytes
    gas_used: int
    gas_peak: int  # before refunds
    error: Exception | None


def call(machine: Any, message: Message) -> bytes:
    """The output of the message; raises CallReverted, CallFailed."""
    gas = CALL_GAS_CAP if message.gas is None else min(message.gas, CALL_GAS_CAP)
    outcome = run(machine, message, gas)
    raise_error(outcome)
    return outcome.output


def run(machine: Any, message: Message, gas: int) -> Outcome:
    """Run the message with this gas limit; raises CallFailed when it cannot even start."""
    state = machine.state
    unsigned = PragueTransactionBuilder.new_unsigned_dynamic_fee_transaction(
        chain_id=state.execution_context.chain_id,
        nonce=state.get_nonce(message.sender),
        max_priority_fee_per_gas=0,
        max_fee_per_gas=0,
        gas=gas,
        to=message.to,
        value=message.value,
        data=message.data,
        access_list=[],
    )
    transaction = SpoofTransaction(unsigned, from_=message.sender)
    try:
        if gas < transaction.intrinsic_gas:
            raise CallFailed(f"intrinsic gas too low: have {gas}, want {transaction.intrinsic_gas}")
        computation = state.apply_transaction(transaction)
    except ValidationError as error:
        raise CallFailed(str(error)) from error
    gas_used = machine.finalize_gas_used(transaction, computation)
    peak = max(gas_used, transaction.intrinsic_gas + computation.get_gas_used())
    return Outcome(bytes(computation.output), gas_used, peak, computation.error if computation.is_error else None)


def raise_error(outcome: Outcome) -> None:
    """Raise what ended the message, if it did not succeed."""
    if outcome.error is None:
        return
    if type(outcome.error).__name__ == "Revert":
        raise CallReverted(outcome.output)
    raise CallFailed(_geth_reason(outcome.error))


def _geth_reason(error: Exception) -> str:
    names = {
        "OutOfGas": "out of gas",
        "InvalidInstruction": "invalid opcode",
        "InvalidJumpDestination": "invalid jump destination",
        "InsufficientStack": "stack underflow",
        "FullStack": "stack limit reached",
        "WriteProtection": "write protection",
        "ContractCreationCollision": "contract address collision",
    }
    name = type(error).__name__
    return names.get(name, f"{name}: {error}")


def estimate(new_machine: MachineFactory, message: Message) -> int:
    """A gas limit with which the message succeeds: the least one for a message without data.

    Otherwise it is above the least by no more than a call may hold back (1/64, and the stipend of one call), or
    by ESTIMATE_PRECISION_PARTS where calls are nested so deep that this does not do.
    Raises CallReverted, CallFailed, GasAllowanceExceeded.
    """
    cap = MAX_TRANSACTION_GAS if message.gas is None else min(message.gas, MAX_TRANSACTION_GAS)
    outcome = run(new_machine(), message, cap)
    if outcome.error is not None and "OutOfGas" in type(outcome.error).__name__:
        raise GasAllowanceExceeded(cap)
    raise_error(outcome)

    def succeeds(gas: int) -> bool:
        return _succeeds(new_machine(), message, gas)

    if not message.data and succeeds(outcome.gas_used):
        return outcome.gas_used
    held_back = (outcome.gas_peak + CALL_STIPEND) * FORWARDED_PARTS // (FORWARDED_PARTS - 1)
    likely = min(held_back, cap)
    return likely if succeeds(likely) else _search(succeeds, likely, cap)


def _succeeds(machine: Any, message: Message, gas: int) -> bool:
    try:
        return run(machine, message, gas).error is None
    except CallFailed:
        return False


def _search(succeeds: Callable[[int], bool], low: int, high: int) -> int:
    while high - low > low // ESTIMATE_PRECISION_PARTS:
        middle = (low + high) // 2
        if succeeds(middle):
            high = middle
        else:
            low = middle
    return high
