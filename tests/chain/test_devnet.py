"""Time travel and snapshots of a devnet, and that a restart keeps them."""

import itertools
import json
import time
from pathlib import Path

import pytest

from chain.core.genesis import load_genesis
from chain.devnet import genesis_document
from chain.replay.pyevm import PyEvmReplay
from chain.replay.seals import check_seals
from tests.chain.support import (
    GENESIS_FILE,
    KEEPER_CODE,
    NodeProcess,
    Wallet,
    exported,
    init_code,
    running_node,
    until,
    word,
)

DAY_SECONDS = 86_400


def send(node: NodeProcess, raw: bytes) -> str:
    name: str = node.result("eth_sendRawTransaction", f"0x{raw.hex()}")
    return name


def send_and_wait(node: NodeProcess, raw: bytes) -> dict[str, str]:
    name = send(node, raw)
    receipt: dict[str, str] = until(lambda: node.result("eth_getTransactionReceipt", name))
    return receipt


def head(node: NodeProcess) -> int:
    return int(node.result("eth_blockNumber"), 16)


def pending_at(node: NodeProcess) -> int:
    return int(node.result("eth_getBlockByNumber", "pending", False)["timestamp"], 16)


def test_the_genesis_file_is_the_one_the_command_prints() -> None:
    import json

    assert json.loads(GENESIS_FILE.read_text()) == genesis_document()
    assert load_genesis(GENESIS_FILE).chain_id == genesis_document()["config"]["chainId"]


@pytest.mark.processes
def test_time_travels_and_survives_a_restart(tmp_path: Path) -> None:
    with running_node(tmp_path, "--dev") as node:
        assert node.result("evm_increaseTime", 30 * DAY_SECONDS) == 30 * DAY_SECONDS
        assert abs(pending_at(node) - time.time() - 30 * DAY_SECONDS) < 5
        node.result("evm_mine")
        node.kill()
    with running_node(tmp_path, "--dev") as node:
        assert abs(pending_at(node) - time.time() - 30 * DAY_SECONDS) < 30
        exact = pending_at(node) + 100 * DAY_SECONDS
        node.result("evm_setNextBlockTimestamp", hex(exact))
        assert pending_at(node) == exact
        receipt = send_and_wait(node, Wallet(0).sign(bytes(20)))
        block = node.result("eth_getBlockByNumber", receipt["blockNumber"], False)
        assert int(block["timestamp"], 16) == exact
        assert 0 < pending_at(node) - exact < 30
        assert node.ask("evm_setNextBlockTimestamp", exact)["error"]["message"].startswith("timestamp")


@pytest.mark.processes
def test_a_snapshot_brings_back_chain_time_and_seals_durably(tmp_path: Path) -> None:
    wallet = Wallet(0)
    keeper = wallet.next_contract()
    with running_node(tmp_path, "--dev") as node:
        send_and_wait(node, wallet.sign(data=init_code(KEEPER_CODE)))
        before = head(node), node.result("eth_getBlockByNumber", "latest", False)["hash"]
        name = node.result("evm_snapshot")
        node.result("evm_increaseTime", DAY_SECONDS)
        lost = [send_and_wait(node, wallet.sign(keeper, word(number)))["transactionHash"] for number in (1, 2, 3)]
        later = node.result("evm_snapshot")
        assert node.result("evm_revert", name) is True
        assert (head(node), node.result("eth_getBlockByNumber", "latest", False)["hash"]) == before
        assert abs(pending_at(node) - time.time()) < 30
        assert node.result("eth_getTransactionReceipt", lost[0]) is None
        assert node.result("eth_getLogs", {"fromBlock": "0x0"}) == []
        assert node.result("evm_revert", later) is False
        node.kill()
    with running_node(tmp_path, "--dev") as node:
        assert head(node) == before[0]
        wallet.nonce = 1
        for number in (7, 8):
            send_and_wait(node, wallet.sign(keeper, word(number)))
    export = exported(tmp_path, tmp_path / "export")
    for _ in (*PyEvmReplay(export).run(), *check_seals(export)):
        pass


@pytest.mark.processes
def test_a_filter_tells_the_blocks_that_took_the_place_of_others(tmp_path: Path) -> None:
    with running_node(tmp_path, "--dev") as node:
        name = node.result("evm_snapshot")
        node.result("anvil_mine", 5)
        watched = node.result("eth_newBlockFilter")
        node.result("evm_revert", name)
        node.result("anvil_mine", 3)
        fresh = [node.result("eth_getBlockByNumber", hex(number), False)["hash"] for number in (1, 2, 3)]
        assert node.result("eth_getFilterChanges", watched) == fresh


@pytest.mark.processes
def test_manual_blocks_need_a_devnet(tmp_path: Path) -> None:
    code, output = NodeProcess(tmp_path, "--manual").finish()
    assert code == 2
    assert "--manual needs --dev" in output


@pytest.mark.processes
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "ledger.example"])
def test_a_port_without_credentials_opens_on_loopback_only(tmp_path: Path, host: str) -> None:
    code, output = NodeProcess(tmp_path, "--host", host).finish()
    assert code == 1
    assert f"--host {host}: remote access needs credentials" in output


@pytest.mark.processes
def test_only_the_devnet_can_be_rewound(tmp_path: Path) -> None:
    genesis = tmp_path / "genesis.json"
    genesis.write_text(json.dumps(genesis_document(chain_id=77)))
    code, output = NodeProcess(tmp_path / "node", "--dev", genesis=genesis).finish()
    assert code == 1
    assert "--dev is for the devnet (chain 1337421), not for chain 77" in output


@pytest.mark.processes
def test_blocks_are_made_when_told(tmp_path: Path) -> None:
    with running_node(tmp_path, "--dev", "--manual") as node:
        name = send(node, Wallet(0).sign(bytes(20)))
        assert node.result("txpool_status") == {"pending": "0x1", "queued": "0x0"}
        assert head(node) == 0
        node.result("evm_mine")
        assert node.result("eth_getTransactionReceipt", name)["status"] == "0x1"
        node.result("anvil_mine", "0x5", "0x3c")
        times = [
            int(node.result("eth_getBlockByNumber", hex(number), False)["timestamp"], 16) for number in range(2, 7)
        ]
        assert [later - earlier for earlier, later in itertools.pairwise(times)] == [60] * 4
        wallet = Wallet(1)
        held = send(node, wallet.sign(bytes(20)))
        node.result("evm_setIntervalMining", 100)
        assert until(lambda: node.result("eth_getTransactionReceipt", held))
        node.result("evm_setAutomine", True)
        assert send_and_wait(node, wallet.sign(bytes(20)))["status"] == "0x1"
        assert node.stop() == 0


@pytest.mark.processes
def test_without_dev_blocks_do_not_outrun_the_clock(tmp_path: Path) -> None:
    wallet = Wallet(0)
    with running_node(tmp_path) as node:
        for _ in range(3):
            receipt = send_and_wait(node, wallet.sign(bytes(20)))
        block = node.result("eth_getBlockByNumber", receipt["blockNumber"], False)
        assert int(block["timestamp"], 16) <= time.time() + 1
