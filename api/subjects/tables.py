"""Subjects that asked to be registered here."""

from sqlalchemy import BigInteger, Column, String, Table

from api.kit.database import metadata

subjects = Table(
    "subjects",
    metadata,
    Column("subject", String(42), primary_key=True),
    Column("signer", String(514), nullable=False),
    Column("act_id", String(80), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
