"""Where the gas of a transaction goes: the groups of a small one are known, and sum to its receipt."""

from collections.abc import Iterator

import pytest

from scripts.bench import gas_profile
from scripts.bench.gas_profile import ProfilingEvm
from tests.contracts.engines.conftest import CHAIN_ID, START

OUTER, INNER = "0x" + "22" * 20, "0x" + "33" * 20
READ_AND_LOG = "6001545f555f5fa0"
"""Slot 1 into slot 0, and an event without anything."""
CALL_INNER = "5f5f5f5f5f73" + INNER[2:] + "5af150"
CALL_SHA256 = "5f5f5f5f600261fffffa50"
CLEAR_AND_KEEP = "5f6001556001600255600260025500"
"""Slot 1 to zero, which is refunded in part; slot 2 twice."""


@pytest.fixture
def evm() -> Iterator[ProfilingEvm]:
    engine = ProfilingEvm(CHAIN_ID, START)
    yield engine
    engine.close()


def test_every_unit_of_gas_is_counted_once(evm: ProfilingEvm) -> None:
    evm.install(OUTER, bytes.fromhex(READ_AND_LOG + CALL_INNER + CALL_SHA256 + "00"), {1: 5})
    evm.install(INNER, bytes.fromhex(CLEAR_AND_KEEP), {1: 7})
    evm.watching = True
    receipt = evm.transact(OUTER, b"\0\1\2")
    gas = {share.group: share.gas for share in evm.shares}
    assert sum(gas.values()) == receipt.gas_used
    assert gas == {
        gas_profile.BASE: 21_000,
        gas_profile.CALLDATA: 4 + 2 * 16,
        gas_profile.COLD_READS: 2_100,
        gas_profile.NEW_SLOTS: 2 * 22_100,
        gas_profile.CHANGED_SLOTS: 5_000,
        gas_profile.WARM: 100,
        gas_profile.EVENTS: 375,
        gas_profile.CALLS: 2_600,
        gas_profile.PRECOMPILES: 100 + 60,
        gas_profile.REST: _rest(),
        gas_profile.REFUND: -4_800,
    }


def _rest() -> int:
    """Pushes, pops and GAS: 2 for PUSH0, POP and GAS, 3 for any other push."""
    code = bytes.fromhex(READ_AND_LOG + CALL_INNER + CALL_SHA256 + CLEAR_AND_KEEP)
    gas, place = 0, 0
    while place < len(code):
        op = code[place]
        is_push = 0x60 <= op <= 0x7F
        gas += 3 if is_push else 2 if op in (0x5F, 0x50, 0x5A) else 0
        place += op - 0x5E if is_push else 1
    return gas


def test_only_the_watched_transaction_is_traced(evm: ProfilingEvm) -> None:
    evm.install(OUTER, bytes.fromhex(READ_AND_LOG + "00"), {})
    evm.transact(OUTER, b"")
    assert not evm.shares
    evm.watching = True
    evm.transact(OUTER, b"")
    first = evm.shares
    evm.transact(OUTER, b"\1\2\3")
    assert evm.shares is first
