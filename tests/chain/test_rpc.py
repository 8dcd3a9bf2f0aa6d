"""The JSON-RPC of a real node, asked by web3.py and by hand."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner
from web3 import Web3
from web3.exceptions import ContractCustomError, TransactionNotFound

from chain.core.queue import MAX_NONCE_GAP
from chain.core.rules import MAX_TRANSACTION_BYTES, MAX_TRANSACTION_GAS
from chain.export.read import Export
from chain.rpc.logs import MAX_LOG_RANGE_BLOCKS
from chain.rpc.methods.state import MAX_PERCENTILES
from chain.rpc.server import MAX_BATCH, MAX_BODY_BYTES
from scripts.export import command as export_command
from tests.chain.support import (
    CHAIN_ID,
    KEEPER_CODE,
    TOPIC,
    NodeProcess,
    Wallet,
    init_code,
    post,
    running_node,
    until,
    word,
)
from tests.chain.test_nesting import nested

pytestmark = pytest.mark.processes
NOBODY = "0x" + "99" * 20


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    with running_node(tmp_path_factory.mktemp("node")) as process:
        yield process


@pytest.fixture(scope="module")
def web3(node: NodeProcess) -> Any:
    return Web3(Web3.HTTPProvider(node.url))


@pytest.fixture(scope="module")
def wallet() -> Wallet:
    return Wallet(50)


@pytest.fixture(scope="module")
def keeper(web3: Any, wallet: Wallet) -> Any:
    receipt = mined(web3, wallet.sign(data=init_code(KEEPER_CODE)))
    return receipt["contractAddress"]


def mined(web3: Any, raw: bytes) -> Any:
    return web3.eth.wait_for_transaction_receipt(web3.eth.send_raw_transaction(raw), timeout=30)


def raw_to(keeper: str) -> bytes:
    return bytes.fromhex(keeper[2:])


def test_a_node_says_who_it_is(web3: Any) -> None:
    assert web3.is_connected()
    assert web3.eth.chain_id == CHAIN_ID
    assert web3.net.version == str(CHAIN_ID)
    assert web3.client_version.startswith("Tallystick/")
    assert web3.eth.gas_price == web3.eth.max_priority_fee == 0
    assert web3.eth.syncing is False
    assert not web3.eth.accounts


def test_a_contract_is_deployed_called_and_its_logs_found(web3: Any, keeper: Any, wallet: Wallet) -> None:
    assert web3.eth.get_code(keeper) == KEEPER_CODE
    call = {"to": keeper, "data": word(7)}
    gas = web3.eth.estimate_gas(call)
    receipt = mined(web3, wallet.sign(raw_to(keeper), word(7), gas))
    assert receipt["status"] == 1
    assert receipt["gasUsed"] <= gas <= receipt["gasUsed"] * 1.2
    assert web3.eth.get_storage_at(keeper, 0) == word(7)
    assert web3.eth.call({"to": keeper, "data": word(9)}) == word(9)
    block = web3.eth.get_block(receipt["blockNumber"], full_transactions=True)
    assert block["transactions"][0]["hash"] == receipt["transactionHash"]
    assert web3.eth.get_block(block["hash"])["number"] == block["number"]
    (log,) = web3.eth.get_logs({"address": keeper, "topics": [TOPIC], "blockHash": block["hash"]})
    assert log["data"] == word(7)
    assert web3.eth.get_block_receipts(block["number"]) == [receipt]


def test_a_revert_is_code_3_with_data(node: NodeProcess, web3: Any, keeper: Any) -> None:
    for method in ("eth_call", "eth_estimateGas"):
        error = node.ask(method, {"to": keeper, "data": "0x"})["error"]
        assert error["code"] == 3
        assert error["data"] == f"0x{word(0xFF).hex()}"
        assert error["message"].startswith("execution reverted")
    with pytest.raises(ContractCustomError):
        web3.eth.call({"to": keeper, "data": "0x"})


def test_a_reverting_transaction_is_mined(web3: Any, keeper: Any, wallet: Wallet) -> None:
    receipt = mined(web3, wallet.sign(raw_to(keeper), b""))
    assert receipt["status"] == 0
    assert receipt["logs"] == []


def test_nonce_gaps_are_held_until_filled(node: NodeProcess, web3: Any) -> None:
    other = Wallet(51)
    address = web3.to_checksum_address(other.address)
    late = web3.eth.send_raw_transaction(other.sign(bytes(20), nonce=1))
    assert web3.eth.get_transaction(late)["blockNumber"] is None
    assert web3.eth.get_transaction_count(address, "pending") == 0
    assert node.result("txpool_status") == {"pending": "0x0", "queued": "0x1"}
    with pytest.raises(TransactionNotFound):
        web3.eth.get_transaction_receipt(late)
    mined(web3, other.sign(bytes(20), nonce=0))
    assert web3.eth.wait_for_transaction_receipt(late, timeout=30)["status"] == 1
    assert web3.eth.get_transaction_count(address) == 2


def test_refusals_speak_as_geth_does(node: NodeProcess, web3: Any) -> None:
    other = Wallet(52)
    first = other.sign(bytes(20))
    mined(web3, first)

    def refused(raw: bytes) -> str:
        error = node.ask("eth_sendRawTransaction", f"0x{raw.hex()}")["error"]
        assert error["code"] == -32000
        return str(error["message"])

    assert refused(first).startswith("nonce too low")
    assert refused(other.sign(bytes(20), nonce=MAX_NONCE_GAP + 2)).startswith("nonce too high")
    assert "intrinsic gas too low" in refused(other.sign(bytes(20), gas=20_999))
    assert "gas limit too high" in refused(other.sign(bytes(20), gas=MAX_TRANSACTION_GAS + 1))
    assert "insufficient funds" in refused(other.sign(bytes(20), nonce=1, value=1))
    assert "insufficient funds" in refused(other.sign(bytes(20), nonce=1, maxFeePerGas=1))
    assert "invalid chain id" in refused(Wallet(52, chain_id=1).sign(bytes(20)))
    assert "oversized" in refused(other.sign(bytes(20), b"x" * MAX_TRANSACTION_BYTES, gas=16_000_000))
    assert "type not supported" in refused(b"\x03" + first[1:])
    assert refused(b"\x02\x01").startswith("rlp")
    assert refused(first + b"\x00").startswith("rlp")
    held = other.sign(bytes(20), nonce=9)
    assert "result" in node.ask("eth_sendRawTransaction", f"0x{held.hex()}")
    assert refused(held) == "already known"
    assert "replacement" in refused(other.sign(bytes(20), nonce=9, gas=50_000))


def test_batches_answer_in_order_and_have_a_limit(node: NodeProcess) -> None:
    sender = Wallet(53)
    sends = [f"0x{sender.sign(bytes(20), nonce=number).hex()}" for number in (2, 0, 1)] + ["0x02"]
    batch = [
        {"jsonrpc": "2.0", "id": index, "method": "eth_sendRawTransaction", "params": [raw]}
        for index, raw in enumerate(sends)
    ]
    batch.append({"jsonrpc": "2.0", "id": "last", "method": "eth_chainId", "params": []})
    answers = post(node.url, batch)
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, "last"]
    assert ["result" in answer for answer in answers] == [True, True, True, False, True]
    for answer in answers[:3]:
        assert until(partial(node.result, "eth_getTransactionReceipt", answer["result"]))["status"] == "0x1"
    too_many = [batch[-1]] * (MAX_BATCH + 1)
    assert post(node.url, too_many)["error"]["code"] == -32005
    assert len(post(node.url, too_many[1:])) == MAX_BATCH


def test_malformed_requests_are_told_apart(node: NodeProcess) -> None:
    def error(body: Any) -> int:
        return int(post(node.url, body)["error"]["code"])

    assert error([]) == -32600
    assert error({"id": 1}) == -32600
    assert node.ask("eth_noSuchMethod")["error"]["code"] == -32601
    assert node.ask("eth_getBalance")["error"]["code"] == -32602
    assert node.ask("eth_getBalance", "0x12")["error"]["code"] == -32602
    assert node.ask("eth_getBalance", NOBODY, "soon")["error"]["code"] == -32602
    assert node.ask("eth_getBalance", NOBODY, "0xffffff")["error"]["message"] == "header not found"
    assert node.ask("eth_getBlockByNumber", "0xffffff", False)["result"] is None


def test_nested_and_odd_requests_leave_the_node_alive(node: NodeProcess) -> None:
    def answered(body: bytes) -> Any:
        with urlopen(Request(node.url, body, {"Content-Type": "application/json"}), timeout=30) as response:
            return json.load(response)

    assert answered(b"[" * 1_000_000)["error"]["code"] == -32700
    assert answered(b'{"id": NaN, "method": "eth_chainId"}')["error"]["code"] == -32700
    assert answered(b'{"id": [1], "method": "eth_chainId"}')["error"]["code"] == -32600
    assert answered(b'{"id": "\\ud800", "method": "eth_\\udfff"}')["error"]["code"] == -32601
    assert node.ask("eth_sendRawTransaction", "0x02" + nested(30_000).hex())["error"]["message"].startswith("rlp")
    assert node.result("eth_chainId") == hex(CHAIN_ID)


def test_numbers_out_of_range_are_invalid_params(node: NodeProcess) -> None:
    assert node.ask("eth_getStorageAt", NOBODY, 2**256)["error"]["code"] == -32602
    assert node.ask("eth_getStorageAt", NOBODY, -1)["error"]["code"] == -32602
    assert node.ask("eth_getBalance", {})["error"]["code"] == -32602
    far = hex(2**200)
    assert node.result("eth_getLogs", {"fromBlock": far, "toBlock": far, "address": NOBODY}) == []


def test_fees_tell_what_gas_costs(node: NodeProcess) -> None:
    assert node.result("eth_blobBaseFee") == "0x1"
    history = node.result("eth_feeHistory", "0x1", "latest", [50] * MAX_PERCENTILES)
    assert history["reward"] == [["0x0"] * MAX_PERCENTILES]
    assert node.ask("eth_feeHistory", "0x1", "latest", [50] * (MAX_PERCENTILES + 1))["error"]["code"] == -32005
    assert node.ask("eth_feeHistory", "0x1", "latest", 50)["error"]["code"] == -32602


def test_http_refuses_what_a_foreign_page_could_send(node: NodeProcess) -> None:
    def status(body: bytes, **headers: str) -> int:
        names = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        try:
            with urlopen(Request(node.url, body, names), timeout=30) as response:
                return int(response.status)
        except HTTPError as refused:
            return refused.code

    body = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
    assert status(body) == 200
    assert status(body, Content_Type="text/plain") == 415
    assert status(body, Host="evil.example") == 403
    assert status(b" " * (MAX_BODY_BYTES + 1)) == 413


def test_tags_and_pending_time(web3: Any) -> None:
    latest = web3.eth.get_block("latest")
    assert web3.eth.get_block("finalized")["hash"] == web3.eth.get_block("safe")["hash"] == latest["hash"]
    assert web3.eth.get_block("earliest")["number"] == 0
    pending = web3.eth.get_block("pending")
    assert pending["number"] == latest["number"] + 1
    assert pending["timestamp"] > latest["timestamp"]
    assert pending["baseFeePerGas"] == 0


def test_filters_tell_each_thing_once(node: NodeProcess, web3: Any, keeper: Any, wallet: Wallet) -> None:
    logs = web3.eth.filter({"address": keeper, "topics": [[TOPIC]]})
    blocks = web3.eth.filter("latest")
    receipt = mined(web3, wallet.sign(raw_to(keeper), word(3)))
    assert [log["data"] for log in logs.get_new_entries()] == [word(3)]
    assert logs.get_new_entries() == []
    assert blocks.get_new_entries() == [receipt["blockHash"]]
    assert web3.eth.uninstall_filter(logs.filter_id)
    assert node.ask("eth_getFilterChanges", logs.filter_id)["error"]["message"] == "filter not found"


def test_logs_are_found_by_range_address_and_topic(node: NodeProcess, keeper: Any) -> None:
    everything = node.result("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
    assert everything
    assert node.result("eth_getLogs", {"fromBlock": "0x0", "address": keeper}) == everything
    assert node.result("eth_getLogs", {"fromBlock": "0x0", "topics": [f"0x{TOPIC.hex()}"]}) == everything
    assert node.result("eth_getLogs", {"fromBlock": "0x0", "address": NOBODY}) == []
    assert node.result("eth_getLogs", {"fromBlock": "0x0", "address": keeper, "topics": [None, None]}) == []
    wide = {"fromBlock": "0x0", "toBlock": hex(MAX_LOG_RANGE_BLOCKS)}
    assert node.ask("eth_getLogs", wide)["error"]["code"] == -32005


def test_raw_blocks_and_seals_are_served(node: NodeProcess) -> None:
    seal = node.result("tally_getSeal", "latest")
    head = node.result("eth_getBlockByNumber", "latest", False)
    assert seal["blockHash"] == head["hash"]
    assert len(node.result("debug_getRawBlock", head["number"])) // 2 - 1 == int(head["size"], 16)


@pytest.mark.parametrize(
    "method",
    [
        "evm_mine",
        "evm_snapshot",
        "evm_revert",
        "evm_increaseTime",
        "evm_setTime",
        "evm_setNextBlockTimestamp",
        "evm_setAutomine",
        "evm_setIntervalMining",
        "anvil_mine",
        "hardhat_mine",
    ],
)
def test_dev_methods_do_not_exist_without_dev(node: NodeProcess, method: str) -> None:
    assert node.ask(method, "0x1")["error"]["code"] == -32601


def test_the_export_over_rpc_is_the_export_of_the_data_folder(node: NodeProcess, tmp_path: Path) -> None:
    for target, source in (("store", ["--data", str(node.data)]), ("rpc", ["--rpc", node.url])):
        done = CliRunner().invoke(export_command, [str(tmp_path / target), *source])
        assert done.exit_code == 0, done.output
    assert Export(tmp_path / "store").manifest == Export(tmp_path / "rpc").manifest
    unreachable = CliRunner().invoke(export_command, [str(tmp_path / "none"), "--rpc", "http://127.0.0.1:9"])
    assert unreachable.exit_code == 1
    assert not (tmp_path / "none").exists()


def test_a_second_node_on_the_folder_is_refused(tmp_path: Path) -> None:
    with running_node(tmp_path) as first:
        code, output = NodeProcess(tmp_path).finish()
        assert code == 1
        assert f"in use by another node (process {first.process.pid})" in output
        assert first.result("eth_blockNumber") == "0x0"
