"""The ledger as the rest of the system sees it: heads, time, events and the contracts of one deployment."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contracts.clients.address_book import AddressBook
from contracts.clients.cash_token import CashToken
from contracts.clients.contract import BlockId, Call, ContractClient, block_parameter, estimate_gas, eth_call
from contracts.clients.credit_registry import CreditRegistry
from contracts.clients.errors import WrongChain
from contracts.clients.events import Event, fetch_events
from contracts.clients.guarantee_fund import GuaranteeFund
from contracts.clients.identity_registry import IdentityRegistry
from contracts.clients.lending_pool import LendingPool
from contracts.clients.loan_book import LoanBook
from contracts.clients.rpc import DEFAULT_TIMEOUT_SECONDS, Rpc


@dataclass(frozen=True)
class Block:
    """A block's place and time (UTC seconds)."""

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp: int


class UnknownBlock(Exception):
    """The ledger has no such block (on its chain)."""

    def __init__(self, block: BlockId) -> None:
        shown = "0x" + block.hex() if isinstance(block, bytes) else block
        super().__init__(f"the ledger has no block {shown}")
        self.block = block


class Ledger:
    """Typed access to one deployment over JSON-RPC. Holds no key; safe to share between threads.

    Every method raises LedgerUnavailable when the node cannot be reached.
    """

    def __init__(self, rpc_url: str, book: AddressBook, timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS) -> None:
        self.rpc, self.book = Rpc(rpc_url, timeout_seconds), book
        self.loan_book: LoanBook = self._client(LoanBook)
        self.credit_registry: CreditRegistry = self._client(CreditRegistry)
        self.identity_registry: IdentityRegistry = self._client(IdentityRegistry)
        self.cash_token: CashToken = self._client(CashToken)
        self.lending_pool: LendingPool = self._client(LendingPool)
        self.guarantee_fund: GuaranteeFund = self._client(GuaranteeFund)

    def _client(self, kind: type[ContractClient]) -> Any:
        return kind(self.rpc, self.book.domain(kind.contract))

    @cached_property
    def chain_id(self) -> int:
        """The ledger's chain id. Raises WrongChain when it is not the address book's."""
        found = int(self.rpc.request("eth_chainId"), 16)
        if found != self.book.chain_id:
            raise WrongChain(self.book.chain_id, found)
        return found

    def head(self) -> Block:
        """The latest block."""
        return self.block("latest")

    def block(self, block: BlockId) -> Block:
        """A block by number, tag or hash. Raises UnknownBlock."""
        method = "eth_getBlockByHash" if isinstance(block, bytes) else "eth_getBlockByNumber"
        parameter = "0x" + block.hex() if isinstance(block, bytes) else block_parameter(block)
        found = self.rpc.request(method, parameter, False)
        if found is None:
            raise UnknownBlock(block)
        return Block(
            number=int(found["number"], 16),
            hash=bytes.fromhex((found["hash"] or "0x")[2:]),
            parent_hash=bytes.fromhex(found["parentHash"][2:]),
            timestamp=int(found["timestamp"], 16),
        )

    def pending_timestamp(self) -> int:
        """Business time: the timestamp, UTC seconds, that the next block would carry."""
        return int(self.rpc.request("eth_getBlockByNumber", "pending", False)["timestamp"], 16)

    def events(self, from_block: int, to_block: int) -> list[Event]:
        """Every event of the deployment's contracts in these blocks (both included), in ledger order."""
        return fetch_events(self.rpc, self.book, from_block, to_block)

    def call(self, to: str, data: bytes, block: BlockId = "latest") -> bytes:
        """Run calldata without a transaction. Raises ContractError when it reverts."""
        return eth_call(self.rpc, to, data, block)

    def try_out(self, call: Call) -> Call:
        """Let the next block judge a call; it comes back with the gas it needs. Raises ContractError."""
        return estimate_gas(self.rpc, call)
