"""Carrying out a plan over JSON-RPC through the durable sender, and checking what stands."""

from collections.abc import Callable

from contracts.artifacts import artifact
from contracts.clients.address_book import VERSION_MARK, AddressBook
from contracts.clients.errors import ContractError, WrongChain
from contracts.clients.rpc import Rpc
from contracts.deployment.plan import Address, Terms, deploy
from contracts.sender import Outcome, Sender, Status

FIRST_ACT = "deploy/AccessManager"


class DeploymentFailed(Exception):
    """The ledger refused an act of the plan."""

    def __init__(self, act_id: str, error: ContractError | None) -> None:
        super().__init__(f"{act_id} failed: {error}")
        self.act_id, self.error = act_id, error


class NotDeployedHere(Exception):
    """The address book names a contract that the ledger does not have there."""

    def __init__(self, name: str, address: Address) -> None:
        super().__init__(f"the address book has {name} at {address}, but its code is not there on this ledger")
        self.name, self.address = name, address


class SenderExecutor:
    """Carries out a plan through durable senders: an act that was confirmed is never sent again."""

    def __init__(self, deployer: Sender, treasurer: Sender, progress: Callable[[str], None]) -> None:
        self._deployer, self._treasurer, self._progress = deployer, treasurer, progress
        self._open: list[tuple[Sender, str]] = []

    @property
    def deployer(self) -> Address:
        """The account that deploys."""
        return self._deployer.address

    def create(self, act_id: str, code: bytes) -> Address:
        """Create a contract and wait for its address. Raises DeploymentFailed, ActConflict."""
        self._enqueue(self._deployer, act_id, None, code)
        self.settle()
        return str(self.outcome(act_id).contract_address)

    def call(self, act_id: str, to: Address, data: bytes) -> None:
        """Queue a call of the deployer. Raises ActConflict."""
        self._enqueue(self._deployer, act_id, to, data)

    def call_as_treasurer(self, act_id: str, to: Address, data: bytes) -> None:
        """Queue a call of the treasurer. Raises ActConflict."""
        self._enqueue(self._treasurer, act_id, to, data)

    def created_at(self, act_id: str) -> int:
        """The timestamp of the block that holds a confirmed act."""
        block = self._deployer.rpc.request("eth_getBlockByNumber", hex(self.outcome(act_id).block_number or 0), False)
        return int(block["timestamp"], 16)

    def outcome(self, act_id: str) -> Outcome:
        """What became of an act of the deployer."""
        return self._deployer.outcome(act_id)

    def settle(self) -> None:
        """Wait until everything queued is confirmed. Raises DeploymentFailed."""
        for sender, act_id in self._open:
            outcome = sender.wait(act_id)
            if outcome.status is not Status.CONFIRMED:
                raise DeploymentFailed(act_id, outcome.error)
            self._progress(act_id)
        self._open = []

    def _enqueue(self, sender: Sender, act_id: str, to: Address | None, data: bytes) -> None:
        sender.enqueue(act_id, to, data)
        self._open.append((sender, act_id))


def deploy_with(executor: SenderExecutor, chain_id: int, terms: Terms) -> AddressBook:
    """Carry out the plan to its end, going on where a killed run stopped; what then stands where."""
    contracts = deploy(executor, terms)
    return AddressBook(chain_id, executor.outcome(FIRST_ACT).block_number or 0, contracts)


def verify(rpc: Rpc, book: AddressBook) -> None:
    """Check that the contracts of the book are on this ledger. Raises WrongChain, NotDeployedHere."""
    chain_id = int(rpc.request("eth_chainId"), 16)
    if chain_id != book.chain_id:
        raise WrongChain(book.chain_id, chain_id)
    for name, address in book.contracts.items():
        code = bytes.fromhex(rpc.request("eth_getCode", address, "latest")[2:])
        stands = bool(code) if VERSION_MARK in name else artifact(name).is_code(code)
        if not stands:
            raise NotDeployedHere(name, address)
