"""Open and close sessions. The wall clock rules here: a session is no act on the ledger."""

import secrets
import time
from hmac import compare_digest

from sqlalchemy import Connection

from api.indexer.repository import is_registered, is_signer
from api.kit.facade import Facade
from api.kit.limits import CHALLENGE_SECONDS
from api.kit.problems import SignerUnknown
from api.kit.signatures import check_signature
from api.kit.tokens import new_token, token_hash
from api.kit.types import bytes_of, hex_of
from api.sessions import repository
from api.sessions.problems import ChallengeUnknown, SubjectNotRegistered
from api.sessions.schemas import ChallengeOut, SessionIn, SessionOut
from contracts.typed_data import Login, typed_data

NONCE_BYTES = 16


async def give_challenge(facade: Facade, subject: str) -> ChallengeOut:
    """A fresh challenge for a registered subject; raises SubjectNotRegistered.

    Nothing is kept of it, so that whoever asks in another's name, however often, fills and blocks nothing.
    """
    if not await facade.database.read(is_registered, subject):
        raise SubjectNotRegistered(subject)
    deadline = int(time.time()) + CHALLENGE_SECONDS
    login = Login(subject, _challenge(facade, subject, deadline, secrets.token_bytes(NONCE_BYTES)), deadline)
    return ChallengeOut(
        challenge=hex_of(login.challenge),
        deadline=login.deadline,
        typed_data=typed_data(login, facade.domains.identity),
    )


def _challenge(facade: Facade, subject: str, deadline: int, nonce: bytes) -> bytes:
    """32 bytes: a nonce, and a tag that only this installation can make for subject, deadline and nonce."""
    return nonce + facade.vault.login_tag(f"{subject}|{deadline}|{nonce.hex()}".encode())


async def open_session(facade: Facade, signed: SessionIn) -> SessionOut:
    """A token for who signed a challenge given here; the challenge is used up.

    Raises ChallengeUnknown, SignatureInvalid, SignerUnsupported, SignerUnknown.
    """
    login = Login(signed.subject, bytes_of(signed.challenge), signed.deadline)
    own = _challenge(facade, login.subject, login.deadline, login.challenge[:NONCE_BYTES])
    if login.deadline < time.time() or not compare_digest(own, login.challenge):
        raise ChallengeUnknown
    check_signature(login, facade.domains.identity, signed.signer, signed.signature)
    session = SessionOut(token=new_token(), expires_at=int(time.time()) + facade.settings.session_seconds)
    await facade.database.write(_open_session, signed, session)
    return session


def _open_session(connection: Connection, signed: SessionIn, session: SessionOut) -> None:
    if not is_signer(connection, signed.subject, signed.signer):
        raise SignerUnknown(signed.subject, signed.signer)
    if not repository.use_challenge(connection, signed.challenge, signed.subject, signed.deadline):
        raise ChallengeUnknown
    repository.add_session(connection, token_hash(session.token), signed.subject, session.expires_at)


async def close_session(facade: Facade, hashed: str) -> None:
    """End the session of this token hash."""
    await facade.database.write(repository.end_session, hashed)
