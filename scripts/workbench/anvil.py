"""anvil as the workbench's second engine: other code, Osaka rules, real blocks and receipts, over JSON-RPC."""

import subprocess
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from eth_utils.address import to_checksum_address

from contracts.clients.errors import ContractError, LedgerUnavailable, RpcError
from contracts.clients.reverts import contract_error, decode_revert
from contracts.clients.rpc import Rpc
from scripts.system.plan import HOST, free_ports
from scripts.workbench.evm import (
    GAS_LIMIT,
    GENESIS_NUMBER,
    HISTORY_ADDRESS,
    HISTORY_BLOCKS,
    NOBODY,
    PAST_BLOCKS,
    Evm,
    Log,
    Receipt,
    Snapshot,
)
from scripts.workbench.header import header_of_block

PACKAGES = Path(__file__).resolve().parents[2] / "node_modules" / "@foundry-rs"
RULES = ("--hardfork", "osaka", "--enable-tx-gas-limit", "--gas-limit", str(2 * GAS_LIMIT))
FREE_OF_CHARGE = ("--block-base-fee-per-gas", "0", "--gas-price", "0", "--accounts", "0")
KEEP_LITTLE = ("--prune-history",)
"""Old states are not kept, neither in memory nor on disk: nobody asks for them."""
START_SECONDS = 20.0
STOP_SECONDS = 5.0
RPC_SECONDS = 60.0
START_ATTEMPTS = 3
POLL_SECONDS = 0.02
EVM_FAILED = "EVM error"
"""How anvil's message begins when a call ended other than by a revert: out of gas, an invalid opcode."""


class AnvilMissing(Exception):
    """anvil is not installed."""

    def __init__(self) -> None:
        super().__init__(f"no anvil in {PACKAGES}: run `npm ci` (make setup)")


class AnvilFailed(Exception):
    """anvil did not start."""

    def __init__(self, output: str) -> None:
        super().__init__(f"anvil did not start: {output}")


class AnvilDisagrees(Exception):
    """What anvil did is not what it had said it would do."""


def anvil_program() -> Path:
    """The program of this machine's platform. Raises AnvilMissing."""
    for program in sorted(PACKAGES.glob("anvil-*/bin/anvil*")):
        return program
    raise AnvilMissing


class AnvilProcess:
    """A running anvil on a free loopback port; it ends with the `with` block, or with this process."""

    def __init__(self, chain_id: int, *options: str) -> None:
        self._options = ("--chain-id", str(chain_id), "--quiet", *RULES, *FREE_OF_CHARGE, *options)
        self.url, self.rpc, self._process = self._start()
        self._end = weakref.finalize(self, _end, self._process, self.rpc)

    def close(self) -> None:
        """End it."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _start(self) -> tuple[str, Rpc, subprocess.Popen[str]]:
        """Another process may take the port between looking and starting: then try again."""
        output = ""
        for _ in range(START_ATTEMPTS):
            port = free_ports().node
            url = f"http://{HOST}:{port}"
            process = self._spawn(port)
            rpc = Rpc(url, RPC_SECONDS)
            if _answers(process, rpc):
                return url, rpc, process
            _end(process, rpc)
            output = process.stdout.read() if process.stdout else ""
        raise AnvilFailed(output)

    def _spawn(self, port: int) -> subprocess.Popen[str]:
        command = [str(anvil_program()), "--host", HOST, "--port", str(port), *self._options]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603


def _answers(process: subprocess.Popen[str], rpc: Rpc) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            rpc.request("eth_chainId")
        except LedgerUnavailable:
            time.sleep(POLL_SECONDS)
        else:
            return process.poll() is None
    return False


def _end(process: subprocess.Popen[str], rpc: Rpc) -> None:
    rpc.close()
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


Act = tuple[str, Sequence[Any]]
"""A request that changes the state."""


@dataclass
class _Mark:
    """A remembered state: how it came about from an earlier one, and anvil's name of it while anvil still has it."""

    before: "_Mark | None"
    acts: tuple[Act, ...]
    snapshot: Snapshot
    head: str
    held_as: int | None = field(default=None)


