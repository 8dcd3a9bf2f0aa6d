"""Used challenges and open sessions; of a token only the hash is kept."""

from sqlalchemy import BigInteger, Column, String, Table

from api.kit.database import metadata

login_challenges = Table(
    "login_challenges",
    metadata,
    Column("challenge", String(66), primary_key=True),
    Column("subject", String(42), nullable=False, index=True),
    Column("deadline", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("subject", String(42), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
