"""The publisher's queue: each step once, from the stage it belongs to, and none on an older view."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from contracts.clients import Call
from contracts.keys import DEVNET_CHAIN_ID, load_key
from contracts.sender import Outcome, Status, durable_engine, metadata
from contracts.typed_data import digest
from oracle.attest import Evaluation
from oracle.decision import decide
from oracle.features import LedgerFeatures
from oracle.publisher import DamagedQueue, RequestConflict, RequestQueue, RequestRepeated, UnknownRequest
from tests.oracle.attest.strategies import DOMAIN, SALT, packet, report
from tests.oracle.shipped import model, policy

REQUEST_DIGEST = b"q" * 32
CALL = Call(DOMAIN.verifying_contract, b"publish")
KEY = load_key("publisher", None, DEVNET_CHAIN_ID).address


def evaluation() -> Evaluation:
    decision = decide(packet().features, LedgerFeatures(), packet().request, model(), policy())
    return Evaluation(decision, report(), digest(report(), DOMAIN), REQUEST_DIGEST)


@pytest.fixture
def queue(tmp_path: Path) -> RequestQueue:
    engine = durable_engine(f"sqlite:///{tmp_path / 'publisher.db'}")
    metadata.create_all(engine)
    made = RequestQueue(engine)
    made.accept("one", packet(), REQUEST_DIGEST)
    return made


def test_an_accepted_request_is_pending_and_due(queue: RequestQueue) -> None:
    assert queue.status("one")["status"] == "pending"
    (due,) = queue.due()
    assert (due.id, due.packet, due.report) == ("one", packet(), None)


def test_the_same_again_changes_nothing_and_another_packet_or_id_is_refused(queue: RequestQueue) -> None:
    queue.accept("one", packet(), REQUEST_DIGEST)
    with pytest.raises(RequestConflict):
        queue.accept("one", replace(packet(), salt=bytes(32)), REQUEST_DIGEST)
    with pytest.raises(RequestRepeated):
        queue.accept("two", packet(), REQUEST_DIGEST)


def test_an_unknown_request_is_named(queue: RequestQueue) -> None:
    with pytest.raises(UnknownRequest, match="nobody"):
        queue.status("nobody")


def test_a_proposal_is_fixed_once(queue: RequestQueue) -> None:
    queue.propose("one", evaluation(), SALT)
    first = queue.status("one")["report"]
    other = Evaluation(evaluation().decision, report(), b"x" * 32, REQUEST_DIGEST)
    queue.propose("one", other, SALT)
    assert (queue.status("one")["report"], queue.due()[0].uid) == (first, evaluation().digest)


def test_a_report_goes_to_the_outbox_once_and_leaves_the_work(queue: RequestQueue) -> None:
    queue.propose("one", evaluation(), SALT)
    for _ in range(2):
        queue.send("one", evaluation().digest, CALL, KEY, [])
    assert queue.due() == []
    ((_, found),) = queue.sending()
    assert found.status == Status.QUEUED


def test_what_was_decided_on_an_older_view_changes_nothing(queue: RequestQueue) -> None:
    queue.propose("one", evaluation(), SALT)
    queue.send("one", evaluation().digest, CALL, KEY, [])
    queue.give_up("one", {"type": "/problems/too-few-signatures"})
    queue.wait("one", {"type": "/problems/too-few-signatures"}, [])
    assert (queue.status("one")["status"], queue.status("one")["error"]) == ("pending", None)


PUBLISHED = Outcome("score-report", Status.CONFIRMED, "0x" + "7a" * 32, 7, None, None)


@pytest.mark.parametrize("published", [True, False])
def test_of_a_settled_request_features_and_salt_are_gone_and_the_same_again_is_still_known(
    queue: RequestQueue, tmp_path: Path, published: bool
) -> None:
    assert SALT.hex().encode() in _files(tmp_path)
    queue.propose("one", evaluation(), SALT)
    if published:
        queue.send("one", evaluation().digest, CALL, KEY, [])
        queue.publish("one", PUBLISHED)
    else:
        queue.give_up("one", {"type": "/problems/request-expired"})
    settled = queue.status("one")
    _empty_the_log(tmp_path)
    assert SALT.hex().encode() not in _files(tmp_path)
    queue.accept("one", packet(), REQUEST_DIGEST)
    assert queue.status("one") == settled
    with pytest.raises(RequestConflict):
        queue.accept("one", replace(packet(), salt=bytes(32)), REQUEST_DIGEST)
    with pytest.raises(RequestRepeated):
        queue.accept("two", packet(), REQUEST_DIGEST)


def test_decisions_are_forgotten_once_settled_and_past_their_time(queue: RequestQueue) -> None:
    queue.propose("one", evaluation(), SALT)
    deadline = packet().request.deadline
    assert queue.forget_decisions(deadline + 1) == 0  # not settled
    queue.send("one", evaluation().digest, CALL, KEY, [])
    queue.publish("one", PUBLISHED)
    settled = queue.status("one")
    assert (queue.forget_decisions(deadline), queue.status("one")) == (0, settled)
    assert queue.forget_decisions(deadline + 1) == 1
    assert queue.status("one") == {**settled, "decision": None}


def _empty_the_log(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "publisher.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("publisher.db*"))


def test_a_failed_statement_is_reported_without_its_values(tmp_path: Path) -> None:
    engine = durable_engine(f"sqlite:///{tmp_path / 'publisher.db'}")
    with engine.begin() as connection, pytest.raises(DatabaseError) as failed:
        connection.execute(text("INSERT INTO nowhere VALUES (:told)"), {"told": "Sentinella"})
    assert "Sentinella" not in str(failed.value)


def test_requests_of_one_subject_wait_for_each_other(queue: RequestQueue) -> None:
    queue.accept("two", packet(), b"w" * 32)
    assert [due.id for due in queue.due()] == ["one"]
    queue.propose("one", evaluation(), SALT)
    queue.send("one", evaluation().digest, CALL, KEY, [])
    assert queue.due() == []


def test_everything_survives_another_opening(queue: RequestQueue, tmp_path: Path) -> None:
    queue.propose("one", evaluation(), SALT)
    queue.keep(evaluation().digest, {KEY: b"s" * 65})
    again = RequestQueue(durable_engine(f"sqlite:///{tmp_path / 'publisher.db'}"))
    assert again.status("one") == queue.status("one")
    assert again.due()[0].signatures == {KEY: b"s" * 65}


def test_a_damaged_queue_is_named(tmp_path: Path) -> None:
    path = tmp_path / "publisher.db"
    path.write_bytes(b"not a database, and longer than the header of one" * 100)
    with pytest.raises(DamagedQueue, match=r"publisher\.db"):
        RequestQueue(durable_engine(f"sqlite:///{path}"))
