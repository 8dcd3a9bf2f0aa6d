"""The rows of loans that are by a table."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table, empty: the ledger this database followed had no such loan."""
    op.create_table(
        "ledger_tables",
        sa.Column("loan", sa.String(length=66), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("loan", name=op.f("pk_ledger_tables")),
    )