class AnvilEvm(Evm):
    """Each transaction is first called (for its output or its revert), then sent, mined and read from its receipt.

    anvil forgets a snapshot when it returns to it or to an earlier one. What is forgotten is carried out again from
    the last snapshot it still has: anvil is deterministic, down to the block hashes.
    """

    def __init__(self, chain_id: int, timestamp: int, options: Sequence[str] = KEEP_LITTLE) -> None:
        began = ("--number", str(GENESIS_NUMBER), "--timestamp", str(timestamp - PAST_BLOCKS))
        self.process = AnvilProcess(chain_id, "--auto-impersonate", *began, *options)
        self.rpc = self.process.rpc
        self.chain_id = chain_id
        self.number = GENESIS_NUMBER + 1
        self.timestamp = timestamp - PAST_BLOCKS + 1
        self._acts: list[Act] = []
        self._marks: dict[Snapshot, _Mark] = {}
        self._mark: _Mark | None = None
        self._read_head()
        self.rpc.request("anvil_setBlockTimestampInterval", 0)
        self.skip_blocks(PAST_BLOCKS - 1)
        self.snapshot()

    def header(self, number: int) -> bytes:
        """The RLP of the header of a block."""
        block = self.rpc.request("eth_getBlockByNumber", hex(number), False)
        if block is None:
            raise LookupError(f"no block {number} before {self.number}")
        return header_of_block(block)

    def skip_blocks(self, number: int) -> None:
        """Let so many empty blocks pass, one a second."""
        if not number:
            return
        self._set_clock()
        self._act("anvil_setBlockTimestampInterval", 1)
        self._act("anvil_mine", hex(number))
        self._act("anvil_setBlockTimestampInterval", 0)
        self._read_head()
        self.number += number
        self.timestamp += number

    def snapshot(self) -> Snapshot:
        """Remember this state."""
        name = len(self._marks).to_bytes(8, "big")
        mark = _Mark(self._mark, tuple(self._acts), Snapshot(name, self.number, self.timestamp), self._head)
        self._marks[mark.snapshot] = mark
        self._hold(mark)
        return mark.snapshot

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a remembered state, time included."""
        self._return_to(self._marks[snapshot])

    def transact(self, to: str | None, data: bytes, sender: str = NOBODY) -> Receipt:
        """Run a transaction; raises the ContractError that reverted it, leaving no trace."""
        output = self._call(to, data, sender)
        self._set_clock()
        receipt = self._act("eth_sendTransactionSync", _transaction(to, data, sender))
        if receipt["status"] != "0x1" or int(receipt["blockNumber"], 16) != self.number:
            raise AnvilDisagrees(f"transaction {receipt['transactionHash']} in block {receipt['blockNumber']}")
        self._head, self._head_at = receipt["blockHash"], self.timestamp
        self.number += 1
        contract = receipt["contractAddress"] if to is None else None
        logs = tuple(_log(entry) for entry in receipt["logs"])
        created = to_checksum_address(contract) if contract else None
        return Receipt(int(receipt["gasUsed"], 16), logs, created, output)

    def call(self, to: str, data: bytes, sender: str = NOBODY) -> bytes:
        """The output of a call; raises the ContractError that reverted it."""
        return self._call(to, data, sender)

    def trace(self, to: str | None, data: bytes, sender: str = NOBODY) -> Any:
        """Every step that this transaction would take now (debug_traceCall)."""
        block = {"blockOverrides": {"number": hex(self.number), "time": hex(self.timestamp)}}
        options = {"disableMemory": True, "disableStorage": True} | block
        return self.rpc.request("debug_traceCall", _transaction(to, data, sender), "latest", options)

    def install(self, address: str, code: bytes, storage: Mapping[int, int]) -> None:
        """Put code and storage at an address, as a genesis file does."""
        self._act("anvil_setCode", address, "0x" + code.hex())
        self._act("anvil_setNonce", address, "0x1")
        for slot, value in storage.items():
            self._act("anvil_setStorageAt", address, f"0x{slot:064x}", f"0x{value:064x}")

    def code(self, address: str) -> bytes:
        """The code at an address."""
        return bytes.fromhex(self.rpc.request("eth_getCode", address, "latest")[2:])

    def close(self) -> None:
        """End anvil."""
        self.process.close()

    def _call(self, to: str | None, data: bytes, sender: str) -> bytes:
        """A call in the block that the next transaction will be in, which begins by keeping its parent's hash."""
        block = {"number": hex(self.number), "time": hex(self.timestamp)}
        parent = {f"0x{(self.number - 1) % HISTORY_BLOCKS:064x}": self._head}
        state = {HISTORY_ADDRESS: {"stateDiff": parent}}
        try:
            output: str = self.rpc.request("eth_call", _transaction(to, data, sender), "latest", state, block)
        except RpcError as error:
            raise _refusal(error) from None
        return bytes.fromhex(output[2:])

    def _enter_block(self) -> None:
        """Nothing: calls and transactions bring number and time with them."""

    def _set_clock(self) -> None:
        if self.timestamp != self._head_at:
            self._act("evm_setNextBlockTimestamp", self.timestamp)

    def _act(self, method: str, *params: Any) -> Any:
        """Change the state, and remember how."""
        result = self.rpc.request(method, *params)
        self._acts.append((method, params))
        return result

    def _return_to(self, mark: _Mark) -> None:
        if mark.held_as is None:
            self._carry_out_again(mark)
        else:
            self._fall_back(mark.held_as)
        self.number, self.timestamp = mark.snapshot.number, mark.snapshot.timestamp
        self._read_head()
        self._hold(mark)

    def _fall_back(self, held_as: int) -> None:
        if not self.rpc.request("evm_revert", hex(held_as)):
            raise AnvilDisagrees(f"snapshot {held_as} is lost")
        for mark in self._marks.values():
            if mark.held_as is not None and mark.held_as >= held_as:
                mark.held_as = None

    def _carry_out_again(self, mark: _Mark) -> None:
        if mark.before is None:
            raise AnvilDisagrees("the first snapshot is lost")
        self._return_to(mark.before)
        for method, params in mark.acts:
            self.rpc.request(method, *params)
        self._read_head()
        if self._head != mark.head:
            raise AnvilDisagrees("the same acts led to another block")

    def _hold(self, mark: _Mark) -> None:
        mark.held_as = int(self.rpc.request("evm_snapshot"), 16)
        self._mark, self._acts = mark, []

    def _read_head(self) -> None:
        block = self.rpc.request("eth_getBlockByNumber", "latest", False)
        self._head, self._head_at = str(block["hash"]), int(block["timestamp"], 16)


def _transaction(to: str | None, data: bytes, sender: str) -> dict[str, str]:
    fields = {"from": sender, "data": "0x" + data.hex(), "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
    return fields | ({"to": to} if to else {})


def _refusal(error: RpcError) -> Exception:
    """The ContractError in an error of anvil's; out of gas and the like say nothing, as in a receipt."""
    reverted: ContractError | None = contract_error(error)
    if reverted is None and error.message.startswith(EVM_FAILED):
        return decode_revert(b"")
    return reverted or error


def _log(entry: Mapping[str, Any]) -> Log:
    topics = tuple(bytes.fromhex(topic[2:]) for topic in entry["topics"])
    return Log(to_checksum_address(entry["address"]), topics, bytes.fromhex(entry["data"][2:]))
