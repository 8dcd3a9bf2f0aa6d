"""The read model: everything here can be deleted and rebuilt from block 0."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table

from api.kit.database import metadata

index_cursor = Table(
    "index_cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("block_number", BigInteger, nullable=False),
    Column("block_hash", String(66), nullable=False),
    Column("ledger_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

ledger_signers = Table(
    "ledger_signers",
    metadata,
    Column("subject", String(42), primary_key=True),
    Column("signer", String(514), primary_key=True),
    Column("block_number", BigInteger, nullable=False),
)

ledger_loans = Table(
    "ledger_loans",
    metadata,
    Column("loan", String(66), primary_key=True),
    Column("borrower", String(42), nullable=False, index=True),
    Column("agreement", JSON, nullable=False),
    Column("bucket", Integer, nullable=False),
    Column("closed_day", Integer),
    Column("tx_hash", String(66), nullable=False),
    Column("block_number", BigInteger, nullable=False),
)

ledger_tables = Table(
    "ledger_tables",
    metadata,
    Column("loan", String(66), primary_key=True),
    Column("words", JSON, nullable=False),  # of its rows, 0x hex: they are larger than JSON's integers
    Column("block_number", BigInteger, nullable=False),
)

ledger_acts = Table(
    "ledger_acts",
    metadata,
    Column("block_number", BigInteger, primary_key=True, autoincrement=False),
    Column("log_index", Integer, primary_key=True, autoincrement=False),
    Column("loan", String(66), index=True),  # null: of all loans
    Column("name", String(40), nullable=False),
    Column("details", JSON, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("tx_hash", String(66), nullable=False),
)

ledger_payments = Table(
    "ledger_payments",
    metadata,
    Column("tx_hash", String(66), primary_key=True),
    Column("log_index", Integer, primary_key=True),
    Column("loan", String(66), nullable=False),
    Column("payer", String(42), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("late_fee_minor", BigInteger, nullable=False),
    Column("penalty_minor", BigInteger, nullable=False),
    Column("interest_minor", BigInteger, nullable=False),
    Column("principal_minor", BigInteger, nullable=False),
    Column("day", Integer, nullable=False),
    Column("block_number", BigInteger, nullable=False),
    Index("ix_ledger_payments_loan_block", "loan", "block_number", "log_index"),
)
