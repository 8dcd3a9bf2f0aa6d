"""py-evm's database interfaces over the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth.db.atomic import AtomicDBWriteBatch
from eth.db.backends.base import BaseAtomicDB
from eth_hash.auto import keccak

from chain.store.environment import Environment, Reader, Table, Writer
from chain.store.errors import FileDamaged

HASH_BYTES = 32


class LmdbDatabase(BaseAtomicDB):  # type: ignore[misc]
    """A py-evm atomic database in the table of trie nodes; every batch is one LMDB transaction."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getitem__(self, key: bytes) -> bytes:
        with self._environment.read() as reader:
            value = reader.get(Table.NODES, key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._environment.write(lambda writer: writer.put(Table.NODES, key, value))

    def __delitem__(self, key: bytes) -> None:
        if not self._environment.write(lambda writer: writer.delete(Table.NODES, key)):
            raise KeyError(key)

    def _exists(self, key: bytes) -> bool:
        with self._environment.read() as reader:
            return reader.get(Table.NODES, key) is not None

    def apply(self, puts: dict[bytes, bytes], deletes: list[bytes]) -> None:
        """Write and remove many keys in one transaction."""

        def change(writer: Writer) -> None:
            for key, value in puts.items():
                writer.put(Table.NODES, key, value)
            for key in deletes:
                writer.delete(Table.NODES, key)

        self._environment.write(change)

    @contextmanager
    def atomic_batch(self) -> Iterator[Any]:
        """A readable buffer that is written in one LMDB transaction unless the block raises."""
        with _LmdbBatch._commit_unless_raises(self) as batch:
            yield batch


class _LmdbBatch(AtomicDBWriteBatch):  # type: ignore[misc]
    def _commit(self) -> None:
        diff = self._diff()
        self._write_target_db.apply(dict(diff.pending_items()), list(diff.deleted_keys()))


class OverlayDatabase(BaseAtomicDB):  # type: ignore[misc]
    """Reads a snapshot and keeps every write in memory, so that a block is executed without touching the disk.

    Trie nodes are never deleted: the state of every block stays readable. Whatever is read under a 32-byte key
    is checked against its hash, so that a damaged file is noticed and never carried into a new block.
    """

    def __init__(self, reader: Reader, environment: Environment) -> None:
        self._reader = reader
        self._file = environment.file
        self.written: dict[bytes, bytes] = {}

    def __getitem__(self, key: bytes) -> bytes:
        value = self.written.get(key)
        if value is not None:
            return value
        value = self._reader.get(Table.NODES, key)
        if value is None:
            raise KeyError(key)
        if len(key) == HASH_BYTES and keccak(value) != key:
            raise FileDamaged(self._file, f"the value stored for hash 0x{key.hex()} has another hash")
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.written[key] = value

    def __delitem__(self, key: bytes) -> None:
        del self.written[key]

    def _exists(self, key: bytes) -> bool:
        return key in self.written or self._reader.get(Table.NODES, key) is not None

    @contextmanager
    def atomic_batch(self) -> Iterator[Any]:
        """A buffer over this overlay; dropped when the block raises."""
        with AtomicDBWriteBatch._commit_unless_raises(self) as batch:
            yield batch
