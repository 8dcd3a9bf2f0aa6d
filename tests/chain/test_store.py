"""The store keeps whole transactions, grows by itself and gives readers a still picture."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from eth.tools.db.atomic import AtomicDatabaseBatchAPITestSuite
from eth.tools.db.base import DatabaseAPITestSuite

from chain.store.database import LmdbDatabase
from chain.store.environment import Environment, Table, Writer

SMALL_MAP_BYTES = 256 * 1024


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    opened = Environment(tmp_path, map_bytes=SMALL_MAP_BYTES)
    yield opened
    opened.close()


@pytest.fixture
def atomic_db(environment: Environment) -> LmdbDatabase:
    return LmdbDatabase(environment)


@pytest.fixture
def db(environment: Environment) -> LmdbDatabase:
    return LmdbDatabase(environment)


def put(environment: Environment, number: int, value: bytes) -> None:
    environment.write(lambda writer: writer.put(Table.NODES, number.to_bytes(4, "big"), value))


class TestPyEvmAtomicSuite(AtomicDatabaseBatchAPITestSuite):  # type: ignore[misc]
    """py-evm's own suite for atomic databases."""


class TestPyEvmSuite(DatabaseAPITestSuite):  # type: ignore[misc]
    """py-evm's own suite for databases."""


def test_a_write_that_fails_leaves_nothing(environment: Environment) -> None:
    def change(writer: Writer) -> None:
        writer.put(Table.META, b"half", b"1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        environment.write(change)
    with environment.read() as reader:
        assert reader.get(Table.META, b"half") is None


def test_the_map_grows_beyond_its_first_size(environment: Environment) -> None:
    value = b"x" * 10_000
    for number in range(100):
        put(environment, number, value)
    with environment.read() as reader:
        assert len(list(reader.scan(Table.NODES))) == 100


def test_the_map_grows_while_another_thread_reads(environment: Environment) -> None:
    stop: list[bool] = []

    def read() -> None:
        while not stop:
            with environment.read() as reader:
                reader.get(Table.NODES, bytes(4))
                time.sleep(0.002)

    threads = [Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(60):
        put(environment, number, b"y" * 20_000)
    stop.append(True)
    for thread in threads:
        thread.join()
    with environment.read() as reader:
        assert len(list(reader.scan(Table.NODES))) == 60


def test_the_map_grows_while_another_thread_writes(environment: Environment) -> None:
    def write(first: int) -> None:
        for number in range(first, first + 40):
            put(environment, number, b"w" * 20_000)

    threads = [Thread(target=write, args=(first,)) for first in (0, 1_000, 2_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with environment.read() as reader:
        assert len(list(reader.scan(Table.NODES))) == 120


def test_a_reader_does_not_see_later_writes(environment: Environment) -> None:
    with environment.read() as reader:
        environment.write(lambda writer: writer.put(Table.META, b"late", b"1"))
        assert reader.get(Table.META, b"late") is None


def test_another_process_may_read_a_file_that_has_grown(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    writer = Environment(tmp_path / "ledger", map_bytes=SMALL_MAP_BYTES)
    for number in range(100):
        put(writer, number, b"z" * 10_000)
    writer.close()
    reader_environment = Environment(tmp_path / "ledger", readonly=True, map_bytes=SMALL_MAP_BYTES)
    with reader_environment.read() as reader:
        assert len(list(reader.scan(Table.NODES))) == 100
    reader_environment.close()
