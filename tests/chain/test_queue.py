"""The queue gives transactions in order, holds gaps, and knows its limits."""

import shutil
from pathlib import Path

import pytest

import chain.core.queue as queue_module
from chain.core.execution import propose
from chain.core.queue import AlreadyKnown, NonceTaken, NonceTooHigh, Queue, QueueFull
from chain.core.rules import MAX_TRANSACTION_GAS, gas_target
from chain.core.transactions import Transaction, decode_transaction
from tests.chain.support import Wallet, accepted, devnet_genesis, open_ledger

TO = bytes(20)


def made(wallet: Wallet, nonce: int, gas: int = 21_000) -> Transaction:
    return decode_transaction(wallet.sign(TO, nonce=nonce, gas=gas))


def hold(queue: Queue, *transactions: Transaction) -> None:
    for transaction in transactions:
        queue.add(queue.admit(transaction, 0))


def test_transactions_come_by_arrival_as_far_as_nonces_allow() -> None:
    one, two = Wallet(1), Wallet(2)
    queue = Queue()
    late, first, other = made(one, 1), made(one, 0), made(two, 0)
    hold(queue, late, other, first, made(two, 5))
    assert list(queue.due(lambda sender: 0)) == [other, first, late]
    assert queue.counts(lambda sender: 0) == (3, 1)
    assert queue.next_nonce(one.address, 0) == 2


def test_what_waits_already_is_refused() -> None:
    wallet, queue = Wallet(1), Queue()
    hold(queue, made(wallet, 0))
    with pytest.raises(AlreadyKnown):
        queue.admit(made(wallet, 0), 0)
    with pytest.raises(NonceTaken):
        queue.admit(made(wallet, 0, gas=30_000), 0)


def test_the_nonce_gap_has_an_edge() -> None:
    wallet, queue = Wallet(1), Queue()
    queue.admit(made(wallet, queue_module.MAX_NONCE_GAP), 0)
    with pytest.raises(NonceTooHigh):
        queue.admit(made(wallet, queue_module.MAX_NONCE_GAP + 1), 0)


def test_the_queue_has_an_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MAX_QUEUED_PER_SENDER", 3)
    monkeypatch.setattr(queue_module, "MAX_QUEUED", 4)
    one, two, queue = Wallet(1), Wallet(2), Queue()
    hold(queue, *(made(one, nonce) for nonce in range(3)))
    with pytest.raises(QueueFull):
        queue.admit(made(one, 3), 0)
    hold(queue, made(two, 0))
    with pytest.raises(QueueFull):
        queue.admit(made(two, 1), 0)


def test_a_block_is_filled_to_the_gas_target_and_the_largest_transaction_fits() -> None:
    limit = devnet_genesis().gas_limit
    assert gas_target(limit) >= MAX_TRANSACTION_GAS
    wallet = Wallet(1)
    large = [made(wallet, nonce, MAX_TRANSACTION_GAS) for nonce in range(3)]
    assert propose(large, limit) == large[: gas_target(limit) // MAX_TRANSACTION_GAS]
    assert propose(large[:1], limit) == large[:1]


def test_the_base_fee_stays_0_under_full_blocks(tmp_path: Path) -> None:
    wallet = Wallet(1)
    with open_ledger(tmp_path) as ledger:
        burn = bytes.fromhex("5b5f5f5f5fa05f56")  # jump for ever, logging
        accepted(ledger, *(wallet.sign(data=burn, gas=MAX_TRANSACTION_GAS // 8) for _ in range(30)))
        while (block := ledger.produce(0)) is not None:
            assert block.header.gas_used <= gas_target(block.header.gas_limit)
            assert block.header.base_fee_per_gas == 0
        with ledger.view() as view:
            assert view.head >= 2


def test_waiting_transactions_are_there_after_a_restart(tmp_path: Path) -> None:
    wallet = Wallet(1)
    with open_ledger(tmp_path / "node") as ledger:
        (held,) = accepted(ledger, wallet.sign(TO, nonce=1))
        shutil.copytree(tmp_path / "node", tmp_path / "killed")  # what a kill at this instant would leave
    for folder in ("node", "killed"):
        with open_ledger(tmp_path / folder) as ledger:
            assert ledger.waiting(held) is not None
            accepted(ledger, wallet.sign(TO, nonce=0))
            block = ledger.produce(0)
            assert block is not None
            assert [transaction.nonce for transaction in block.transactions] == [0, 1]
            assert ledger.waiting(held) is None
    with open_ledger(tmp_path / "node") as ledger:
        assert ledger.queue_counts() == (0, 0)
