"""kill -9 of a real node under load: whatever was acknowledged is mined, and the ledger stays whole."""

from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest

from chain.replay.pyevm import PyEvmReplay
from chain.replay.seals import check_seals
from tests.chain.support import KEEPER_CODE, NodeProcess, Wallet, exported, init_code, post, until, word

pytestmark = pytest.mark.processes
KILLS = 3
BATCH = 20


class Load:
    """Sends batches until the node is gone and keeps the hashes it was given."""

    def __init__(self, wallets: list[Wallet], target: bytes) -> None:
        self.wallets, self.target = wallets, target
        self.acknowledged: list[str] = []
        self.busy = Event()

    def run(self, node: NodeProcess) -> None:
        number = 0
        while True:
            wallet = self.wallets[number % len(self.wallets)]
            start = wallet.nonce
            raws = [wallet.sign(self.target, word(number + index + 1), 90_000) for index in range(BATCH)]
            try:
                answers = post(node.url, [_send(index, raw) for index, raw in enumerate(raws)])
            except (OSError, HTTPException, ValueError):
                wallet.nonce = start  # unanswered: sent again after the restart, known or not
                return
            self.acknowledged += [answer["result"] for answer in answers if "result" in answer]
            self.busy.set()
            number += BATCH


def _send(index: int, raw: bytes) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": index, "method": "eth_sendRawTransaction", "params": [f"0x{raw.hex()}"]}


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    data, random = tmp_path / "node", Random(5)
    wallets = [Wallet(number) for number in range(4)]
    keeper = wallets[0].next_contract()
    load = Load(wallets, keeper)
    node = NodeProcess(data, "--dev").wait_ready()
    node.result("eth_sendRawTransaction", f"0x{wallets[0].sign(data=init_code(KEEPER_CODE)).hex()}")
    until(lambda: node.result("eth_blockNumber") == "0x1")
    for _ in range(KILLS):
        load.busy.clear()
        sender = Thread(target=load.run, args=(node,))
        sender.start()
        assert load.busy.wait(30)
        sender.join(random.uniform(0.05, 0.6))
        node.kill()
        sender.join()
        node = NodeProcess(data, "--dev").wait_ready()
    try:
        for name in load.acknowledged:
            assert until(partial(node.result, "eth_getTransactionReceipt", name))["status"] == "0x1"
        assert node.stop() == 0
    finally:
        node.kill()
    assert len(load.acknowledged) >= KILLS * BATCH
    export = exported(data, tmp_path / "export")
    assert export.manifest.transactions >= len(load.acknowledged) + 1
    for _ in (*PyEvmReplay(export).run(), *check_seals(export)):
        pass


def test_a_kill_during_the_first_start_is_no_damage(tmp_path: Path) -> None:
    for pause in (0.3, 0.6, 0.9):
        node = NodeProcess(tmp_path, "--dev")
        node._ready.wait(pause)
        node.kill()
    node = NodeProcess(tmp_path, "--dev").wait_ready()
    assert node.result("eth_blockNumber") == "0x0"
    node.kill()


def test_an_export_is_taken_while_the_node_works(tmp_path: Path) -> None:
    wallets = [Wallet(number) for number in range(2)]
    keeper = wallets[0].next_contract()
    node = NodeProcess(tmp_path / "node", "--dev").wait_ready()
    node.result("eth_sendRawTransaction", f"0x{wallets[0].sign(data=init_code(KEEPER_CODE)).hex()}")
    load = Load(wallets, keeper)
    sender = Thread(target=load.run, args=(node,))
    sender.start()
    try:
        assert load.busy.wait(30)
        until(lambda: int(node.result("eth_blockNumber"), 16) > 2)
        export = exported(tmp_path / "node", tmp_path / "export")
    finally:
        node.kill()
        sender.join()
    for _ in (*PyEvmReplay(export).run(), *check_seals(export)):
        pass
