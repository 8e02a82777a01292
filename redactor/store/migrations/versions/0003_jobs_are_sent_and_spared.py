"""Jobs remember when they were sent to the broker, and attempts that failed for want of the storage are not counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("sent_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("spared", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("job") as table:
        table.drop_column("spared")
        table.drop_column("sent_at")
