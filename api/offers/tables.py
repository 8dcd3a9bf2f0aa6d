"""Offers and their acceptances; the loan id is the digest of the agreement."""

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, String, Table, Text

from api.kit.database import metadata

offers = Table(
    "offers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("application_id", String(40), nullable=False, unique=True),
    Column("subject", String(42), nullable=False),
    Column("loan", String(66), nullable=False, unique=True),
    Column("agreement", JSON, nullable=False),
    Column("document", Text, nullable=False),
    Column("document_salt", String(66), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("accepted_at", BigInteger, index=True),
    Column("signer", String(514)),
    Column("signature", LargeBinary),
    Column("lender_signature", LargeBinary),
    Column("act_id", String(80)),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_offers_subject_id", "subject", "id"),
)
