"""A Prague EVM in this process: transactions from any sender, any time, with exact gas and whole-state snapshots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts.clients.reverts import decode_revert

GAS_LIMIT = 2**24
BLOCK_SECONDS = 12
NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class Log:
    """An event as the ledger keeps it."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Receipt:
    """What a transaction did; `gas_used` is the whole transaction's, base cost and calldata included."""

    gas_used: int
    logs: tuple[Log, ...]
    contract: str | None
    output: bytes


@dataclass(frozen=True)
class Snapshot:
    """A state to come back to."""

    root: bytes
    number: int
    timestamp: int


class Evm:
    """The ledger's rules without blocks: each transaction is its own block."""

    def __init__(self, chain_id: int, timestamp: int) -> None:
        genesis = {"difficulty": 0, "base_fee_per_gas": 0, "gas_limit": 2 * GAS_LIMIT, "timestamp": timestamp}
        configuration = {"vm_configuration": ((0, PragueVM),), "chain_id": chain_id}
        chain = MiningChain.configure(__name__="Workbench", **configuration).from_genesis(AtomicDB(), genesis, {})
        self._machine: Any = chain.get_vm()
        self._state: Any = self._machine.state
        self.chain_id = chain_id
        self.number = 300
        self.timestamp = timestamp
        self._enter_block()

    def _enter_block(self) -> None:
        self._state.execution_context = ExecutionContext(
            coinbase=bytes(20),
            timestamp=self.timestamp,
            block_number=self.number,
            difficulty=0,
            mix_hash=bytes(32),
            gas_limit=2 * GAS_LIMIT,
            prev_hashes=[self.block_hash(self.number - 1 - back) for back in range(256)],
            chain_id=self.chain_id,
            base_fee_per_gas=0,
            excess_blob_gas=0,
        )

    def block_hash(self, number: int) -> bytes:
        """The (invented) hash of a past block."""
        return keccak(b"block" + number.to_bytes(8, "big"))

    def go_to(self, timestamp: int) -> None:
        """Make the next transaction happen at this second; time only moves forward."""
        if timestamp < self.timestamp:
            raise ValueError(f"time moves forward: {timestamp} < {self.timestamp}")
        self.timestamp = timestamp
        self._enter_block()

    def skip_blocks(self, number: int) -> None:
        """Let so many empty blocks pass."""
        self.number += number
        self.go_to(self.timestamp + number)

    def snapshot(self) -> Snapshot:
        """Remember this state."""
        self._state.lock_changes()
        self._state.persist()
        return Snapshot(self._state.state_root, self.number, self.timestamp)

    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a remembered state, time included."""
        database = self._machine.chaindb.db
        self.number, self.timestamp = snapshot.number, snapshot.timestamp
        self._state = self._machine.get_state_class()(database, self._state.execution_context, snapshot.root)
        self._machine._state = self._state
        self._enter_block()

    def transact(self, to: str | None, data: bytes, sender: str = NOBODY) -> Receipt:
        """Run a transaction; raises the ContractError that reverted it, leaving no trace."""
        self._state.lock_changes()
        before = self._state.snapshot()
        computation, transaction = self._apply(to, data, sender)
        if computation.is_error:
            self._state.revert(before)
            raise decode_revert(bytes(computation.output))
        gas_used = self._machine.finalize_gas_used(transaction, computation)
        contract = to_checksum_address(computation.msg.storage_address) if to is None else None
        logs = tuple(_log(entry) for entry in computation.get_log_entries())
        self.number += 1
        self._enter_block()
        return Receipt(gas_used, logs, contract, bytes(computation.output))

    def call(self, to: str, data: bytes, sender: str = NOBODY) -> bytes:
        """The output of a call; raises the ContractError that reverted it."""
        self._state.lock_changes()
        before = self._state.snapshot()
        computation, _ = self._apply(to, data, sender)
        self._state.revert(before)
        if computation.is_error:
            raise decode_revert(bytes(computation.output))
        return bytes(computation.output)

    def install(self, address: str, code: bytes, storage: Mapping[int, int]) -> None:
        """Put code and storage at an address, as a genesis file does."""
        place = to_canonical_address(address)
        self._state.set_code(place, code)
        self._state.set_nonce(place, 1)
        for slot, value in storage.items():
            self._state.set_storage(place, slot, value)

    def code(self, address: str) -> bytes:
        """The code at an address."""
        return bytes(self._state.get_code(to_canonical_address(address)))

    def _apply(self, to: str | None, data: bytes, sender: str) -> tuple[Any, Any]:
        origin = to_canonical_address(sender)
        unsigned = PragueTransactionBuilder.create_unsigned_transaction(
            nonce=self._state.get_nonce(origin),
            gas_price=0,
            gas=GAS_LIMIT,
            to=to_canonical_address(to) if to else b"",
            value=0,
            data=data,
        )
        transaction = SpoofTransaction(unsigned, from_=origin)
        return self._state.apply_transaction(transaction), transaction


def _log(entry: tuple[bytes, Sequence[int], bytes]) -> Log:
    address, topics, data = entry
    return Log(to_checksum_address(address), tuple(topic.to_bytes(32, "big") for topic in topics), data)
