"""The tables around a review: looks, comments, and what reviewers said that a thing is."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from redactor.store.records import Moment, metadata


def _of(table: str, name: str | None = None) -> Column[str]:
    return Column(name or table, String(32), ForeignKey(f"{table}.id"), nullable=False)


page_look = Table(
    "page_look",
    metadata,
    Column("review", String(32), ForeignKey("review.id"), primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("account", String(32), ForeignKey("account.id"), primary_key=True),
    _of("organisation"),
    Column("at", Moment, nullable=False),
)

review_comment = Table(
    "review_comment",
    metadata,
    Column("id", String(32), primary_key=True),
    _of("organisation"),
    _of("review"),
    Column("content", LargeBinary, nullable=False),  # sealed
    Column("start", Integer, nullable=True),  # where in the text; NULL for the whole document
    Column("by", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("settled_at", Moment, nullable=True),
    Index(None, "review"),
)

correction = Table(  # what a reviewer said that a thing is: it holds for every reader of the document
    "correction",
    metadata,
    Column("id", String(32), primary_key=True),
    _of("organisation"),
    _of("document_version", "version"),
    _of("review"),  # in which it was said
    Column("number", Integer, nullable=False),  # of the plan's version in which it was said
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("no_detail", Boolean, nullable=False),  # no detail about anybody
    Column("label", String(32), nullable=False),  # empty: as found
    Column("person", String(32), nullable=False),  # empty: as found
    Column("by", String(32), nullable=False),
    Column("at", Moment, nullable=False),  # when it was said, taken back or said again
    Column("holds", Boolean, nullable=False),
    Index(None, "version"),
)

word_list = Table(  # words that are always or never a detail: of a case, or of the whole organisation
    "word_list",
    metadata,
    Column("id", String(32), primary_key=True),  # of the case or of the organisation
    _of("organisation"),
    Column("case_id", String(32), ForeignKey("case_file.id"), nullable=True),
    Column("content", LargeBinary, nullable=False),  # sealed
    Column("version", Integer, nullable=False),
)
