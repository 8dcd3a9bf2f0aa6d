"""Asking signers over HTTP, all at once, and believing nothing they say that does not verify."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic
from typing import Any

import httpx

from contracts.typed_data import InvalidSignature, ScoreReport, recover_digest
from oracle.attest import Packet
from oracle.publisher.errors import SignatureInvalid, SignerUnreachable

Json = dict[str, Any]

CONNECT_TIMEOUT_SECONDS = 1.0
ANSWER_TIMEOUT_SECONDS = 10.0
HEALTH_TIMEOUT_SECONDS = 3.0
PANEL_THREADS = 32
STRAGGLER_SECONDS = 0.5
"""How long a complete quorum waits for the others, only to know and log whether they agree."""


@dataclass(frozen=True)
class Answer:
    """One signer's answer: the JSON it gave, or the problem that stands in its way."""

    url: str
    body: Json | None
    problem: Json | None

    @property
    def dissent(self) -> Json:
        """The problem with the signer's URL: type, title, detail and whatever the problem carries."""
        return {**(self.problem or {}), "url": self.url}


class RemoteSigner:
    """One signer by its URL. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=self.url, timeout=httpx.Timeout(ANSWER_TIMEOUT_SECONDS, connect=CONNECT_TIMEOUT_SECONDS)
        )

    def health(self) -> Answer:
        """Who the signer is and what it decides by."""
        return self._ask(lambda: self._http.get("/health", timeout=HEALTH_TIMEOUT_SECONDS))

    def sign(self, packet: Packet, report: ScoreReport) -> Answer:
        """Ask for a signature over the report."""
        body = {"packet": packet.to_json(), "report": report.message()}
        return self._ask(lambda: self._http.post("/v1/reports", json=body))

    def _ask(self, send: Callable[[], httpx.Response]) -> Answer:
        try:
            response = send()
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            return self.unreachable(str(error) or type(error).__name__)
        if not isinstance(body, dict):
            return self.unreachable("the answer is not an object")
        return Answer(self.url, body, None) if response.is_success else Answer(self.url, None, body)

    def unreachable(self, reason: str) -> Answer:
        """The answer that stands for none."""
        return Answer(self.url, None, SignerUnreachable(self.url, reason).problem())


@dataclass(frozen=True)
class Collected:
    """Verified signatures by signer address, and the signers that did not give one, each with its problem."""

    signatures: dict[str, bytes]
    dissent: list[Json]


class SignerPanel:
    """All signers of the publisher's configuration."""

    def __init__(self, signers: Sequence[RemoteSigner]) -> None:
        self._signers = signers
        self._pool = ThreadPoolExecutor(PANEL_THREADS, thread_name_prefix="signer-panel")

    def willing(self, model_hash: bytes, policy_hash: bytes) -> Collected:
        """Signers that are up, reach their ledger and decide by the same files; no signature is asked for.

        The values of `signatures` are empty: this only counts.
        """
        expected = {"model_hash": "0x" + model_hash.hex(), "policy_hash": "0x" + policy_hash.hex()}
        answers = [future.result() for future in [self._pool.submit(s.health) for s in self._signers]]
        judged = [(answer, _unwilling(answer, expected)) for answer in answers]
        up = {str(answer.body["signer"]): b"" for answer, no in judged if answer.body and no is None}
        return Collected(up, [no for _, no in judged if no is not None])

    def collect(
        self, packet: Packet, report: ScoreReport, uid: bytes, members: Collection[str], quorum: int
    ) -> Collected:
        """Ask all signers at once; back when all have answered, or soon after `quorum` have signed."""
        asked = {self._pool.submit(signer.sign, packet, report): signer for signer in self._signers}
        answers = _until_quorum(asked, lambda done: len(_verified(done, uid, members).signatures) >= quorum)
        return _verified(answers, uid, members)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _until_quorum(asked: Mapping[Future[Answer], RemoteSigner], enough: Callable[[list[Answer]], bool]) -> list[Answer]:
    pending, answers = set(asked), list[Answer]()
    deadline = monotonic() + ANSWER_TIMEOUT_SECONDS + CONNECT_TIMEOUT_SECONDS
    while pending and (left := deadline - monotonic()) > 0:
        done, pending = wait(pending, timeout=left, return_when=FIRST_COMPLETED)
        answers += [future.result() for future in done]
        if done and enough(answers):
            deadline = min(deadline, monotonic() + STRAGGLER_SECONDS)
    return answers + [asked[future].unreachable("no answer in time") for future in pending]


def _verified(answers: Sequence[Answer], uid: bytes, members: Collection[str]) -> Collected:
    signatures: dict[str, bytes] = {}
    dissent: list[Json] = []
    for answer in answers:
        if answer.body is None:
            dissent.append(answer.dissent)
            continue
        try:
            signer, signature = _checked(answer.url, answer.body, uid, members)
        except SignatureInvalid as error:
            dissent.append({**error.problem(), "url": answer.url})
        else:
            signatures[signer] = signature
    return Collected(signatures, dissent)


def _checked(url: str, body: Json, uid: bytes, members: Collection[str]) -> tuple[str, bytes]:
    try:
        signature = bytes.fromhex(str(body.get("signature"))[2:])
        signer = recover_digest(uid, signature)
    except (ValueError, InvalidSignature) as error:
        raise SignatureInvalid(url, str(error)) from error
    if signer not in members:
        raise SignatureInvalid(url, f"{signer} is not a registered signer, or signed another report")
    return signer, signature


def _unwilling(answer: Answer, expected: Json) -> Json | None:
    if answer.body is None:
        return answer.dissent
    other = [name for name, value in expected.items() if answer.body.get(name) != value]
    if other:
        detail = f"decides by another {' and '.join(name.removesuffix('_hash') for name in other)}"
        return {
            "type": "/problems/signer-disagrees",
            "title": "The signer decides by other files",
            "detail": detail,
            "url": answer.url,
        }
    if not answer.body.get("ledger_available"):
        detail = "does not reach its ledger"
        return {
            "type": "/problems/ledger-unavailable",
            "title": "The ledger is not available",
            "detail": detail,
            "url": answer.url,
        }
    return None
