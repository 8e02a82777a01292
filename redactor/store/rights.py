"""The tables of people's rights: breaches, requests for one's own data, and what was handed out on paper."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from redactor.store.records import Moment, metadata


def _id() -> Column[str]:
    return Column("id", String(32), primary_key=True)


def _of(table: str, name: str | None = None) -> Column[str]:
    return Column(name or table, String(32), ForeignKey(f"{table}.id"), nullable=False)


breach = Table(
    "breach",
    metadata,
    _id(),
    _of("organisation"),
    _of("case_file", "case_id"),
    Column("content", LargeBinary, nullable=False),  # sealed: what happened and what was done
    Column("aware_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=True),  # when the Commissioner was told
    Column("created_by", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "case_id"),
)

subject_request = Table(
    "subject_request",
    metadata,
    _id(),
    _of("organisation"),
    Column("content", LargeBinary, nullable=False),  # sealed: who asks, and how each third party was weighed
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=True),
    Column("created_by", String(32), nullable=False),
)

printed_copy = Table(
    "printed_copy",
    metadata,
    _id(),
    _of("organisation"),
    _of("case_file", "case_id"),
    _of("release"),
    Column("number", Integer, nullable=False),
    Column("holder", LargeBinary, nullable=True),  # sealed; NULL once the copy itself was destroyed
    Column("handed_by", String(32), nullable=False),
    Column("handed_at", Moment, nullable=False),
    Column("settled", String(16), nullable=False),
    Column("settled_at", Moment, nullable=True),
    Index(None, "release"),
)
