"""The first tables, and those of the transaction sender, which is the outbox."""

import sqlalchemy as sa
from alembic import op

from api.migrations.models import OUTBOX_METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "applications",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("signer", sa.String(length=514), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.String(length=66), nullable=True),
        sa.Column("offer_id", sa.String(length=40), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    op.create_index(op.f("ix_applications_status"), "applications", ["status"], unique=False)
    op.create_index("ix_applications_subject_id", "applications", ["subject", "id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "index_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.String(length=66), nullable=False),
        sa.Column("ledger_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_cursor")),
    )
    op.create_table(
        "ledger_loans",
        sa.Column("loan", sa.String(length=66), nullable=False),
        sa.Column("borrower", sa.String(length=42), nullable=False),
        sa.Column("agreement", sa.JSON(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("closed_day", sa.Integer(), nullable=True),
        sa.Column("tx_hash", sa.String(length=66), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("loan", name=op.f("pk_ledger_loans")),
    )
    op.create_index(op.f("ix_ledger_loans_borrower"), "ledger_loans", ["borrower"], unique=False)
    op.create_table(
        "ledger_payments",
        sa.Column("tx_hash", sa.String(length=66), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("loan", sa.String(length=66), nullable=False),
        sa.Column("payer", sa.String(length=42), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("late_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("penalty_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tx_hash", "log_index", name=op.f("pk_ledger_payments")),
    )
    op.create_index(
        "ix_ledger_payments_loan_block", "ledger_payments", ["loan", "block_number", "log_index"], unique=False
    )
    op.create_table(
        "ledger_signers",
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("signer", sa.String(length=514), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "signer", name=op.f("pk_ledger_signers")),
    )
    op.create_table(
        "login_challenges",
        sa.Column("challenge", sa.String(length=66), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("challenge", name=op.f("pk_login_challenges")),
    )
    op.create_index(op.f("ix_login_challenges_subject"), "login_challenges", ["subject"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("application_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("loan", sa.String(length=66), nullable=False),
        sa.Column("agreement", sa.JSON(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_salt", sa.String(length=66), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("signer", sa.String(length=514), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("lender_signature", sa.LargeBinary(), nullable=True),
        sa.Column("act_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("application_id", name=op.f("uq_offers_application_id")),
        sa.UniqueConstraint("loan", name=op.f("uq_offers_loan")),
    )
    op.create_index(op.f("ix_offers_accepted_at"), "offers", ["accepted_at"], unique=False)
    op.create_index("ix_offers_subject_id", "offers", ["subject", "id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("loan", sa.String(length=66), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("signer", sa.String(length=514), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_loan_nonce", "payments", ["loan", "nonce"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "subjects",
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("signer", sa.String(length=514), nullable=False),
        sa.Column("act_id", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_subjects")),
    )
    op.create_table(
        "vault_keys",
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_vault_keys")),
    )
    op.create_table(
        "vault_fields",
        sa.Column("subject", sa.String(length=42), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["subject"], ["vault_keys.subject"], name=op.f("fk_vault_fields_subject")),
        sa.PrimaryKeyConstraint("subject", "name", name=op.f("pk_vault_fields")),
    )
    OUTBOX_METADATA.create_all(op.get_bind())
