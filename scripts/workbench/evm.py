"""What every engine of the workbench does: transactions from any sender, any time, exact gas, whole-state snapshots."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from eth_utils.crypto import keccak

GAS_LIMIT = 2**24
"""Of a transaction, as Osaka has it; a block holds two."""
NOBODY = "0x" + "00" * 20
HISTORY_ADDRESS = "0x0000F90827F1C53a10cb7A02335B175320002935"
HISTORY_BLOCKS = 8_191
"""The ledger keeps the hashes of so many blocks (EIP-2935)."""
BLOCKHASH_BLOCKS = 256
"""BLOCKHASH tells those of so many."""
PAST_BLOCKS = 300
"""Empty blocks before the first transaction, a second each."""
GENESIS_NUMBER = HISTORY_BLOCKS + 9
"""The number of the first block, so that there are numbers which the ledger has forgotten."""


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
    """A state to come back to; `root` is the engine's name for it."""

    root: bytes
    number: int
    timestamp: int


class Evm(ABC):
    """The ledger's rules: each transaction is its own block, `number`, at `timestamp`; several may share a second."""

    chain_id: int
    number: int
    timestamp: int

    def go_to(self, timestamp: int) -> None:
        """Make the next transaction happen at this second; time only moves forward."""
        if timestamp < self.timestamp:
            raise ValueError(f"time moves forward: {timestamp} < {self.timestamp}")
        self.timestamp = timestamp
        self._enter_block()

    def block_hash(self, number: int) -> bytes:
        """The hash of one of the last 8,191 blocks."""
        return keccak(self.header(number))

    @abstractmethod
    def header(self, number: int) -> bytes:
        """The RLP of the header of one of the last 8,191 blocks, as a client brings it to a contract."""

    @abstractmethod
    def skip_blocks(self, number: int) -> None:
        """Let so many empty blocks pass, one a second."""

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """Remember this state."""

    @abstractmethod
    def restore(self, snapshot: Snapshot) -> None:
        """Come back to a remembered state, time included."""

    @abstractmethod
    def transact(self, to: str | None, data: bytes, sender: str = NOBODY) -> Receipt:
        """Run a transaction; raises the ContractError that reverted it, leaving no trace."""

    @abstractmethod
    def call(self, to: str, data: bytes, sender: str = NOBODY) -> bytes:
        """The output of a call; raises the ContractError that reverted it."""

    @abstractmethod
    def install(self, address: str, code: bytes, storage: Mapping[int, int]) -> None:
        """Put code and storage at an address, as a genesis file does."""

    @abstractmethod
    def code(self, address: str) -> bytes:
        """The code at an address."""

    @abstractmethod
    def _enter_block(self) -> None:
        """Take note of a changed `number` or `timestamp`."""
