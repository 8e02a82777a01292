"""Programs come in with tokens, people with passkeys or by their organisation's identity provider."""

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
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=32), nullable=False),
        *_held_by(),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        *_references("passkey"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey"),
        sa.UniqueConstraint("credential", name="uq_passkey_credential"),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.String(length=32), nullable=False),
        *_held_by(),
        sa.Column("issuer_digest", sa.String(length=64), nullable=False),
        sa.Column("subject_digest", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        *_references("identity"),
        sa.PrimaryKeyConstraint("id", name="pk_identity"),
        sa.UniqueConstraint("issuer_digest", "subject_digest", name="uq_identity_issuer_digest_subject_digest"),
    )


def downgrade() -> None:
    """Go back."""
    for table in ("identity", "passkey", "repeatable", "api_token"):
        op.drop_table(table)
