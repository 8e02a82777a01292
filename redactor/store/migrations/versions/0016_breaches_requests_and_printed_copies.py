"""Breaches with their clock, requests for one's own data, and numbered copies on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def _text(name: str, length: int = 32, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _constraints(table: str, *references: tuple[str, str]) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
            for column, to in (("organisation", "organisation"), *references)
        ),
    ]


def upgrade() -> None:
    """Go forward."""
    case = ("case_id", "case_file")
    op.create_table(
        "breach",
        _text("id"),
        _text("organisation"),
        _text("case_id"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _at("aware_at"),
        _at("told_at", nullable=True),
        _text("created_by"),
        _at("created_at"),
        *_constraints("breach", case),
    )
    op.create_index("ix_breach_case_id", "breach", ["case_id"])
    op.create_table(
        "subject_request",
        _text("id"),
        _text("organisation"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _at("received_at"),
        _at("due_at"),
        _at("closed_at", nullable=True),
        _text("created_by"),
        *_constraints("subject_request"),
    )
    op.create_table(
        "printed_copy",
        _text("id"),
        _text("organisation"),
        _text("case_id"),
        _text("release"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=True),
        _text("handed_by"),
        _at("handed_at"),
        _text("settled", 16),
        _at("settled_at", nullable=True),
        *_constraints("printed_copy", case, ("release", "release")),
    )
    op.create_index("ix_printed_copy_release", "printed_copy", ["release"])


def downgrade() -> None:
    """Go back."""
    for table in ("printed_copy", "subject_request", "breach"):
        op.drop_table(table)
