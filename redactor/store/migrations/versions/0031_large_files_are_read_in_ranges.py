"""Large files are read in ranges of pages, each a job of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "reading_range",
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("read_blob", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"], ["document_version.id"], name=op.f("fk_reading_range_version_document_version")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_reading_range_organisation_organisation")
        ),
        sa.ForeignKeyConstraint(["read_blob"], ["blob.id"], name=op.f("fk_reading_range_read_blob_blob")),
        sa.PrimaryKeyConstraint("version", "number", name=op.f("pk_reading_range")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("reading_range")
    with op.batch_alter_table("job") as table:
        table.drop_column("part")
