"""Who asks: the subject of the request's bearer token."""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import HTTPBearer

from api.kit.facade import CurrentFacade
from api.kit.problems import Unauthenticated
from api.kit.tokens import bearer_token, token_hash
from api.sessions import repository

SCHEME = HTTPBearer(auto_error=False, description="The token of POST /v1/sessions")


@dataclass(frozen=True)
class Session:
    """An open session; its token is not kept."""

    subject: str
    token_hash: str


async def current_session(
    facade: CurrentFacade, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
) -> Session:
    """The session of the Authorization header; raises Unauthenticated."""
    token = bearer_token(authorization)
    if token is None:
        raise Unauthenticated
    hashed = token_hash(token)
    subject = await facade.database.read(repository.session_subject, hashed, int(time.time()))
    if subject is None:
        raise Unauthenticated
    return Session(subject, hashed)


CurrentSession = Annotated[Session, Depends(current_session)]
