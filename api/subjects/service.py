"""Registering people and reading what the ledger holds of them."""

from functools import partial

from sqlalchemy import Connection

from api.indexer.repository import is_registered
from api.kit.contract_errors import SubjectExists, failure
from api.kit.facade import Facade
from api.kit.idempotency import IdempotencyKey
from api.kit.ids import new_id
from api.kit.problems import NotFound
from api.kit.signatures import check_deadline, check_signature
from api.kit.types import bytes_of
from api.ledger.clock import estimated_time
from api.subjects import repository
from api.subjects.schemas import CashOut, RegistrationIn, Status, SubjectOut
from contracts.clients import Call
from contracts.schedule import day_at
from contracts.sender import enqueue
from contracts.typed_data import Registration

KYC_LEVEL = 1
"""What a registration here is worth until documents are read: known by a signer, no more."""
KYC_DAYS = 365
UTC = 0


async def register(facade: Facade, signed: RegistrationIn, key: IdempotencyKey) -> SubjectOut:
    """Check a registration and put it into the outbox; needs no ledger at that moment.

    Raises SignatureInvalid, SignerUnsupported, DeadlinePassed, DeadlineTooFar, SubjectExists.
    """
    return await facade.once(key, signed.subject).run(
        SubjectOut, partial(_check, facade, signed), partial(_store, facade, signed)
    )


async def _check(facade: Facade, signed: RegistrationIn) -> Call:
    registration = Registration(signed.subject, bytes_of(signed.signer), signed.deadline)
    check_signature(registration, facade.domains.identity, signed.signer, signed.signature)
    now = await estimated_time(facade)
    check_deadline(signed.deadline, now)
    registry = facade.ledger.clients.identity_registry
    return registry.register_call(registration, bytes_of(signed.signature), KYC_LEVEL, day_at(now, UTC) + KYC_DAYS)


def _store(facade: Facade, signed: RegistrationIn, connection: Connection, call: Call) -> SubjectOut:
    if _status(connection, signed.subject) in ("registered", "pending"):
        raise SubjectExists(signed.subject)
    act_id = new_id("reg")
    repository.put_subject(connection, signed.subject, signed.signer, act_id)
    enqueue(connection, act_id, call.to, call.data, key_address=facade.relays.registrar)
    return SubjectOut(subject=signed.subject, status="pending")


async def get(facade: Facade, subject: str) -> SubjectOut:
    """Where a registration stands; raises NotFound."""
    return await facade.database.read(_get, subject)


def _get(connection: Connection, subject: str) -> SubjectOut:
    status = _status(connection, subject)
    if status is None:
        raise NotFound
    row = repository.subject_row(connection, subject)
    error = failure(row.error) if row and status == "failed" else None
    return SubjectOut(subject=subject, status=status, error=error)


def _status(connection: Connection, subject: str) -> Status | None:
    if is_registered(connection, subject):
        return "registered"
    row = repository.subject_row(connection, subject)
    if row is None:
        return None
    return "failed" if row.status == "failed" else "pending"


async def cash(facade: Facade, subject: str) -> CashOut:
    """The subject's cash on the ledger now; raises LedgerUnavailable."""
    head = await facade.ledger.ask(facade.ledger.clients.head)
    balance = await facade.ledger.ask(facade.ledger.clients.cash_token.balance_of, subject)
    return CashOut(balance_minor=balance, at_block=head.number)
