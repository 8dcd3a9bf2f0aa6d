"""The sender's tables, with their own MetaData so that they can live in anyone's database."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

sender_transactions = Table(
    "sender_transactions",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("act_id", String(200), nullable=False, unique=True),
    Column("key_address", String(42), nullable=False),
    Column("to", String(42), nullable=True),
    Column("data", LargeBinary, nullable=False),
    Column("status", String(12), nullable=False),
    Column("gas", BigInteger, nullable=True),
    Column("nonce", BigInteger, nullable=True),
    Column("raw", LargeBinary, nullable=True),
    Column("tx_hash", String(66), nullable=True),
    Column("block_number", BigInteger, nullable=True),
    Column("contract_address", String(42), nullable=True),
    Column("error", Text, nullable=True),
    Column("created_at", Float, nullable=False),
    Column("sent_at", Float, nullable=True),
    Column("settled_at", Float, nullable=True),
    Index("ix_sender_transactions_work", "key_address", "status", "position"),
    Index("ix_sender_transactions_nonce", "key_address", "nonce", unique=True),
)
"""One row per act. `to` is null for a contract creation, `tx_hash` and addresses are 0x text."""

sender_keys = Table(
    "sender_keys",
    metadata,
    Column("key_address", String(42), primary_key=True),
    Column("next_nonce", BigInteger, nullable=False),
)
"""The lock row of each key: whoever allocates nonces holds it for the length of one transaction."""

sender_fillers = Table(
    "sender_fillers",
    metadata,
    Column("key_address", String(42), primary_key=True),
    Column("nonce", BigInteger, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)
"""Empty transactions for nonces that no act holds any more, so that later ones are not held up."""
