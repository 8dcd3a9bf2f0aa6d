"""What the ledger forgets is sent again; what another used is numbered again; a ledger that is away is waited for."""

from pathlib import Path
from threading import Thread

import pytest
from eth_account import Account

from contracts.clients import LedgerUnavailable, Rpc
from contracts.sender import Sender, Status, durable_engine, enqueue
from contracts.sender.transactions import signed
from tests.chain.support import NodeProcess
from tests.contracts.sender.once import create, has, nonce, words


def test_a_rolled_back_ledger_gets_everything_again(sender: Sender, node: NodeProcess) -> None:
    snapshot = node.result("evm_snapshot")
    contract = create(sender)
    sender.enqueue("one", contract, words(1))
    sender.wait("one")
    node.result("evm_revert", snapshot)
    assert nonce(sender) == 0
    sender.step()
    assert sender.outcome("one").status in (Status.SIGNED, Status.SENT)
    assert sender.wait("one").status is Status.CONFIRMED
    assert sender.outcome("create").contract_address == contract
    assert (has(sender, contract, 1), nonce(sender)) == (True, 2)


def test_a_nonce_used_by_another_program_is_given_up(sender: Sender, node: NodeProcess, database: str) -> None:
    account = Account.create()
    sender = Sender(durable_engine(database), account, Rpc(node.url), resend_seconds=0.2)
    contract = create(sender)
    sender.enqueue("ours", contract, words(1))
    sender.settle()
    sender.allocate()
    sender.sign()
    theirs = signed(account, sender.chain_id, 1, 100_000, contract, words(2))
    node.result("eth_sendRawTransaction", "0x" + theirs.hex())
    assert sender.wait("ours").status is Status.CONFIRMED
    assert (has(sender, contract, 1), has(sender, contract, 2), nonce(sender)) == (True, True, 3)


def test_a_gap_that_nobody_can_close_is_filled(node: NodeProcess, tmp_path: Path) -> None:
    account = Account.create()
    first = Sender(durable_engine(f"sqlite:///{tmp_path / 'first.db'}"), account, Rpc(node.url))
    contract = create(first)
    snapshot = node.result("evm_snapshot")
    first.enqueue("forgotten", contract, words(1))
    first.wait("forgotten")
    second = Sender(durable_engine(f"sqlite:///{tmp_path / 'second.db'}"), account, Rpc(node.url), resend_seconds=0.2)
    second.enqueue("after", contract, words(2))
    second.settle()
    second.allocate()
    second.sign()  # holds nonce 2; nonce 1 is about to be lost, and is not in this outbox
    node.result("evm_revert", snapshot)
    assert second.wait("after").status is Status.CONFIRMED
    assert (has(second, contract, 2), nonce(second)) == (True, 3)


def test_two_senders_of_one_key_send_each_act_once(node: NodeProcess, database: str) -> None:
    account = Account.create()
    senders = [Sender(durable_engine(database), account, Rpc(node.url), resend_seconds=0.2) for _ in range(2)]
    contract = create(senders[0])
    acts = [f"act-{number}" for number in range(1, 21)]
    with senders[0].engine.begin() as connection:
        for number, act in enumerate(acts, 1):
            enqueue(connection, act, contract, words(number), key_address=account.address)
    threads = [Thread(target=lambda one=one: [one.wait(act) for act in acts]) for one in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {senders[0].outcome(act).status for act in acts} == {Status.CONFIRMED}
    assert nonce(senders[0]) == 1 + len(acts)


@pytest.mark.processes
def test_a_ledger_that_is_away_loses_nothing(tmp_path: Path, database: str) -> None:
    node = NodeProcess(tmp_path / "node", "--dev").wait_ready()
    port = node.url.rsplit(":", 1)[1].strip("/")
    sender = Sender(durable_engine(database), Account.create(), Rpc(node.url), resend_seconds=0.2)
    contract = create(sender)
    node.result("evm_setAutomine", False)
    sender.enqueue("pending", contract, words(1))
    sender.step()
    node.kill()
    sender.enqueue("queued", contract, words(2))
    with pytest.raises(LedgerUnavailable) as refused:
        sender.step()
    assert refused.value.url == sender.rpc.url
    assert [sender.outcome(act).status for act in ("pending", "queued")] == [Status.SENT, Status.QUEUED]
    again = NodeProcess(tmp_path / "node", "--dev", "--port", port).wait_ready()
    assert [sender.wait(act).status for act in ("pending", "queued")] == [Status.CONFIRMED] * 2
    assert nonce(sender) == 3
    again.stop()
