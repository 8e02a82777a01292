"""People come in by their organisation's own sign-in and with passkeys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0031"
branch_labels = None
depends_on = None


def _held_by() -> list[sa.Column[str]]:
    return [
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
    ]


def _constraints(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["organisation"], ["organisation.id"], name=f"fk_{table}_organisation_organisation"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=f"fk_{table}_account_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("digest", name=f"uq_{table}_digest"),
    ]


def upgrade() -> None:
    """Go forward: accounts that have a password count as set up."""
    op.add_column("account", sa.Column("enrolled_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE account SET enrolled_at = created_at WHERE password_hash IS NOT NULL")
    op.create_table(
        "identity",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_held_by(),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        *_constraints("identity"),
    )
    op.create_index("ix_identity_account", "identity", ["account"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_held_by(),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        *_constraints("passkey"),
    )
    op.create_index("ix_passkey_account", "passkey", ["account"])
    op.create_table(
        "passkey_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_passkey_challenge"),
    )


def downgrade() -> None:
    """Go back."""
    for name in ("passkey_challenge", "passkey", "identity"):
        op.drop_table(name)
    with op.batch_alter_table("account") as table:
        table.drop_column("enrolled_at")
