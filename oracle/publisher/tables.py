"""The publisher's queue; the tables of the durable sender stand in the same database."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

requests = Table(
    "score_requests",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", String(128), nullable=False, unique=True),
    Column("request_digest", LargeBinary(32), nullable=False, unique=True),
    Column("subject", String(42), nullable=False, index=True),
    Column("deadline", BigInteger, nullable=False),
    Column("packet", Text, nullable=False),
    Column("stage", String(16), nullable=False, index=True),
    Column("decision", Text),
    Column("report", Text),
    Column("uid", LargeBinary(32)),
    Column("dissent", Text, nullable=False, default="[]"),
    Column("error", Text),
    Column("tx_hash", String(66)),
    Column("block_number", BigInteger),
)
"""One row per request. Packet, decision, report, dissent and error are JSON; of a settled one's packet a hash."""

signatures = Table(
    "score_signatures",
    metadata,
    Column("uid", LargeBinary(32), primary_key=True),
    Column("signer", String(42), primary_key=True),
    Column("signature", LargeBinary(65), nullable=False),
)
"""Verified signatures over a report's digest."""
