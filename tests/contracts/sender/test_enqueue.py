"""The outbox takes an act once, in the caller's own transaction."""

import pytest
from sqlalchemy import Engine, func, select

from contracts.sender import ActConflict, Status, durable_engine, enqueue, metadata, outcome
from contracts.sender.tables import sender_transactions

KEY = "0x" + "11" * 20
TO = "0x" + "22" * 20


@pytest.fixture
def engine(database: str) -> Engine:
    engine = durable_engine(database)
    metadata.create_all(engine)
    return engine


def _count(engine: Engine) -> int:
    with engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(sender_transactions)) or 0


def test_the_same_act_again_changes_nothing(engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            enqueue(connection, "act", TO, b"\1", key_address=KEY)
    assert _count(engine) == 1


@pytest.mark.parametrize(("to", "data", "key"), [(TO, b"\2", KEY), (None, b"\1", KEY), (TO, b"\1", "0x" + "33" * 20)])
def test_the_same_id_with_other_content_is_refused(engine: Engine, to: str | None, data: bytes, key: str) -> None:
    with engine.begin() as connection:
        enqueue(connection, "act", TO, b"\1", key_address=KEY)
        with pytest.raises(ActConflict, match="act"):
            enqueue(connection, "act", to, data, key_address=key)
        assert outcome(connection, "act").status is Status.QUEUED


def test_an_act_is_as_durable_as_the_caller_s_transaction(engine: Engine) -> None:
    connection = engine.connect()
    transaction = connection.begin()
    enqueue(connection, "act", TO, b"\1", key_address=KEY)
    transaction.rollback()
    connection.close()
    assert _count(engine) == 0


def test_sqlite_is_set_to_survive_loss_of_power(engine: Engine) -> None:
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
