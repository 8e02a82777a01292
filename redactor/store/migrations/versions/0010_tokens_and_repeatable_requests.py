"""Programs come in with tokens; a request sent twice is known again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def _held_by() -> list[sa.Column[str]]:
    return [
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
    ]


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=f"fk_{table}_organisation_organisation"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=f"fk_{table}_account_account"),
    ]


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_held_by(),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        *_references("api_token"),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
    op.create_table(
        "repeatable",
        *reversed(_held_by()),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("request_digest", sa.String(length=80), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *_references("repeatable"),
        sa.PrimaryKeyConstraint("account", "key_digest", name="pk_repeatable"),
    )


def downgrade() -> None:
    """Go back."""
    for table in ("repeatable", "api_token"):
        op.drop_table(table)
