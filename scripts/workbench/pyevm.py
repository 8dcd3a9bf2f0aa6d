"""A Prague EVM with P256VERIFY in this process: the workbench's everyday engine, which needs no node."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from eth.chains.base import MiningChain
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.forks.prague.constants import HISTORY_STORAGE_CONTRACT_CODE
from eth.vm.forks.prague.state import PragueState
from eth.vm.forks.prague.transactions import PragueTransactionBuilder
from eth.vm.spoof import SpoofTransaction
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak

from contracts.clients.reverts import decode_revert
from scripts.workbench import p256
from scripts.workbench.evm import (
    BLOCKHASH_BLOCKS,
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
from scripts.workbench.header import encode_header

_HISTORY = to_canonical_address(HISTORY_ADDRESS)


class Computation(PragueComputation):  # type: ignore[misc]
    """Prague's, and P256VERIFY."""

    _precompiles: ClassVar = {**PragueComputation._precompiles, p256.ADDRESS: p256.p256verify}


class _State(PragueState):  # type: ignore[misc]
    computation_class = Computation


class PragueWithP256VM(PragueVM):  # type: ignore[misc]
    """Prague with P256VERIFY: not Osaka, which has more than that; for the workbench alone."""

    _state_class = _State


class PyEvm(Evm):
    """Transactions on one state, without blocks: of each block only an (invented) header is made."""

    def __init__(self, chain_id: int, timestamp: int) -> None:
        genesis = {"difficulty": 0, "base_fee_per_gas": 0, "gas_limit": 2 * GAS_LIMIT, "timestamp": timestamp}
        configuration = {"vm_configuration": ((0, PragueWithP256VM),), "chain_id": chain_id}
        chain = MiningChain.configure(__name__="Workbench", **configuration).from_genesis(AtomicDB(), genesis, {})
        self._machine: Any = chain.get_vm()
        self._state: Any = self._machine.state
        self._headers: dict[bytes, bytes] = {}
        self.chain_id = chain_id
        self.number = GENESIS_NUMBER
        self.timestamp = timestamp - PAST_BLOCKS
        self.install(HISTORY_ADDRESS, HISTORY_STORAGE_CONTRACT_CODE, {})
        self.skip_blocks(PAST_BLOCKS)

    def _enter_block(self) -> None:
        self._state.execution_context = ExecutionContext(
            coinbase=bytes(20),
            timestamp=self.timestamp,
            block_number=self.number,
            difficulty=0,
            mix_hash=bytes(32),
            gas_limit=2 * GAS_LIMIT,
            prev_hashes=self._previous_hashes(),
            chain_id=self.chain_id,
            base_fee_per_gas=0,
            excess_blob_gas=0,
        )

    def _previous_hashes(self) -> Iterator[bytes]:
        """Of the last 256 blocks, the last one first; read only as far as BLOCKHASH asks."""
        newest = self.number - 1
        return (self.block_hash(number) for number in range(newest, newest - BLOCKHASH_BLOCKS, -1))

    def block_hash(self, number: int) -> bytes:
        """The (invented) hash of one of the last 8,191 blocks."""
        if not max(GENESIS_NUMBER, self.number - HISTORY_BLOCKS) <= number < self.number:
            raise LookupError(f"block {number} is not one of the last {HISTORY_BLOCKS} before {self.number}")
        kept: int = self._state.get_storage(_HISTORY, number % HISTORY_BLOCKS)
        return kept.to_bytes(32, "big")

    def header(self, number: int) -> bytes:
        """The RLP of the (invented) header of one of the last 8,191 blocks."""
        return self._headers[self.block_hash(number)]

    def skip_blocks(self, number: int) -> None:
        """Let so many empty blocks pass, one a second."""
        for _ in range(number):
            self._seal()
            self.timestamp += 1
        self._enter_block()

    def _seal(self) -> None:
        """End the block: its header joins the others, its hash the history contract."""
        parent = self.block_hash(self.number - 1) if self.number > GENESIS_NUMBER else bytes(32)
        header = encode_header(
            {"parentHash": parent, "number": self.number, "timestamp": self.timestamp, "gasLimit": 2 * GAS_LIMIT}
        )
        known_as = keccak(header)
        self._headers[known_as] = header
        slot = self.number % HISTORY_BLOCKS
        self._state.set_storage(_HISTORY, slot, int.from_bytes(known_as, "big"))
        self.number += 1

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
        self._seal()
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
