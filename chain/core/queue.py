"""Transactions waiting for a block: held until their nonce is due, kept on disk until they are mined."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chain.core.transactions import Transaction, TransactionRefused, decode_transaction
from chain.store.environment import Reader, Table
from chain.store.schema import NUMBER_BYTES, number_key, queue_key

MAX_QUEUED = 16_384
MAX_QUEUED_PER_SENDER = 4_096
MAX_NONCE_GAP = 4_096  # how far above the next nonce a transaction may wait

NonceOf = Callable[[bytes], int]


class AlreadyKnown(TransactionRefused):
    """The very same transaction is waiting already."""

    def __init__(self, transaction_hash: bytes) -> None:
        self.transaction_hash = transaction_hash
        super().__init__("already known")


class NonceTaken(TransactionRefused):
    """Another transaction of the sender with this nonce is waiting; without fees none outbids another."""

    def __init__(self, nonce: int) -> None:
        self.nonce = nonce
        super().__init__("replacement transaction underpriced")


class NonceTooHigh(TransactionRefused):
    """The nonce is too far above the next one."""

    def __init__(self, expected: int, found: int) -> None:
        self.expected, self.found, self.limit = expected, found, MAX_NONCE_GAP
        super().__init__(f"nonce too high: next nonce {expected}, tx nonce {found}, largest gap {MAX_NONCE_GAP}")


class QueueFull(TransactionRefused):
    """Too many transactions are waiting."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"txpool is full: {limit} transactions are waiting; send again later")


@dataclass(frozen=True)
class Waiting:
    """A queued transaction and its place in the order of arrival."""

    arrival: int
    transaction: Transaction

    @property
    def key(self) -> bytes:
        """Its key in the table of the queue."""
        return queue_key(self.transaction.sender, self.transaction.nonce)

    @property
    def row(self) -> bytes:
        """Its row in the table of the queue."""
        return number_key(self.arrival) + self.transaction.raw


class Queue:
    """The waiting transactions in memory; the ledger writes the same rows to disk. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._by_sender: dict[bytes, dict[int, Waiting]] = {}
        self._by_hash: dict[bytes, Waiting] = {}
        self._arrivals = 0

    @classmethod
    def load(cls, reader: Reader) -> "Queue":
        """The queue as it was on disk."""
        queue = cls()
        for _, row in reader.scan(Table.QUEUE):
            arrival = int.from_bytes(row[:NUMBER_BYTES], "big")
            queue.add(Waiting(arrival, decode_transaction(row[NUMBER_BYTES:])))
        return queue

    def __len__(self) -> int:
        return len(self._by_hash)

    def admit(self, transaction: Transaction, next_nonce: int) -> Waiting:
        """The place this transaction would get; raises a TransactionRefused. Nothing is changed."""
        of_sender = self._by_sender.get(transaction.sender, {})
        if transaction.hash in self._by_hash:
            raise AlreadyKnown(transaction.hash)
        if transaction.nonce in of_sender:
            raise NonceTaken(transaction.nonce)
        if transaction.nonce > next_nonce + MAX_NONCE_GAP:
            raise NonceTooHigh(next_nonce, transaction.nonce)
        if len(self) >= MAX_QUEUED:
            raise QueueFull(MAX_QUEUED)
        if len(of_sender) >= MAX_QUEUED_PER_SENDER:
            raise QueueFull(MAX_QUEUED_PER_SENDER)
        return Waiting(self._arrivals, transaction)

    def add(self, waiting: Waiting) -> None:
        """Hold an admitted transaction."""
        transaction = waiting.transaction
        self._by_sender.setdefault(transaction.sender, {})[transaction.nonce] = waiting
        self._by_hash[transaction.hash] = waiting
        self._arrivals = max(self._arrivals, waiting.arrival + 1)

    def remove(self, sender: bytes, nonce: int) -> None:
        """Forget whatever waits with this nonce."""
        of_sender = self._by_sender.get(sender, {})
        waiting = of_sender.pop(nonce, None)
        if waiting is not None:
            del self._by_hash[waiting.transaction.hash]
        if not of_sender:
            self._by_sender.pop(sender, None)

    def clear(self) -> None:
        """Forget everything."""
        self._by_sender.clear()
        self._by_hash.clear()

    def find(self, transaction_hash: bytes) -> Transaction | None:
        """A waiting transaction by its hash."""
        waiting = self._by_hash.get(transaction_hash)
        return None if waiting is None else waiting.transaction

    def next_nonce(self, sender: bytes, mined: int) -> int:
        """The first nonce that is neither mined nor waiting."""
        of_sender = self._by_sender.get(sender, {})
        while mined in of_sender:
            mined += 1
        return mined

    def due(self, nonce_of: NonceOf) -> Iterator[Transaction]:
        """Transactions whose turn it is, in order of arrival as far as nonces allow."""
        nonces = {sender: nonce_of(sender) for sender in self._by_sender}
        heap = [
            (of_sender[nonces[sender]].arrival, sender)
            for sender, of_sender in self._by_sender.items()
            if nonces[sender] in of_sender
        ]
        heapq.heapify(heap)
        while heap:
            _, sender = heapq.heappop(heap)
            yield self._by_sender[sender][nonces[sender]].transaction
            nonces[sender] += 1
            following = self._by_sender[sender].get(nonces[sender])
            if following is not None:
                heapq.heappush(heap, (following.arrival, sender))

    def passed(self, nonce_of: NonceOf) -> list[Transaction]:
        """Transactions whose nonce was used up without them: an authorization (EIP-7702) counts a nonce too."""
        found: list[Transaction] = []
        for sender, of_sender in self._by_sender.items():
            next_nonce = nonce_of(sender)
            found.extend(waiting.transaction for nonce, waiting in of_sender.items() if nonce < next_nonce)
        return found

    def counts(self, nonce_of: NonceOf) -> tuple[int, int]:
        """How many are due, and how many wait behind a nonce gap."""
        due = sum(1 for _ in self.due(nonce_of))
        return due, len(self) - due
