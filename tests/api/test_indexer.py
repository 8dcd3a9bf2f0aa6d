"""The read model follows a real ledger, and is rebuilt when that ledger goes back."""

import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.conversions import to_bytes
from sqlalchemy import Engine

from api.indexer.indexer import Indexer
from api.indexer.repository import is_registered, is_signer, last_seen
from api.kit import problems
from api.kit.database import sync_engine
from api.kit.ledger import AsyncLedger
from api.kit.migrate import migrate
from contracts.clients import AddressBook, Call, Ledger, LedgerUnavailable, Rpc
from contracts.keys import load_key
from contracts.sender import Sender, durable_engine
from contracts.typed_data import Registration, SignerChange, sign
from scripts.system.plan import SystemPlan, free_ports
from tests.system import tally

pytestmark = pytest.mark.processes

START_SECONDS = 60.0
SIGNER_CHANGE_SECONDS, RECOVERY_SECONDS = 3 * 86_400, 7 * 86_400
CLOCK_SECONDS = 60
"""By so much the ledger's clock may be ahead of its last block."""


@dataclass
class Devnet:
    """A node of its own with the contracts deployed."""

    plan: SystemPlan
    ledger: Ledger
    registrar: Sender

    def register(self, account: LocalAccount | None = None) -> str:
        """Register a new subject; returns it once it is in a block."""
        account, subject = account or Account.create(), to_checksum_address(secrets.token_bytes(20))
        signer = bytes.fromhex(account.address[2:])
        registration = Registration(subject, signer, self.ledger.pending_timestamp() + 3600)
        signature = sign(account, registration, self.ledger.book.domain("IdentityRegistry"))
        call = self.ledger.identity_registry.register_call(registration, signature, 1, 2**15)
        self.registrar.enqueue(subject, call.to, call.data)
        assert self.registrar.wait(subject).error is None
        return subject

    def replace_signer(self, subject: str, old: LocalAccount, new: LocalAccount) -> SignerChange:
        """Announce that one key takes the place of another."""
        deadline = self.ledger.pending_timestamp() + 3600
        order = SignerChange(subject, to_bytes(hexstr=new.address), to_bytes(hexstr=old.address), 0, deadline)
        domain = self.ledger.identity_registry.domain
        signatures = (sign(old, order, domain), sign(new, order, domain))
        registry = self.ledger.identity_registry
        self.send(registry.announce_signer_change_call(order, order.removed_signer, *signatures))
        return order

    def recover(self, subject: str, new: LocalAccount) -> Registration:
        """Announce that one key takes the place of all."""
        registration = Registration(subject, to_bytes(hexstr=new.address), self.ledger.pending_timestamp() + 3600)
        signature = sign(new, registration, self.ledger.identity_registry.domain)
        self.send(self.ledger.identity_registry.announce_recovery_call(registration, signature))
        return registration

    def send(self, call: Call) -> None:
        """Send as the registrar, who may relay too."""
        act = secrets.token_hex(8)
        self.registrar.enqueue(act, call.to, call.data)
        assert self.registrar.wait(act).error is None

    def wait(self, seconds: int) -> None:
        """Let the ledger's time pass."""
        self.ledger.rpc.request("evm_increaseTime", seconds + CLOCK_SECONDS)
        self.ledger.rpc.request("evm_mine")


@pytest.fixture(scope="module")
def devnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devnet]:
    plan = SystemPlan(tmp_path_factory.mktemp("devnet"), free_ports())
    node = subprocess.Popen(plan.node().command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_node(Rpc(plan.rpc_url))
        deployed = tally(*plan.deploy().arguments)
        assert deployed.returncode == 0, deployed.stderr
        ledger = Ledger(plan.rpc_url, AddressBook.load(plan.addresses))
        account = load_key("registrar", None, ledger.chain_id)
        sender = Sender(durable_engine(f"sqlite:///{plan.data / 'registrar.db'}"), account, ledger.rpc)
        yield Devnet(plan, ledger, sender)
    finally:
        node.terminate()
        node.wait(10)


def await_node(rpc: Rpc) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            rpc.request("eth_chainId")
            return
        except LedgerUnavailable:
            assert time.monotonic() < deadline, "the node did not start"
            time.sleep(0.1)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path / 'api.db'}"
    migrate(url, tmp_path)
    return sync_engine(url)


