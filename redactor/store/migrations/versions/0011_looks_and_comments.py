"""Who has looked at which page of a review, and comments on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "page_look",
        sa.Column("review", sa.String(length=32), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _link("page_look", "review", "review"),
        _link("page_look", "account", "account"),
        _link("page_look", "organisation", "organisation"),
        sa.PrimaryKeyConstraint("review", "page", "account", name=op.f("pk_page_look")),
    )
    op.create_table(
        "review_comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("review", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        _link("review_comment", "organisation", "organisation"),
        _link("review_comment", "review", "review"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_comment")),
    )
    op.create_index(op.f("ix_review_comment_review"), "review_comment", ["review"])


def downgrade() -> None:
    """Go back."""
    for table in ("review_comment", "page_look"):
        op.drop_table(table)
