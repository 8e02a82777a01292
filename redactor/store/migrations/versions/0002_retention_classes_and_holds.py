"""Cases have a retention class, and can be held for an inquiry or a court."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: cases from before are of the standard class and not held."""
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("retention", sa.String(length=48), nullable=False, server_default="standard"))
        table.add_column(sa.Column("held_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("destroyed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("case_file") as table:
        table.drop_column("destroyed_at")
        table.drop_column("held_at")
        table.drop_column("retention")