def follow(engine: Engine, devnet: Devnet) -> None:
    indexer = Indexer(engine, devnet.ledger)
    while indexer.step():
        pass
    assert indexer.caught_up()


def known(engine: Engine, *subjects: str) -> list[bool]:
    with engine.connect() as connection:
        return [is_registered(connection, subject) for subject in subjects]


def test_it_goes_on_where_it_was(engine: Engine, devnet: Devnet) -> None:
    first = devnet.register()
    follow(engine, devnet)
    second = devnet.register()
    assert known(engine, first, second) == [True, False]
    follow(engine, devnet)
    assert known(engine, first, second) == [True, True]
    with engine.connect() as connection:
        cursor = last_seen(connection)
    head = devnet.ledger.head()
    assert cursor is not None and (cursor.block_number, cursor.block_hash) == (head.number, "0x" + head.hash.hex())
    assert abs(cursor.ledger_at - devnet.ledger.pending_timestamp()) < 60


def test_a_signer_that_was_replaced_is_known_no_more(engine: Engine, devnet: Devnet) -> None:
    first, second, third = (Account.create() for _ in range(3))
    subject = devnet.register(first)
    order = devnet.replace_signer(subject, first, second)
    follow(engine, devnet)
    assert signers(engine, subject, first, second, third) == [True, False, False]
    devnet.wait(SIGNER_CHANGE_SECONDS)
    devnet.send(devnet.ledger.identity_registry.apply_signer_change_call(order))
    follow(engine, devnet)
    assert signers(engine, subject, first, second, third) == [False, True, False]
    registration = devnet.recover(subject, third)
    devnet.wait(RECOVERY_SECONDS)
    devnet.send(devnet.ledger.identity_registry.apply_recovery_call(registration))
    follow(engine, devnet)
    assert signers(engine, subject, first, second, third) == [False, False, True]


def signers(engine: Engine, subject: str, *accounts: LocalAccount) -> list[bool]:
    with engine.connect() as connection:
        return [is_signer(connection, subject, account.address.lower()) for account in accounts]


@pytest.mark.parametrize("blocks_after", [0, 1, 3])
def test_a_ledger_that_went_back_is_indexed_anew(engine: Engine, devnet: Devnet, blocks_after: int) -> None:
    kept = devnet.register()
    snapshot = devnet.ledger.rpc.request("evm_snapshot")
    for _ in range(2):
        devnet.ledger.rpc.request("evm_mine")
    follow(engine, devnet)
    before = devnet.ledger.head()
    assert devnet.ledger.rpc.request("evm_revert", snapshot)
    devnet.ledger.rpc.request("evm_increaseTime", 100)
    for _ in range(blocks_after):
        devnet.ledger.rpc.request("evm_mine")
    assert devnet.ledger.head().hash != before.hash
    follow(engine, devnet)
    assert known(engine, kept) == [True]
    with engine.connect() as connection:
        cursor = last_seen(connection)
    assert cursor is not None and cursor.block_hash == "0x" + devnet.ledger.head().hash.hex()


@pytest.mark.anyio
async def test_another_chain_at_the_url_is_as_good_as_none(devnet: Devnet) -> None:
    right = AsyncLedger(Ledger(devnet.plan.rpc_url, devnet.ledger.book))
    assert (await right.ask(right.clients.head)).number == devnet.ledger.head().number
    wrong = AsyncLedger(Ledger(devnet.plan.rpc_url, replace(devnet.ledger.book, chain_id=1)))
    with pytest.raises(problems.LedgerUnavailable):
        await wrong.ask(wrong.clients.head)
