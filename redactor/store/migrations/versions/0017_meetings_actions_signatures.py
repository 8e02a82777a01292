"""Meetings, their actions, and signatures of the confidentiality agreement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def _link(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _text(name: str, length: int = 32, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "meeting",
        *(_text(name) for name in ("id", "organisation", "case_id")),
        _text("kind", 24),
        _text("day", 10),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("record", nullable=True),
        _text("created_by"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _link("meeting", "organisation", "organisation"),
        _link("meeting", "case_id", "case_file"),
        _link("meeting", "record", "document_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_case_id"), "meeting", ["case_id"])
    op.create_table(
        "meeting_action",
        *(_text(name) for name in ("id", "organisation", "case_id")),
        _text("meeting", nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _text("due", 10),
        _text("status", 16),
        _text("closed_on", 10),
        _text("changed_by"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        _link("meeting_action", "organisation", "organisation"),
        _link("meeting_action", "case_id", "case_file"),
        _link("meeting_action", "meeting", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
    )
    op.create_index(op.f("ix_meeting_action_case_id"), "meeting_action", ["case_id"])
    op.create_table(
        "signature",
        *(_text(name) for name in ("id", "organisation", "case_id", "agreement")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _text("signed_on", 10),
        _text("expires_on", 10),
        _text("recorded_by"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        _link("signature", "organisation", "organisation"),
        _link("signature", "case_id", "case_file"),
        _link("signature", "agreement", "agreement"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_case_id"), "signature", ["case_id"])


def downgrade() -> None:
    """Go back."""
    for table in ("signature", "meeting_action", "meeting"):
        op.drop_table(table)
