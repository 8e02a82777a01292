"""What reviewers said that a thing is, and up to when each review's plan knows it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0030"
branch_labels = None
depends_on = None


def _link(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_correction_{column}_{to}"))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=False) for name in ("organisation", "version", "review")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("number", "start", "end")),
        sa.Column("no_detail", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=False) for name in ("label", "person", "by")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        _link("organisation", "organisation"),
        _link("version", "document_version"),
        _link("review", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_version"), "correction", ["version"])
    with op.batch_alter_table("review") as table:
        table.add_column(sa.Column("weighed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("review") as table:
        table.drop_column("weighed_at")
    op.drop_table("correction")
