"""A recipient's link is opened with a one-time code, and the copy can be read in the browser while the visit lasts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _added() -> list[sa.Column[Any]]:
    return [
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("code_by", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.BigInteger(), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("visitor_digest", sa.String(length=64), nullable=True),
        sa.Column("visitor_until", sa.BigInteger(), nullable=True),
        sa.Column("opened", sa.LargeBinary(), nullable=True),
    ]


def upgrade() -> None:
    """Go forward: links from before open without a code."""
    with op.batch_alter_table("release_link") as table:
        for column in _added():
            table.add_column(column)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("release_link") as table:
        for column in reversed(_added()):
            table.drop_column(column.name)
