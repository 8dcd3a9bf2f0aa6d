"""Session tokens: 32 random bytes shown once, kept as a hash."""

import secrets
from hashlib import sha256

TOKEN_BYTES = 32
BEARER = "bearer "


def new_token() -> str:
    """A fresh token as 64 hex digits."""
    return secrets.token_hex(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored and looked up instead of the token."""
    return sha256(token.encode()).hexdigest()


def bearer_token(authorization: str | None) -> str | None:
    """The token of an `Authorization: Bearer` header, None where there is none."""
    if authorization is None or not authorization.lower().startswith(BEARER):
        return None
    return authorization[len(BEARER) :].strip()
