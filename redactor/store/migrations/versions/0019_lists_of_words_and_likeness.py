"""Lists of words that are always or never a detail, and samples by which uploads that are alike are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "word_list",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_word_list_organisation_organisation")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_word_list_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_list")),
    )
    with op.batch_alter_table("document_version") as table:
        table.add_column(sa.Column("words_version", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("sketch", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("document_version") as table:
        table.drop_column("sketch")
        table.drop_column("words_version")
    op.drop_table("word_list")
