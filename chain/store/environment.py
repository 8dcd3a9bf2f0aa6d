"""One LMDB environment: snapshot readers, atomic writes that are on disk when they return, a map that grows."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from threading import Condition, Lock
from typing import Any, TypeVar

import lmdb

from chain.store.errors import FileDamaged, FileMissing, StoreClosed, WriteFailed

DATA_FILE = "data.mdb"
INITIAL_MAP_BYTES = 64 * 1024 * 1024
MAP_STEP_BYTES = 1024 * 1024 * 1024  # the map doubles until this step, then grows by it
MAX_READERS = 256

T = TypeVar("T")


class Table(Enum):
    """The tables of the ledger; `chain.store.schema` says what each holds."""

    NODES = b"nodes"
    BLOCKS = b"blocks"
    RECEIPTS = b"receipts"
    NUMBERS = b"numbers"
    TRANSACTIONS = b"transactions"
    LOGS = b"logs"
    SEALS = b"seals"
    TREE = b"tree"
    QUEUE = b"queue"
    META = b"meta"


class Reader:
    """A consistent snapshot of all tables; valid inside the `with` block that gave it."""

    def __init__(self, transaction: lmdb.Transaction, tables: dict[Table, Any]) -> None:
        self._transaction = transaction
        self._tables = tables

    def get(self, table: Table, key: bytes) -> bytes | None:
        """The value at `key`, or None."""
        value: Any = self._transaction.get(key, db=self._tables[table])
        return None if value is None else bytes(value)

    def scan(self, table: Table, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Pairs from the first key at or after `start` upwards."""
        cursor: Any = self._transaction.cursor(db=self._tables[table])
        if cursor.set_range(start):
            yield from cursor.iternext()


class Writer(Reader):
    """A write transaction: everything or nothing reaches the disk."""

    def put(self, table: Table, key: bytes, value: bytes) -> None:
        """Set the value at `key`."""
        self._transaction.put(key, value, db=self._tables[table])

    def delete(self, table: Table, key: bytes) -> bool:
        """Remove `key`; False when it was not there."""
        return bool(self._transaction.delete(key, db=self._tables[table]))


class Environment:
    """The LMDB files of one data folder.

    `write` is durable (fsync) when it returns. Readers of the same process hold back a growth of the map only
    while their `with` block lasts; they must not be nested.
    """

    def __init__(self, folder: Path, *, readonly: bool = False, map_bytes: int = INITIAL_MAP_BYTES) -> None:
        self.file = folder / DATA_FILE
        if readonly and not self.file.exists():
            raise FileMissing(self.file)
        try:
            self._environment = lmdb.open(
                str(folder), map_size=map_bytes, max_dbs=len(Table), max_readers=MAX_READERS, readonly=readonly
            )
            self._environment.reader_check()  # forget readers that were killed
            self._tables: dict[Table, Any] = {
                table: self._environment.open_db(table.value, create=not readonly) for table in Table
            }
        except lmdb.Error as error:
            raise FileDamaged(self.file, f"LMDB says {error}") from error
        self._gate = Condition()
        self._writing = Lock()  # LMDB lets the map grow only while nobody writes
        self._readers = 0
        self._growing = False
        self._closed = False

    def read_all_if_short(self) -> None:
        """Read every page in use when the file is shorter than its head says.

        LMDB leaves out pages at the end that a transaction took and gave back, so a short file may be sound. If it
        was cut, reading behind its end kills the process: run this in a child (`chain.store.folder.open_checked`).
        """
        page_bytes = self._environment.stat()["psize"]
        needed = (self._environment.info()["last_pgno"] + 1) * page_bytes
        if self.file.stat().st_size < needed:
            with self.read() as reader:
                for table in Table:
                    deque(reader.scan(table), maxlen=0)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A snapshot that later writes do not touch."""
        with self._gate:
            self._gate.wait_for(lambda: not self._growing)  # or a growth might wait for ever
            if self._closed:
                raise StoreClosed
            self._readers += 1
        try:
            with self._begin(write=False) as transaction:
                yield Reader(transaction, self._tables)
        except lmdb.Error as error:
            raise FileDamaged(self.file, f"LMDB says {error}") from error
        finally:
            with self._gate:
                self._readers -= 1
                self._gate.notify_all()

    def write(self, change: Callable[[Writer], T]) -> T:
        """Apply `change` atomically and durably; it may run again after the map has grown, so it must be pure."""
        with self._writing:
            while True:
                try:
                    with self._begin(write=True) as transaction:
                        return change(Writer(transaction, self._tables))
                except lmdb.MapFullError:
                    self._grow()
                except lmdb.Error as error:
                    raise WriteFailed(self.file, str(error)) from error

    def _begin(self, *, write: bool) -> lmdb.Transaction:
        try:
            return self._environment.begin(write=write)
        except lmdb.MapResizedError:  # another process has grown the file
            self._environment.set_mapsize(0)
            return self._environment.begin(write=write)

    def _grow(self) -> None:
        with self._gate:
            self._growing = True
            try:
                self._gate.wait_for(lambda: self._readers == 0)
                size = self._environment.info()["map_size"]
                self._environment.set_mapsize(size + min(size, MAP_STEP_BYTES))
            except lmdb.Error as error:
                raise WriteFailed(self.file, str(error)) from error
            finally:
                self._growing = False
                self._gate.notify_all()

    def close(self) -> None:
        """Release the files once the last reader has ended; later readers get StoreClosed."""
        with self._gate:
            self._closed = True
            self._gate.wait_for(lambda: self._readers == 0)
            self._environment.close()
