"""The publisher's work: propose, collect, send, record; each step durable, each request by itself."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog

from contracts.clients import kept_uid
from contracts.sender import Outcome, Sender, Status
from oracle.attest import BlockUnknown, Evaluator, Packet
from oracle.http import LEDGER_ERRORS, LedgerDown
from oracle.problems import OracleError
from oracle.publisher.errors import PublicationRefused, TooFewSigners
from oracle.publisher.queue import Pending, RequestQueue, Sending
from oracle.publisher.signers import Json, SignerPanel

log = structlog.get_logger(__name__)

REQUESTS_AT_ONCE = 4
RETRY_SECONDS = 1.0
IDLE_SECONDS = 1.0
SENDING_SECONDS = 0.05
DECISION_SECONDS = 30 * 86_400
"""Ledger time past a settled request's deadline after which its decision is forgotten: the facade has it since long."""
FORGET_SECONDS = 3_600.0
"""How often that is looked after."""


class Publisher:
    """Works on the queue in a thread of its own between `start` and `stop`."""

    def __init__(self, evaluator: Evaluator, queue: RequestQueue, panel: SignerPanel, sender: Sender) -> None:
        self._evaluator, self._queue, self._panel, self._sender = evaluator, queue, panel, sender
        self._pool = ThreadPoolExecutor(REQUESTS_AT_ONCE, thread_name_prefix="request")
        self._at_work: set[str] = set()
        self._not_before: dict[str, float] = {}
        self._forget_at = 0.0
        self._wake, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Begin, or go on where the last process ended."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step under way."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._panel.close()

    def accept(self, request_id: str, packet: Packet) -> Json:
        """Take a request in durably; raises the refusals that need no ledger, RequestConflict, RequestRepeated."""
        self._evaluator.require_meant(packet)
        self._queue.accept(request_id, packet, self._evaluator.request_digest(packet))
        self._wake.set()
        return self._queue.status(request_id)

    def status(self, request_id: str) -> Json:
        """The request as it stands. Raises UnknownRequest."""
        return self._queue.status(request_id)

    def health(self) -> Json:
        """What the publisher decides by."""
        evaluator = self._evaluator
        return {
            "model_hash": "0x" + evaluator.model.model_hash.hex(),
            "policy_hash": "0x" + evaluator.policy.policy_hash.hex(),
            "publisher": self._sender.address,
        }

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            self._wake.wait(self._step())

    def _step(self) -> float:
        """Begin what is due, move what is under way; returns how many seconds may pass until the next step."""
        try:
            self._begin_due()
            self._forget_old()
            return SENDING_SECONDS if self.send() else IDLE_SECONDS
        except LEDGER_ERRORS as error:
            log.warning("ledger unavailable, sending waits", error=str(error))
        except Exception:  # the loop must outlive any fault; it is logged and the step is tried again
            log.exception("a step failed and will be tried again")
        self._stopping.wait(RETRY_SECONDS)
        return RETRY_SECONDS

    def _forget_old(self) -> None:
        if monotonic() < self._forget_at:
            return
        self._forget_at = monotonic() + FORGET_SECONDS
        self._queue.forget_decisions(self._evaluator.ledger.pending_timestamp() - DECISION_SECONDS)

    def _begin_due(self) -> None:
        now = monotonic()
        for pending in self._queue.due():
            if pending.id not in self._at_work and now >= self._not_before.get(pending.id, 0):
                self._at_work.add(pending.id)
                self._pool.submit(self._work, pending)

    def _work(self, pending: Pending) -> None:
        try:
            self._attempt(pending)
        except LEDGER_ERRORS as error:
            self._wait(pending, LedgerDown(error), [])
        except Exception:  # one faulty request must not hold up the others; it is logged and tried again
            log.exception("request stays pending", id=pending.id)
            self._not_before[pending.id] = monotonic() + RETRY_SECONDS
        finally:
            self._at_work.discard(pending.id)
            self._wake.set()

    def _attempt(self, pending: Pending) -> None:
        try:
            self._advance(pending)
        except (TooFewSigners, BlockUnknown) as error:
            self._wait(pending, error, error.values.get("dissent", []))
            self._give_up_when_expired(pending, error)
        except OracleError as error:
            log.warning("request failed", id=pending.id, problem=error.slug, detail=str(error))
            self._queue.give_up(pending.id, error.problem())

    def _advance(self, pending: Pending) -> None:
        """One step: fix the report, or collect signatures for it and hand it to the sender. Raises WrongChain."""
        self._require_chain()
        if pending.report is None:
            self._propose(pending)
        else:
            self._collect(pending)

    def _propose(self, pending: Pending) -> None:
        head = self._evaluator.ledger.head()
        evaluation = self._evaluator.evaluate(pending.packet, head.number, head.hash)
        _, quorum = self._evaluator.ledger.credit_registry.signers()
        willing = self._panel.willing(self._evaluator.model.model_hash, self._evaluator.policy.policy_hash)
        if len(willing.signatures) < quorum:
            raise TooFewSigners(len(willing.signatures), quorum, willing.dissent)
        self._queue.propose(pending.id, evaluation, pending.packet.salt)

    def _collect(self, pending: Pending) -> None:
        if pending.report is None or pending.uid is None:
            raise ValueError(f"request {pending.id} has no report")
        members, quorum = self._evaluator.ledger.credit_registry.signers()
        collected = self._panel.collect(pending.packet, pending.report, pending.uid, members, quorum)
        self._queue.keep(pending.uid, collected.signatures)
        for dissent in collected.dissent:
            log.warning("a signer did not sign", id=pending.id, **_loggable(dissent))
        signatures = {**pending.signatures, **collected.signatures}
        if len(signatures) < quorum:
            raise TooFewSigners(len(signatures), quorum, collected.dissent)
        ordered = [signatures[signer] for signer in sorted(signatures, key=str.lower)[:quorum]]
        call = self._evaluator.ledger.credit_registry.publish_call(pending.report, ordered)
        self._queue.send(pending.id, pending.uid, call, self._sender.address, collected.dissent)

    def _give_up_when_expired(self, pending: Pending, error: OracleError) -> None:
        if self._evaluator.ledger.pending_timestamp() > pending.packet.request.deadline:
            log.warning("request failed", id=pending.id, problem=error.slug, detail=str(error))
            self._queue.give_up(pending.id, error.problem())

    def _wait(self, pending: Pending, error: OracleError, dissent: list[Json]) -> None:
        log.warning("request waits", id=pending.id, problem=error.slug, detail=str(error))
        self._queue.wait(pending.id, error.problem(), dissent)
        self._not_before[pending.id] = monotonic() + RETRY_SECONDS

    def send(self) -> bool:
        """Move what is under way to the ledger; whether anything still is. Raises WrongChain, LedgerUnavailable."""
        if not self._queue.sending():
            return False
        self._require_chain()
        self._sender.step()
        under_way = self._queue.sending()
        for sending, found in under_way:
            if found.settled:
                self._settle(sending, found)
        return True

    def _require_chain(self) -> None:
        """Another chain at the URL would refuse what is signed for this one; asked once, then remembered."""
        _ = self._evaluator.ledger.chain_id

    def _settle(self, sending: Sending, found: Outcome) -> None:
        if found.status == Status.CONFIRMED or self._is_current(sending):
            self._queue.publish(sending.id, found)
            log.info("report published", id=sending.id, uid="0x" + sending.uid.hex(), tx_hash=found.tx_hash)
            return
        refused = PublicationRefused(found.error)
        log.warning("report refused", id=sending.id, detail=str(refused))
        self._queue.refuse(sending.id, refused.problem())

    def _is_current(self, sending: Sending) -> bool:
        """Anyone may bring a signed report: then our own transaction is refused, yet the report is published."""
        current = self._evaluator.ledger.credit_registry.current(sending.subject)
        return current.uid == kept_uid(sending.uid)


def _loggable(dissent: Json) -> dict[str, Any]:
    return {name: dissent[name] for name in ("url", "type", "detail", "signer", "fields") if name in dissent}
