"""What happens to loans beside their payments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table, empty: the ledger this database followed had no such acts."""
    op.create_table(
        "ledger_acts",
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("log_index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("loan", sa.String(length=66), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("tx_hash", sa.String(length=66), nullable=False),
        sa.PrimaryKeyConstraint("block_number", "log_index", name=op.f("pk_ledger_acts")),
    )
    op.create_index(op.f("ix_ledger_acts_loan"), "ledger_acts", ["loan"])
