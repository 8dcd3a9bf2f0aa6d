"""From a draft to a submission; scoring and offers are the worker's."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from api.applications import repository
from api.applications.problems import (
    AmountOutsideProduct,
    ApplicationNotDraft,
    FeatureRefused,
    PeriodsOutsideProduct,
    TooManyDrafts,
)
from api.applications.schemas import (
    ApplicationIn,
    ApplicationOut,
    DecisionOut,
    DraftOut,
    ReasonOut,
    SubmissionIn,
    SubmissionOut,
)
from api.indexer.repository import is_registered, is_signer
from api.kit.facade import Facade
from api.kit.idempotency import IdempotencyKey
from api.kit.ids import new_id
from api.kit.limits import MAX_DRAFTS_PER_SUBJECT, REQUEST_DEADLINE_SECONDS
from api.kit.pagination import Page, PageQuery, next_cursor
from api.kit.problems import NotFound, SignerUnknown
from api.kit.signatures import check_deadline, check_signature
from api.kit.types import bytes_of, hex_of
from api.ledger.clock import estimated_time
from api.sessions.problems import SubjectNotRegistered
from contracts.typed_data import ScoreRequest, typed_data
from oracle.canonical import SALT_BYTES, commitment
from oracle.problems import OracleError


@dataclass(frozen=True)
class Draft:
    """An application that was checked and not stored yet."""

    id: str
    request: ScoreRequest
    salt: bytes
    features: dict[str, int | str]


def features_field(application_id: str) -> str:
    """Where the vault keeps an application's features and the salt of their commitment."""
    return f"application/{application_id}/features"


def personal_field(application_id: str) -> str:
    """Where the vault keeps who applied, and what for."""
    return f"application/{application_id}/personal"


def decision_field(application_id: str) -> str:
    """Where the vault keeps the opened decision: reasons, band, probability, salt."""
    return f"application/{application_id}/decision"


async def draft(facade: Facade, subject: str, asked: ApplicationIn, key: IdempotencyKey) -> DraftOut:
    """Check and store an application; answer what to sign.

    Raises AmountOutsideProduct, PeriodsOutsideProduct, FeatureRefused, TooManyDrafts, SubjectNotRegistered.
    """
    return await facade.once(key, subject).run(
        DraftOut, partial(_check_draft, facade, subject, asked), partial(_store_draft, facade, asked)
    )


async def _check_draft(facade: Facade, subject: str, asked: ApplicationIn) -> Draft:
    policy = facade.product.policy
    amount, periods = policy.amount_minor, policy.periods
    if not amount.minimum <= asked.amount_minor <= amount.maximum:
        raise AmountOutsideProduct(asked.amount_minor, amount.minimum, amount.maximum)
    if not periods.minimum <= asked.periods <= periods.maximum:
        raise PeriodsOutsideProduct(asked.periods, periods.minimum, periods.maximum)
    features = _check_features(facade, asked.features)
    salt = secrets.token_bytes(SALT_BYTES)
    request = ScoreRequest(
        subject=subject,
        amount_minor=asked.amount_minor,
        periods=asked.periods,
        product_id=policy.product_id,
        features_commitment=commitment(salt, features),
        consent_id=secrets.token_bytes(32),
        deadline=await estimated_time(facade) + REQUEST_DEADLINE_SECONDS,
    )
    return Draft(new_id("app"), request, salt, features)


def _check_features(facade: Facade, features: dict[str, int | str]) -> dict[str, int | str]:
    try:
        return facade.product.checked_features(features)
    except OracleError as error:
        raise FeatureRefused(error.slug, error.values) from error


