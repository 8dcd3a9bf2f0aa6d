"""Accepted payments; each is also an act of the outbox under the same id."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table

from api.kit.database import metadata

payments = Table(
    "payments",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject", String(42), nullable=False),
    Column("loan", String(66), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("nonce", BigInteger, nullable=False),
    Column("deadline", BigInteger, nullable=False),
    Column("signer", String(514), nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ix_payments_loan_nonce", "loan", "nonce"),
)
