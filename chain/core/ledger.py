"""The ledger: opened from a data folder, it accepts transactions, produces blocks and is read through views."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from chain.core.commit import commit_block, commit_genesis, truncate
from chain.core.execution import ExecutedBlock, execute, propose
from chain.core.genesis import Genesis
from chain.core.queue import Queue, Waiting
from chain.core.transactions import (
    Transaction,
    TransactionRefused,
    check_stateful,
    check_stateless,
    decode_transaction,
)
from chain.core.verify import verify_store
from chain.core.view import View
from chain.seals.signature import Sealer
from chain.store.environment import Environment, Table, Writer
from chain.store.folder import FolderLock, ensure_created, open_checked

NONCE_USED = "nonce too low: used up by an authorization (EIP-7702)"


class Ledger:
    """One chain in one data folder, sealed by one operator.

    Thread-safe: any number of views, one producer at a time, acceptance at any time.
    """

    def __init__(self, folder: Path, genesis: Genesis, sealer: Sealer) -> None:
        """Open or create the ledger; raises a StoreError or GenesisInvalid and changes nothing when it cannot."""
        self.genesis = genesis
        self.chain_id = genesis.chain_id
        self._sealer = sealer
        self._lock = FolderLock(folder)
        try:
            self._environment = self._open(folder)
        except BaseException:
            self._lock.release()
            raise
        with self._environment.read() as reader:
            self._queue = Queue.load(reader)
        self._queue_lock = Lock()
        self._production = Lock()

    def _open(self, folder: Path) -> Environment:
        def initialise(environment: Environment) -> None:
            environment.write(lambda writer: commit_genesis(writer, self.genesis, self._sealer))

        def verify(environment: Environment) -> None:
            verify_store(environment, self.genesis, self._sealer)

        ensure_created(folder, self._lock, initialise)
        environment = open_checked(folder, verify)
        verify(environment)
        return environment

    def close(self) -> None:
        """Release the data folder; waits for a block in the making."""
        with self._production, self._queue_lock:
            self._environment.close()
            self._lock.release()

    @contextmanager
    def view(self) -> Iterator[View]:
        """A snapshot that production does not touch. Must not be nested."""
        with self._environment.read() as reader:
            yield View(reader, self._environment, self.chain_id)

    def write_meta(self, name: bytes, value: bytes) -> None:
        """Keep a named value durably."""
        self._environment.write(lambda writer: writer.put(Table.META, name, value))

    def accept(self, raws: Sequence[bytes]) -> list[Transaction | TransactionRefused]:
        """Queue transactions; those returned are on disk and survive any crash, the others say why not."""
        checked = [self._check(raw) for raw in raws]
        with self._queue_lock:
            with self.view() as view:
                state = view.machine(view.head_header()).state
                outcomes = [self._admit(item, state) for item in checked]
            admitted = [outcome for outcome in outcomes if isinstance(outcome, Waiting)]
            if admitted:
                self._persist(admitted)
        return [item.transaction if isinstance(item, Waiting) else item for item in outcomes]

    def _check(self, raw: bytes) -> Transaction | TransactionRefused:
        try:
            transaction = decode_transaction(raw)
            check_stateless(transaction, self.chain_id)
        except TransactionRefused as refusal:
            return refusal
        return transaction

    def _admit(self, item: Transaction | TransactionRefused, state: Any) -> Waiting | TransactionRefused:
        if isinstance(item, TransactionRefused):
            return item
        try:
            nonce, balance = state.get_nonce(item.sender), state.get_balance(item.sender)
            check_stateful(item, nonce, balance)
            waiting = self._queue.admit(item, nonce)
        except TransactionRefused as refusal:
            return refusal
        self._queue.add(waiting)
        return waiting

    def _persist(self, admitted: list[Waiting]) -> None:
        try:
            self._environment.write(lambda writer: _put_queued(writer, admitted))
        except BaseException:  # nobody was told that these are accepted
            for waiting in admitted:
                self._queue.remove(waiting.transaction.sender, waiting.transaction.nonce)
            raise

    def produce(self, timestamp: int, *, empty: bool = False) -> ExecutedBlock | None:
        """Propose, execute and commit the next block; None when there is nothing to put in it and not `empty`.

        The block is durable when this returns. `timestamp` is raised to the parent's plus one where needed.
        """
        with self._production:
            block = self._execute(timestamp, empty)
            if block is not None:
                self._commit(block)
            return block

    def _execute(self, timestamp: int, empty: bool) -> ExecutedBlock | None:
        with self._environment.read() as reader:
            view = View(reader, self._environment, self.chain_id)
            parent = view.head_header()
            due, passed = self._due(view, parent)
            chosen = propose(due, parent.gas_limit)
            if not chosen and not empty:
                return None
            timestamp = max(timestamp, parent.timestamp + 1)
            block = execute(reader, self._environment, parent, timestamp, chosen, self.chain_id)
            return replace(block, refused=block.refused + tuple((transaction, NONCE_USED) for transaction in passed))

    def _due(self, view: View, parent: Any) -> tuple[list[Transaction], list[Transaction]]:
        """What may be run, and what never can be: its nonce was used up without it."""
        state = view.machine(parent).state
        with self._queue_lock:
            return list(self._queue.due(state.get_nonce)), self._queue.passed(state.get_nonce)

    def _commit(self, block: ExecutedBlock) -> None:
        with self._queue_lock:
            self._environment.write(lambda writer: commit_block(writer, block, self.chain_id, self._sealer))
            for transaction in (*block.transactions, *(refused for refused, _ in block.refused)):
                self._queue.remove(transaction.sender, transaction.nonce)

    def rewind(self, number: int, meta: dict[bytes, bytes]) -> None:
        """Make block `number` the head again and empty the queue (devnet snapshots only), durably and at once."""

        def change(writer: Writer) -> None:
            truncate(writer, number)
            for key, _ in list(writer.scan(Table.QUEUE)):
                writer.delete(Table.QUEUE, key)
            for name, value in meta.items():
                writer.put(Table.META, name, value)

        with self._production, self._queue_lock:
            self._environment.write(change)
            self._queue.clear()

    def waiting(self, transaction_hash: bytes) -> Transaction | None:
        """A transaction that is queued but not mined."""
        with self._queue_lock:
            return self._queue.find(transaction_hash)

    def next_nonce(self, sender: bytes) -> int:
        """The first nonce of `sender` that is neither mined nor queued."""
        with self._queue_lock, self.view() as view:
            return self._queue.next_nonce(sender, view.machine(view.head_header()).state.get_nonce(sender))

    def queue_counts(self) -> tuple[int, int]:
        """How many queued transactions are due, and how many wait behind a nonce gap."""
        with self._queue_lock, self.view() as view:
            return self._queue.counts(view.machine(view.head_header()).state.get_nonce)


def _put_queued(writer: Writer, admitted: list[Waiting]) -> None:
    for waiting in admitted:
        writer.put(Table.QUEUE, waiting.key, waiting.row)
