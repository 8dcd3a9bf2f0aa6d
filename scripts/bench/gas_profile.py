"""Where a transaction's gas goes: by groups of what the EVM does, from anvil's step-by-step trace."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.workbench.anvil import AnvilEvm
from scripts.workbench.evm import NOBODY, Receipt

BASE = "base cost of a transaction"
CALLDATA = "calldata"
NEW_SLOTS = "slots written for the first time"
CHANGED_SLOTS = "slots changed"
COLD_READS = "slots read"
WARM = "slots touched again, and transient ones"
EVENTS = "events"
CALLS = "calls of other contracts"
PRECOMPILES = "ecrecover, P-256, SHA-256 and the like"
HASHES = "Keccak hashes"
REST = "computation and memory"
REFUND = "refund"

BASE_GAS = 21_000
ZERO_BYTE_GAS, BYTE_GAS = 4, 16
COLD_READ_GAS = 2_100
WARM_GAS = 100
NEW_SLOT_GAS = 20_000
LAST_PRECOMPILE = 0x1FF
CALL_OPS = frozenset({"CALL", "STATICCALL", "DELEGATECALL", "CALLCODE"})
CODE_OPS = frozenset({"EXTCODESIZE", "EXTCODEHASH", "EXTCODECOPY", "BALANCE"})


@dataclass(frozen=True)
class Step:
    """One step of the EVM: `gas` without that of the frame it opened."""

    op: str
    gas: int
    callee: int

    @property
    def group(self) -> str:
        """What it is counted under."""
        if self.op in CALL_OPS:
            return PRECOMPILES if 0 < self.callee <= LAST_PRECOMPILE else CALLS
        if self.op == "SLOAD":
            return COLD_READS if self.gas >= COLD_READ_GAS else WARM
        if self.op == "SSTORE":
            return _written(self.gas)
        return _GROUPS.get(self.op, EVENTS if self.op.startswith("LOG") else REST)


_GROUPS = {"TLOAD": WARM, "TSTORE": WARM, "KECCAK256": HASHES, "SHA3": HASHES} | dict.fromkeys(CODE_OPS, CALLS)


def _written(gas: int) -> str:
    if gas >= NEW_SLOT_GAS:
        return NEW_SLOTS
    return CHANGED_SLOTS if gas > WARM_GAS else WARM


@dataclass(frozen=True)
class Share:
    """Gas of a group, and how often it occurred."""

    group: str
    gas: int
    times: int


class ProfilingEvm(AnvilEvm):
    """anvil that traces the next transaction when `watching` is set."""

    watching = False
    shares: Sequence[Share] = ()

    def transact(self, to: str | None, data: bytes, sender: str = NOBODY) -> Receipt:
        """Run a transaction; raises the ContractError that reverted it, leaving no trace."""
        trace = self.trace(to, data, sender) if self.watching else None
        receipt = super().transact(to, data, sender)
        if trace is not None:
            self.shares = shares_of(data, trace["structLogs"], receipt.gas_used)
            self.watching = False
        return receipt


def shares_of(data: bytes, steps: Sequence[Any], gas_used: int) -> list[Share]:
    """The groups of a transaction by gas, the largest first; their sum is the gas used."""
    gas: Counter[str] = Counter({BASE: BASE_GAS, CALLDATA: _calldata_gas(data)})
    times: Counter[str] = Counter({BASE: 1, CALLDATA: len(data)})
    for step in _steps(steps):
        gas[step.group] += step.gas
        times[step.group] += 1
    gas[REFUND] = gas_used - gas.total()
    return [Share(group, used, times[group]) for group, used in gas.most_common() if used]


def _calldata_gas(data: bytes) -> int:
    zeros = data.count(0)
    return zeros * ZERO_BYTE_GAS + (len(data) - zeros) * BYTE_GAS


def _steps(steps: Sequence[Any]) -> Iterator[Step]:
    """Each step's own gas: a call's is what its frame did not use."""
    for index, step in enumerate(steps):
        if step["op"] in CALL_OPS:
            yield Step(step["op"], _call_gas(steps, index), int(step["stack"][-2], 16))
        else:
            yield Step(step["op"], step["gasCost"], 0)


def _call_gas(steps: Sequence[Any], index: int) -> int:
    call, inner = steps[index], index + 1
    end = next(place for place in range(inner, len(steps)) if steps[place]["depth"] == call["depth"])
    whole: int = call["gas"] - steps[end]["gas"]
    if end == inner:
        return whole
    last = steps[end - 1]
    inside: int = steps[inner]["gas"] - last["gas"] + last["gasCost"]
    return whole - inside
