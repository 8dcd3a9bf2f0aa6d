"""What the workbench asks of an engine, asked of each."""

import pytest
import rlp
from eth_utils.crypto import keccak

from contracts.clients.errors import ContractError
from scripts.workbench.anvil import AnvilEvm
from scripts.workbench.engines import UnknownEngine, chosen_engine, start_engine
from scripts.workbench.evm import HISTORY_ADDRESS, HISTORY_BLOCKS, PAST_BLOCKS, Evm
from tests.chain.support import KEEPER_CODE, init_code, word
from tests.contracts.engines.conftest import CHAIN_ID, START

SENDER = "0x" + "5e" * 20
PLACE = "0x" + "c0de" * 10
ENVIRONMENT = bytes.fromhex("425f5243602052466040523360605260805ff3")
"""Returns timestamp, number, chain id and caller."""
READER = bytes.fromhex("5f545f5260205ff3")
"""Returns slot 0."""
HASH_OF = bytes.fromhex("5f35405f5260205ff3")
"""Returns BLOCKHASH of the number given."""
INVALID = bytes.fromhex("fe")
NUMBER_FIELD, TIME_FIELD = 8, 11
BASE_GAS, CALLDATA_GAS, NEW_SLOT_GAS = 21_000, 31 * 4 + 16, 22_100
EVENT_GAS = 375 + 375 + 8 * 32
STEPS_GAS = 50


def _keeper(evm: Evm) -> str:
    """A contract that keeps the last number given to it, and refuses 0."""
    keeper = evm.transact(None, init_code(KEEPER_CODE), SENDER).contract
    assert keeper is not None
    return keeper


def _kept(evm: Evm, keeper: str) -> int:
    """What it keeps, read by other code at the same place."""
    moment = evm.snapshot()
    evm.install(keeper, READER, {})
    kept = int.from_bytes(evm.call(keeper, b""), "big")
    evm.restore(moment)
    return kept


def test_the_first_transaction_happens_when_it_was_said(evm: Evm) -> None:
    evm.install(PLACE, ENVIRONMENT, {})
    seen = evm.transact(PLACE, b"", SENDER).output
    words = [int.from_bytes(seen[start : start + 32], "big") for start in range(0, 128, 32)]
    assert words == [START, evm.number - 1, CHAIN_ID, int(SENDER, 16)]


def test_a_call_sees_the_block_that_the_next_transaction_will_be_in(evm: Evm) -> None:
    evm.install(PLACE, ENVIRONMENT, {})
    evm.go_to(START + 1_000)
    called = evm.call(PLACE, b"", SENDER)
    assert int.from_bytes(called[:32], "big") == START + 1_000
    assert evm.transact(PLACE, b"", SENDER).output == called


def test_two_transactions_may_share_a_second_but_no_block(evm: Evm) -> None:
    evm.install(PLACE, ENVIRONMENT, {})
    first, second = (evm.transact(PLACE, b"", SENDER).output for _ in range(2))
    assert first[:32] == second[:32]
    assert int.from_bytes(second[32:64], "big") == int.from_bytes(first[32:64], "big") + 1


def test_time_does_not_go_back(evm: Evm) -> None:
    with pytest.raises(ValueError, match="time moves forward"):
        evm.go_to(START - 1)


def test_a_receipt_tells_gas_and_events(evm: Evm) -> None:
    keeper = _keeper(evm)
    receipt = evm.transact(keeper, word(7), SENDER)
    assert receipt.output == word(7)
    assert [(log.address, log.topics, log.data) for log in receipt.logs] == [(keeper, (word(0xAA),), word(7))]
    assert receipt.gas_used == BASE_GAS + CALLDATA_GAS + NEW_SLOT_GAS + EVENT_GAS + STEPS_GAS
    assert evm.code(keeper) == KEEPER_CODE


def test_a_refused_transaction_leaves_no_trace(evm: Evm) -> None:
    keeper, number = _keeper(evm), evm.number
    evm.transact(keeper, word(7), SENDER)
    with pytest.raises(ContractError) as refused:
        evm.transact(keeper, word(0), SENDER)
    assert refused.value.name == "0x" + "00" * 4
    assert (evm.number, _kept(evm, keeper)) == (number + 1, 7)


