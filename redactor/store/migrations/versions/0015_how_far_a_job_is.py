"""Jobs tell how many of their pages are done, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("started_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("job") as table:
        for name in ("started_at", "total", "done"):
            table.drop_column(name)
