"""Applications; features, personal data, purpose and reasons are sealed in the vault."""

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, String, Table

from api.kit.database import metadata

applications = Table(
    "applications",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject", String(42), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("request", JSON, nullable=False),
    Column("signer", String(514)),
    Column("signature", LargeBinary),
    Column("score", BigInteger),
    Column("limit_minor", BigInteger),
    Column("report", String(66)),
    Column("offer_id", String(40)),
    Column("error", JSON),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_applications_subject_id", "subject", "id"),
)
