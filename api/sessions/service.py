"""Open and close sessions. The wall clock rules here: a session is no act on the ledger."""

import secrets
import time

from sqlalchemy import Connection

from api.indexer.repository import is_registered, is_signer
from api.kit.facade import Facade
from api.kit.limits import CHALLENGE_SECONDS, MAX_OPEN_CHALLENGES_PER_SUBJECT
from api.kit.problems import SignerUnknown
from api.kit.signatures import check_signature
from api.kit.tokens import new_token, token_hash
from api.kit.types import bytes_of, hex_of
from api.sessions import repository
from api.sessions.problems import ChallengeUnknown, SubjectNotRegistered, TooManyChallenges
from api.sessions.schemas import ChallengeOut, SessionIn, SessionOut
from contracts.typed_data import Login, typed_data


async def give_challenge(facade: Facade, subject: str) -> ChallengeOut:
    """A fresh challenge for a registered subject; raises SubjectNotRegistered, TooManyChallenges."""
    login = Login(subject, secrets.token_bytes(32), int(time.time()) + CHALLENGE_SECONDS)
    await facade.database.write(_add_challenge, login)
    return ChallengeOut(
        challenge=hex_of(login.challenge),
        deadline=login.deadline,
        typed_data=typed_data(login, facade.domains.identity),
    )


def _add_challenge(connection: Connection, login: Login) -> None:
    if not is_registered(connection, login.subject):
        raise SubjectNotRegistered(login.subject)
    if repository.open_challenges(connection, login.subject, int(time.time())) >= MAX_OPEN_CHALLENGES_PER_SUBJECT:
        raise TooManyChallenges(MAX_OPEN_CHALLENGES_PER_SUBJECT)
    repository.add_challenge(connection, hex_of(login.challenge), login.subject, login.deadline)


async def open_session(facade: Facade, signed: SessionIn) -> SessionOut:
    """A token for who signed an open challenge; the challenge is used up.

    Raises ChallengeUnknown, SignatureInvalid, SignerUnsupported, SignerUnknown.
    """
    if signed.deadline < time.time():
        raise ChallengeUnknown
    login = Login(signed.subject, bytes_of(signed.challenge), signed.deadline)
    check_signature(login, facade.domains.identity, signed.signer, signed.signature)
    session = SessionOut(token=new_token(), expires_at=int(time.time()) + facade.settings.session_seconds)
    await facade.database.write(_open_session, signed, session)
    return session


def _open_session(connection: Connection, signed: SessionIn, session: SessionOut) -> None:
    if not is_signer(connection, signed.subject, signed.signer):
        raise SignerUnknown(signed.subject, signed.signer)
    if not repository.take_challenge(connection, signed.challenge, signed.subject, signed.deadline):
        raise ChallengeUnknown
    repository.add_session(connection, token_hash(session.token), signed.subject, session.expires_at)


async def close_session(facade: Facade, hashed: str) -> None:
    """End the session of this token hash."""
    await facade.database.write(repository.end_session, hashed)