def _store_draft(facade: Facade, asked: ApplicationIn, connection: Connection, draft: Draft) -> DraftOut:
    subject = draft.request.subject
    if not is_registered(connection, subject):
        raise SubjectNotRegistered(subject)
    if repository.unsigned_drafts(connection, subject) >= MAX_DRAFTS_PER_SUBJECT:
        raise TooManyDrafts(MAX_DRAFTS_PER_SUBJECT)
    repository.add_draft(connection, draft.id, subject, asked.language, draft.request.message())
    opening = {"features": draft.features, "salt": hex_of(draft.salt)}
    facade.vault.put(connection, subject, features_field(draft.id), opening)
    personal = {"personal": asked.personal, "purpose": asked.purpose}
    facade.vault.put(connection, subject, personal_field(draft.id), personal)
    return DraftOut(
        id=draft.id,
        status="draft",
        typed_data=typed_data(draft.request, facade.domains.credit),
        salt=hex_of(draft.salt),
    )


async def submit(
    facade: Facade, subject: str, application_id: str, signed: SubmissionIn, key: IdempotencyKey
) -> SubmissionOut:
    """Store the signature over the draft; the worker takes it from there, also after a ledger's absence.

    Raises NotFound, ApplicationNotDraft, DeadlinePassed, SignatureInvalid, SignerUnsupported, SignerUnknown.
    """
    return await facade.once(key, subject).run(
        SubmissionOut,
        partial(_check_submission, facade, subject, application_id, signed),
        partial(_store_submission, application_id, signed),
    )


async def _check_submission(facade: Facade, subject: str, application_id: str, signed: SubmissionIn) -> None:
    row = await facade.database.read(_own, application_id, subject)
    if row.status != "draft":
        raise ApplicationNotDraft(application_id, row.status)
    request = ScoreRequest.from_message(row.request)
    check_signature(request, facade.domains.credit, signed.signer, signed.signature)
    if not await facade.database.read(is_signer, subject, signed.signer):
        raise SignerUnknown(subject, signed.signer)
    check_deadline(request.deadline, await estimated_time(facade))


def _store_submission(
    application_id: str, signed: SubmissionIn, connection: Connection, _checked: None
) -> SubmissionOut:
    if not repository.submit(connection, application_id, signed.signer, bytes_of(signed.signature)):
        raise ApplicationNotDraft(application_id, "submitted")
    return SubmissionOut(id=application_id, status="submitted")


async def get(facade: Facade, subject: str, application_id: str) -> ApplicationOut:
    """The subject's application; raises NotFound."""
    return await facade.database.read(_get, facade, subject, application_id)


async def page(facade: Facade, subject: str, query: PageQuery) -> Page[ApplicationOut]:
    """A part of the subject's applications, newest first."""
    return await facade.database.read(_page, facade, subject, query)


def _get(connection: Connection, facade: Facade, subject: str, application_id: str) -> ApplicationOut:
    return _view(connection, facade, _own(connection, application_id, subject))


def _page(connection: Connection, facade: Facade, subject: str, query: PageQuery) -> Page[ApplicationOut]:
    rows = repository.applications_of(connection, subject, query)
    return Page(
        items=[_view(connection, facade, row) for row in rows],
        next=next_cursor(rows, query, lambda row: str(row.id)),
    )


def _own(connection: Connection, application_id: str, subject: str) -> Row[Any]:
    row = repository.application_of(connection, application_id, subject)
    if row is None:
        raise NotFound
    return row


def _view(connection: Connection, facade: Facade, row: Row[Any]) -> ApplicationOut:
    request = ScoreRequest.from_message(row.request)
    return ApplicationOut(
        id=row.id,
        status=row.status,
        amount_minor=request.amount_minor,
        periods=request.periods,
        decision=None if row.score is None else _decision(connection, facade, row),
        offer_id=row.offer_id,
        error=row.error,
    )


def _decision(connection: Connection, facade: Facade, row: Row[Any]) -> DecisionOut:
    opened = facade.vault.get(connection, row.subject, decision_field(row.id))
    reasons = [ReasonOut(**reason) for reason in facade.product.policy.explain(tuple(opened["reasons"]))]
    return DecisionOut(score=row.score, limit_minor=row.limit_minor, reasons=reasons)
