"""Sealed rows: one wrapped key per subject, one sealed value per field."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from api.kit.database import metadata

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("subject", String(42), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

vault_fields = Table(
    "vault_fields",
    metadata,
    Column("subject", String(42), ForeignKey("vault_keys.subject"), primary_key=True),
    Column("name", String(300), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
