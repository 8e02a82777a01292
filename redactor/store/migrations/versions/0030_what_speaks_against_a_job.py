"""Jobs tell failures of their own step from workers that ended with them in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: what happened to unfinished jobs before is forgiven."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("interruptions", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("interrupted_at", sa.BigInteger(), nullable=True))
        table.create_index("ix_job_interrupted_at", ["interrupted_at"])


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("job") as table:
        table.drop_index("ix_job_interrupted_at")
        table.drop_column("interrupted_at")
        table.drop_column("interruptions")
        table.drop_column("failures")
