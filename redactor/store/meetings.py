"""The tables of meetings: their papers, the actions that came of them, and who signed the confidentiality agreement."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from redactor.store.records import Moment, metadata


def _of(table: str, name: str | None = None, *, nullable: bool = False) -> Column[str]:
    return Column(name or table, String(32), ForeignKey(f"{table}.id"), nullable=nullable)


meeting = Table(
    "meeting",
    metadata,
    Column("id", String(32), primary_key=True),
    _of("organisation"),
    _of("case_file", "case_id"),
    Column("kind", String(24), nullable=False),
    Column("day", String(10), nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: agenda, minutes, visitors
    Column("version", Integer, nullable=False),
    _of("document_version", "record", nullable=True),  # the minutes as a document of the case
    Column("created_by", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "case_id"),
)

meeting_action = Table(
    "meeting_action",
    metadata,
    Column("id", String(32), primary_key=True),
    _of("organisation"),
    _of("case_file", "case_id"),
    _of("meeting", nullable=True),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: what, who, what was said of it since
    Column("due", String(10), nullable=False),
    Column("status", String(16), nullable=False),
    Column("closed_on", String(10), nullable=False),
    Column("changed_by", String(32), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index(None, "case_id"),
)

signature = Table(
    "signature",
    metadata,
    Column("id", String(32), primary_key=True),
    _of("organisation"),
    _of("case_file", "case_id"),
    _of("agreement"),
    Column("content", LargeBinary, nullable=False),  # sealed: who signed, for whom
    Column("signed_on", String(10), nullable=False),
    Column("expires_on", String(10), nullable=False),
    Column("recorded_by", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("withdrawn_at", Moment, nullable=True),
    Index(None, "case_id"),
)
