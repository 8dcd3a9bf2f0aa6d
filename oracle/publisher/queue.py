"""The durable queue: every step of a request is one committed transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError

from contracts.clients import Call
from contracts.sender import Outcome, enqueue, outcome
from contracts.typed_data import ScoreReport
from oracle.attest import Evaluation, Packet, reasons_salt
from oracle.publisher.errors import DamagedQueue, RequestConflict, RequestRepeated, UnknownRequest
from oracle.publisher.tables import metadata, requests, signatures

Json = dict[str, Any]


class Stage(StrEnum):
    """How far a request has come; the first three are `pending` to the outside."""

    RECEIVED = "received"
    PROPOSED = "proposed"
    SENDING = "sending"
    PUBLISHED = "published"
    FAILED = "failed"


WORKED_ON = (Stage.RECEIVED, Stage.PROPOSED)
SETTLED = (Stage.PUBLISHED, Stage.FAILED)
CLOSED_PACKET = "sha256:"
"""What is left of the packet of a settled request: a hash, which says nothing since the packet holds its salt."""


@dataclass(frozen=True)
class Pending:
    """A request to be worked on; `report` and `uid` from the moment it is proposed."""

    id: str
    packet: Packet
    report: ScoreReport | None
    uid: bytes | None
    signatures: dict[str, bytes]


@dataclass(frozen=True)
class Sending:
    """A request whose report is in the sender's outbox."""

    id: str
    subject: str
    uid: bytes


class RequestQueue:
    """Requests, proposals and signatures in a database opened with `durable_engine`."""

    def __init__(self, engine: Engine) -> None:
        """Open or create the tables. Raises DamagedQueue."""
        self._engine = engine
        try:
            metadata.create_all(engine)
            with engine.connect() as connection:
                verdict = connection.exec_driver_sql("PRAGMA quick_check").scalar_one()
        except DatabaseError as error:
            raise DamagedQueue(str(engine.url.database), str(error.orig)) from error
        if verdict != "ok":
            raise DamagedQueue(str(engine.url.database), str(verdict))

    def accept(self, request_id: str, packet: Packet, request_digest: bytes) -> None:
        """Take a request in; again changes nothing. Raises RequestConflict, RequestRepeated."""
        text = _dump(packet.to_json())
        row = {
            "id": request_id,
            "request_digest": request_digest,
            "subject": packet.request.subject,
            "deadline": packet.request.deadline,
            "packet": text,
            "stage": Stage.RECEIVED,
        }
        with self._engine.begin() as connection:
            _require_new_or_same(connection, request_id, request_digest, text)
            connection.execute(sqlite.insert(requests).values(row).on_conflict_do_nothing())

    def status(self, request_id: str) -> Json:
        """The request as the API shows it. Raises UnknownRequest."""
        with self._engine.begin() as connection:
            row = connection.execute(select(requests).where(requests.c.id == request_id)).one_or_none()
            if row is None:
                raise UnknownRequest(request_id)
            return _shown(row, sorted(_signatures(connection, row.uid)))

    def due(self) -> list[Pending]:
        """The oldest unfinished request of each subject that has nothing under way to the ledger."""
        query = select(requests).where(requests.c.stage.not_in(SETTLED)).order_by(requests.c.position)
        with self._engine.begin() as connection:
            first: dict[str, Row[Any]] = {}
            for row in connection.execute(query):
                first.setdefault(row.subject, row)
            return [_pending(connection, row) for row in first.values() if row.stage in WORKED_ON]

    def propose(self, request_id: str, evaluation: Evaluation, salt: bytes) -> None:
        """Fix the report of a request for good, before any signer is asked."""
        decision = {**asdict(evaluation.decision), "reasons_salt": "0x" + reasons_salt(salt).hex()}
        self._change(
            request_id,
            (Stage.RECEIVED,),
            stage=Stage.PROPOSED,
            decision=_dump(decision),
            report=_dump(evaluation.report.message()),
            uid=evaluation.digest,
        )

    def keep(self, uid: bytes, collected: dict[str, bytes]) -> None:
        """Keep verified signatures by signer address."""
        rows = [{"uid": uid, "signer": signer, "signature": made} for signer, made in collected.items()]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(sqlite.insert(signatures).on_conflict_do_nothing(), rows)

    def send(self, request_id: str, uid: bytes, call: Call, key_address: str, dissent: list[Json]) -> None:
        """Hand the report to the sender's outbox, in one transaction with the request's own step."""
        values = {"stage": Stage.SENDING, "error": None, "dissent": _dump(dissent)}
        with self._engine.begin() as connection:
            if _moved(connection, request_id, (Stage.PROPOSED,), values):
                enqueue(connection, act_of(uid), call.to, call.data, key_address=key_address)

    def sending(self) -> list[tuple[Sending, Outcome]]:
        """Requests under way to the ledger, and what became of them so far."""
        query = select(requests).where(requests.c.stage == Stage.SENDING).order_by(requests.c.position)
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
            return [(Sending(row.id, row.subject, row.uid), outcome(connection, act_of(row.uid))) for row in rows]

    def publish(self, request_id: str, found: Outcome) -> None:
        """The ledger has the report: the packet is not needed any more."""
        mined = {"tx_hash": found.tx_hash, "block_number": found.block_number}
        self._end(request_id, (Stage.SENDING,), stage=Stage.PUBLISHED, error=None, **mined)

    def refuse(self, request_id: str, problem: Json) -> None:
        """The ledger refused the report."""
        self._end(request_id, (Stage.SENDING,), stage=Stage.FAILED, error=_dump(problem))

    def wait(self, request_id: str, problem: Json, dissent: list[Json]) -> None:
        """Say what a request is waiting for."""
        self._change(request_id, WORKED_ON, error=_dump(problem), dissent=_dump(dissent))

    def give_up(self, request_id: str, problem: Json) -> None:
        """End a request of which nothing is under way to the ledger."""
        self._end(request_id, WORKED_ON, stage=Stage.FAILED, error=_dump(problem))

    def forget_decisions(self, deadline_before: int) -> int:
        """Drop PD, band, reasons and their salt of settled requests of an earlier deadline (UTC seconds); how many."""
        old = requests.c.stage.in_(SETTLED) & (requests.c.deadline < deadline_before) & requests.c.decision.is_not(None)
        with self._engine.begin() as connection:
            return connection.execute(update(requests).where(old).values(decision=None)).rowcount

    def _end(self, request_id: str, stages: Sequence[Stage], **values: Any) -> None:
        """Settle a request and forget the applicant's features and salt in the same transaction."""
        query = select(requests.c.packet).where(requests.c.id == request_id)
        with self._engine.begin() as connection:
            packet = connection.execute(query).scalar_one()
            _moved(connection, request_id, stages, {**values, "packet": _closed(packet)})

    def _change(self, request_id: str, stages: Sequence[Stage], **values: Any) -> None:
        with self._engine.begin() as connection:
            _moved(connection, request_id, stages, values)


