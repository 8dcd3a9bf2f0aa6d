"""A node, deployed contracts, four signers and a publisher in real processes, for tests to use and to hurt."""

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address

from api.offers.terms import Approval, make_offer
from contracts.clients import AddressBook, Call, Ledger
from contracts.keys import load_key
from contracts.sender import Sender, durable_engine
from contracts.typed_data import Registration, ScoreRequest, digest, sign
from oracle.attest import Packet, features_commitment
from scripts.process import PARENT_VARIABLE
from scripts.system.plan import SIGNERS, ProcessPlan, SystemPlan, free_ports
from tests.oracle.shipped import golden, policy

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.03
REQUEST_SECONDS = 3600
KYC_EXPIRY_DAY = 30_000
APPROVED: Json = next(entry for entry in golden()["applicants"] if entry["decision"]["approved"])


@dataclass(frozen=True)
class Person:
    """A registered subject with a wallet key."""

    subject: str
    account: LocalAccount

    @property
    def signer(self) -> bytes:
        return bytes.fromhex(self.account.address[2:])


@dataclass
class Panel:
    """The processes by name; `plan` knows their command lines and addresses."""

    folder: Path
    plan: SystemPlan
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def begin(cls, folder: Path) -> "Panel":
        """Start the node, deploy, start all signers and the publisher."""
        panel = cls(folder, SystemPlan(folder, free_ports()))
        panel.start(panel.plan.node())
        deployed = subprocess.run(panel.plan.deploy().command(), capture_output=True, check=False, env=_environment())
        assert deployed.returncode == 0, deployed.stderr.decode()
        for index in range(1, SIGNERS + 1):
            panel.start_signer(index, wait=False)
        panel.start_publisher()
        return panel

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.plan.rpc_url, AddressBook.load(self.plan.addresses))

    def start(self, process: ProcessPlan, *more: str, wait: bool = True) -> None:
        """Start a process of the plan, with more options if wanted, and wait until it answers."""
        with (self.folder / f"{process.name}.log").open("ab") as log:
            command = [*process.command(), *more]
            self.running[process.name] = subprocess.Popen(command, stdout=log, stderr=log, env=_environment())
        if wait and process.ready_url:
            self.await_url(process.ready_url)

    def start_signer(self, index: int, *more: str, wait: bool = True) -> None:
        self.start(self._named(f"signer-{index}"), *more, wait=wait)

    def await_signers(self) -> None:
        for index in range(1, SIGNERS + 1):
            self.await_url(f"{self.plan.signer_url(index)}/health")

    def start_publisher(self) -> None:
        self.start(self._named("publisher"))

    def kill(self, name: str) -> None:
        """SIGKILL, as a crash or a power cut would."""
        self.running[name].send_signal(signal.SIGKILL)
        self.running.pop(name).wait()

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def await_url(self, url: str) -> None:
        until(lambda: _answers(url), f"{url} to answer")

    def _named(self, name: str) -> ProcessPlan:
        return next(process for process in self.plan.services() if process.name == name)

    def register(self) -> Person:
        """A new subject on the ledger."""
        person = Person(to_checksum_address(secrets.token_bytes(20)), Account.create())
        ledger = self.ledger
        registration = Registration(person.subject, person.signer, ledger.pending_timestamp() + REQUEST_SECONDS)
        signature = sign(person.account, registration, ledger.identity_registry.domain)
        call = ledger.identity_registry.register_call(registration, signature, 1, KYC_EXPIRY_DAY)
        self.send("registrar", f"register/{person.subject}", call)
        return person

    def send(self, role: str, act_id: str, call: Call) -> None:
        """Send a call with a public devnet key and wait until it is mined."""
        ledger = self.ledger
        engine = durable_engine(f"sqlite:///{self.folder / 'tests.db'}")
        sender = Sender(engine, load_key(role, None, ledger.chain_id), ledger.rpc)
        sender.enqueue(act_id, call.to, call.data)
        assert sender.wait(act_id).error is None

    def lend(self, person: Person, found: Json) -> bytes:
        """Pay out what was approved by a published request, as the facade would; returns the loan's id."""
        ledger = self.ledger
        approval = Approval(
            borrower=person.subject,
            lender=ledger.book.contracts["LendingPool"],
            currency=ledger.book.contracts["CashToken"],
            principal_minor=APPROVED["amount_minor"],
            periods=APPROVED["periods"],
            rate_ppm=found["decision"]["rate_ppm"],
            report=bytes.fromhex(found["uid"][2:]),
            report_expires_at=found["report"]["expiresAt"],
        )
        agreement = make_offer(approval, policy(), ledger.pending_timestamp(), "en").agreement
        domain = ledger.loan_book.domain
        lender = sign(load_key("underwriter", None, ledger.chain_id), agreement, domain)
        borrower = sign(person.account, agreement, domain)
        loan = digest(agreement, domain)
        call = ledger.loan_book.originate_call(agreement, person.signer, borrower, lender)
        self.send("relayer", f"originate/{loan.hex()}", call)
        return loan

    def packet(self, person: Person, **changes: Any) -> Packet:
        """A signed packet of the first golden applicant who is approved; `changes` go into the request."""
        return self.packet_with(person, APPROVED["features"], **changes)

    def packet_with(self, person: Person, features: Json, **changes: Any) -> Packet:
        """A signed packet with other features."""
        salt = secrets.token_bytes(32)
        values = {
            "subject": person.subject,
            "amount_minor": APPROVED["amount_minor"],
            "periods": APPROVED["periods"],
            "product_id": policy().product_id,
            "features_commitment": features_commitment(salt, features),
            "consent_id": secrets.token_bytes(32),
            "deadline": self.ledger.pending_timestamp() + REQUEST_SECONDS,
        }
        request = ScoreRequest(**{**values, **changes})
        signature = sign(person.account, request, self.ledger.credit_registry.domain)
        return Packet(request, person.signer, signature, features, salt)

    def ask(self, packet: Packet, request_id: str | None = None) -> str:
        """Hand a packet to the publisher; returns the request's id."""
        chosen = request_id or secrets.token_hex(8)
        response = self.post("publisher", "/v1/requests", {"id": chosen, "packet": packet.to_json()})
        assert response.status_code == 202, response.text
        return chosen

    def status(self, request_id: str) -> Json:
        body: Json = httpx.get(f"{self.plan.publisher_url}/v1/requests/{request_id}").json()
        return body

    def published(self, request_id: str) -> Json:
        """Wait for the request to end, and insist that it was published."""
        ended = until(lambda: self._ended(request_id), f"request {request_id} to end")
        assert ended["status"] == "published", ended
        return ended

    def _ended(self, request_id: str) -> Json | None:
        try:
            found = self.status(request_id)
        except httpx.TransportError:
            return None
        return found if found["status"] != "pending" else None

    def post(self, name: str, path: str, body: Any) -> httpx.Response:
        url = self.plan.publisher_url if name == "publisher" else self.plan.signer_url(int(name[-1]))
        return httpx.post(url + path, json=body, timeout=30)

    def reports(self, subject: str) -> list[Any]:
        """Every report of the subject that the ledger has."""
        events = self.ledger.events(0, self.ledger.head().number)
        return [event for event in events if event.name == "ReportPublished" and event.args["subject"] == subject]


def until(ask: Callable[[], T | None], what: str) -> T:
    """Ask until there is an answer."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s for {what}"
        time.sleep(POLL_SECONDS)
    return answer


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=1).status_code < 500
    except httpx.TransportError:
        return False


def _environment() -> dict[str, str]:
    return {**os.environ, "ETH_HASH_BACKEND": "pysha3", PARENT_VARIABLE: str(os.getpid())}


def other_policy(folder: Path) -> Path:
    """The shipped policy with another price: what a signer that disagrees decides by."""
    document = json.loads(json.dumps(policy().document))
    document["terms"]["late_fee_minor"] += 1
    path = folder / "other-policy.json"
    path.write_text(json.dumps(document))
    return path
