"""What the tests of the ledger share: wallets, a small contract, ledgers in a folder, nodes as real processes."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from chain.core.genesis import Genesis, load_genesis, parse_genesis
from chain.core.ledger import Ledger
from chain.core.transactions import Transaction
from chain.devnet import genesis_document
from chain.export.read import Export
from chain.export.source import store_source
from chain.export.write import write_export
from chain.rpc.render import contract_address
from chain.seals.keys import load_sealer

ROOT = Path(__file__).resolve().parents[2]
GENESIS_FILE = ROOT / "hardhat-free-devnet" / "genesis.json"
CHAIN_ID = 1337421
START_SECONDS = 60.0

# Stores calldata[0] at slot 0, logs it under topic 0xaa and returns it; reverts with 0xff when it is 0.
KEEPER_CODE = bytes.fromhex("5f358015601657805f555f5260aa60205fa160205ff35b60ff5f5260205ffd")
TOPIC = (0xAA).to_bytes(32, "big")


def init_code(runtime: bytes) -> bytes:
    """Creation code that returns `runtime`."""
    return b"\x61" + len(runtime).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3") + runtime


def word(number: int) -> bytes:
    """32 bytes."""
    return number.to_bytes(32, "big")


class Wallet:
    """A key that counts its own nonce."""

    def __init__(self, number: int, chain_id: int = CHAIN_ID) -> None:
        self.account: LocalAccount = Account.from_key(word(0xA11CE + number))
        self.address = bytes.fromhex(self.account.address[2:])
        self.chain_id = chain_id
        self.nonce = 0

    def sign(self, to: bytes | None = None, data: bytes = b"", gas: int = 200_000, **fields: Any) -> bytes:
        """A raw transaction with the next nonce, or with `nonce` given."""
        transaction: dict[str, Any] = {"nonce": self.nonce, "gas": gas, "value": 0, "data": data}
        transaction |= {"chainId": self.chain_id} | fields
        if "gasPrice" not in transaction:
            transaction = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0} | transaction
        if to is not None:
            transaction["to"] = to_checksum_address(to)
        if "nonce" not in fields:
            self.nonce += 1
        return bytes(self.account.sign_transaction(transaction).raw_transaction)

    def next_contract(self) -> bytes:
        """Where the contract stands that the next transaction creates."""
        return contract_address(self.address, self.nonce)


def devnet_genesis() -> Genesis:
    """The genesis of the devnet."""
    return load_genesis(GENESIS_FILE)


def funded_genesis(wallets: list[Wallet], balance: int = 10**24) -> Genesis:
    """The devnet's rules with some accounts funded."""
    document = genesis_document()
    document["alloc"] |= {f"0x{wallet.address.hex()}": {"balance": hex(balance)} for wallet in wallets}
    return parse_genesis(json.dumps(document))


@contextmanager
def open_ledger(folder: Path, genesis: Genesis | None = None) -> Iterator[Ledger]:
    """A ledger in this process."""
    ledger = Ledger(folder, genesis or devnet_genesis(), load_sealer(None, CHAIN_ID))
    try:
        yield ledger
    finally:
        ledger.close()


def accepted(ledger: Ledger, *raws: bytes) -> list[bytes]:
    """Queue transactions, all of which must be accepted; their hashes."""
    outcomes = ledger.accept(raws)
    hashes = [outcome.hash for outcome in outcomes if isinstance(outcome, Transaction)]
    assert len(hashes) == len(raws), outcomes
    return hashes


def grow(ledger: Ledger, blocks: int = 3) -> bytes:
    """Deploy a keeper and store a number in each following block; the keeper's address."""
    wallet = Wallet(0)
    keeper = wallet.next_contract()
    accepted(ledger, wallet.sign(data=init_code(KEEPER_CODE)))
    ledger.produce(0)
    for number in range(1, blocks):
        accepted(ledger, wallet.sign(keeper, word(number)))
        ledger.produce(0)
    return keeper


def exported(folder: Path, target: Path) -> Export:
    """The export of a data folder."""
    with store_source(folder) as source:
        write_export(source, target)
    return Export(target)


class NodeProcess:
    """A real `tally node`; `ready` once it has said so."""

    def __init__(self, data: Path, *options: str, genesis: Path = GENESIS_FILE) -> None:
        command = ["-c", "from scripts.tally import main; main()", "node", "--data", str(data)]
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, *command, "--genesis", str(genesis), "--port", "0", *options],
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip())
            if "ready: http" in line:
                self._ready.set()
        self._ready.set()

    def wait_ready(self) -> "NodeProcess":
        """Wait until requests are answered."""
        assert self._ready.wait(START_SECONDS), self.lines
        assert self.process.poll() is None, self.lines
        return self

    @property
    def url(self) -> str:
        """The JSON-RPC address."""
        line = next(line for line in self.lines if "ready: http" in line)
        return line.split("ready: ")[1].split(" ")[0]

    def ask(self, method: str, *params: Any) -> dict[str, Any]:
        """One JSON-RPC answer."""
        answer: dict[str, Any] = post(self.url, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        return answer

    def result(self, method: str, *params: Any) -> Any:
        """The result of a request that must succeed."""
        answer = self.ask(method, *params)
        assert "error" not in answer, answer
        return answer["result"]

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        return self.process.wait(START_SECONDS)

    def finish(self) -> tuple[int, str]:
        """Exit code and output of a node that ends by itself."""
        code = self.process.wait(START_SECONDS)
        self._reader.join(START_SECONDS)
        return code, "\n".join(self.lines)


def post(url: str, body: Any) -> Any:
    """The answer to a JSON body."""
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as response:
        return json.load(response)


@contextmanager
def running_node(data: Path, *options: str) -> Iterator[NodeProcess]:
    """A node that is stopped at the end."""
    node = NodeProcess(data, *options)
    try:
        yield node.wait_ready()
    finally:
        node.kill()


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true value of `condition`."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return value