def test_code_that_fails_without_reverting_gives_no_reason(evm: Evm) -> None:
    evm.install(PLACE, INVALID, {})
    with pytest.raises(ContractError, match="RevertedWithoutReason"):
        evm.transact(PLACE, b"", SENDER)


def test_any_snapshot_can_be_returned_to_in_any_order_and_again(evm: Evm) -> None:
    keeper = _keeper(evm)
    states = []
    for kept in range(1, 5):
        evm.go_to(evm.timestamp + 100)
        evm.transact(keeper, word(kept), SENDER)
        states.append((kept, evm.snapshot()))
    evm.restore(states[1][1])
    evm.transact(keeper, word(99), SENDER)
    states.append((99, evm.snapshot()))
    for kept, state in [*states, *reversed(states), states[2], states[2], states[0], states[4]]:
        evm.restore(state)
        assert (_kept(evm, keeper), evm.number, evm.timestamp) == (kept, state.number, state.timestamp)
        evm.transact(keeper, word(55), SENDER)


def test_what_was_installed_and_skipped_comes_back_with_its_snapshot(evm: Evm) -> None:
    before = evm.snapshot()
    evm.skip_blocks(3)
    evm.install(PLACE, READER, {0: 42})
    after = evm.snapshot()
    number, last = evm.number, evm.block_hash(evm.number - 1)
    evm.restore(before)
    assert evm.code(PLACE) == b""
    evm.restore(after)
    assert (evm.call(PLACE, b""), evm.number, evm.block_hash(number - 1)) == (word(42), number, last)


def test_the_headers_of_past_blocks_are_a_chain_that_contracts_can_check(evm: Evm) -> None:
    evm.install(PLACE, HASH_OF, {})
    evm.go_to(evm.timestamp + 86_400)
    evm.transact(PLACE, word(0))
    after, before = evm.header(evm.number - 1), evm.header(evm.number - 2)
    fields = rlp.decode(after)
    assert fields[0] == keccak(before)
    assert int.from_bytes(fields[NUMBER_FIELD], "big") == evm.number - 1
    assert int.from_bytes(fields[TIME_FIELD], "big") == evm.timestamp
    assert evm.call(PLACE, word(evm.number - 1)) == evm.block_hash(evm.number - 1) == keccak(after)


@pytest.mark.parametrize("back", [1, 2, 256, 257, PAST_BLOCKS])
def test_the_history_contract_knows_the_hashes_of_past_blocks(evm: Evm, back: int) -> None:
    number = evm.number - back
    assert evm.call(HISTORY_ADDRESS, word(number)) == evm.block_hash(number)


def test_the_history_contract_forgets_after_8191_blocks(evm: Evm) -> None:
    with pytest.raises(ContractError):
        evm.call(HISTORY_ADDRESS, word(evm.number - HISTORY_BLOCKS - 1))


def test_an_empty_block_a_second_is_skipped(evm: Evm) -> None:
    number, timestamp = evm.number, evm.timestamp
    evm.skip_blocks(5)
    assert (evm.number, evm.timestamp) == (number + 5, timestamp + 5)
    times = [int.from_bytes(rlp.decode(evm.header(number + back))[TIME_FIELD], "big") for back in range(5)]
    assert times == [timestamp + back for back in range(5)]


def test_the_header_of_a_block_of_anvils_has_the_hash_that_anvil_says(anvil: AnvilEvm) -> None:
    anvil.transact(PLACE, b"")
    block = anvil.rpc.request("eth_getBlockByNumber", hex(anvil.number - 1), False)
    assert anvil.block_hash(anvil.number - 1).hex() == block["hash"][2:]


def test_an_unknown_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLY_ENGINE", "geth")
    with pytest.raises(UnknownEngine, match="geth"):
        chosen_engine()
    with pytest.raises(UnknownEngine):
        start_engine("geth", CHAIN_ID, START)