def _moved(connection: Connection, request_id: str, stages: Sequence[Stage], values: Mapping[str, Any]) -> bool:
    """Change a request that is still at one of these stages: what was decided on an older view changes nothing."""
    still_there = (requests.c.id == request_id) & requests.c.stage.in_(stages)
    return connection.execute(update(requests).where(still_there).values(**values)).rowcount == 1


def act_of(uid: bytes) -> str:
    """The sender's act id of a report: one report, one act, one transaction."""
    return f"score-report/0x{uid.hex()}"


def _require_new_or_same(connection: Connection, request_id: str, request_digest: bytes, packet: str) -> None:
    same = (requests.c.id == request_id) | (requests.c.request_digest == request_digest)
    for row in connection.execute(select(requests.c.id, requests.c.packet).where(same)):
        if row.id != request_id:
            raise RequestRepeated(request_id, row.id)
        if row.packet not in (packet, _closed(packet)):
            raise RequestConflict(request_id)


def _closed(packet: str) -> str:
    if packet.startswith(CLOSED_PACKET):
        return packet
    return CLOSED_PACKET + sha256(packet.encode()).hexdigest()


def _pending(connection: Connection, row: Row[Any]) -> Pending:
    report = ScoreReport.from_message(json.loads(row.report)) if row.report else None
    packet = Packet.from_json(json.loads(row.packet))
    return Pending(row.id, packet, report, row.uid, _signatures(connection, row.uid))


def _signatures(connection: Connection, uid: bytes | None) -> dict[str, bytes]:
    query = select(signatures.c.signer, signatures.c.signature).where(signatures.c.uid == uid)
    return {row.signer: row.signature for row in connection.execute(query)}


def _shown(row: Row[Any], signers: list[str]) -> Json:
    return {
        "id": row.id,
        "status": row.stage if row.stage in SETTLED else "pending",
        "decision": _load(row.decision),
        "report": _load(row.report),
        "uid": "0x" + row.uid.hex() if row.uid else None,
        "signers": signers,
        "dissent": _load(row.dissent),
        "tx_hash": row.tx_hash,
        "block_number": row.block_number,
        "error": _load(row.error),
    }


def _dump(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)
