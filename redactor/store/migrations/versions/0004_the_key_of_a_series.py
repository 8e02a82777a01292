"""Cases hold the sealed key of their pseudonyms and shifted dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward: a case from before begins its series with its next plan."""
    with op.batch_alter_table("case_file") as table:
        table.add_column(sa.Column("series", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("case_file") as table:
        table.drop_column("series")
