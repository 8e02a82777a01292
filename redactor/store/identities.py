"""The tables of programs that come in: their tokens, and what came of requests that may be sent twice."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, Text

from redactor.store.records import Moment, metadata


def _organisation() -> Column[str]:
    return Column("organisation", String(32), ForeignKey("organisation.id"), nullable=False)


def _account() -> Column[str]:
    return Column("account", String(32), ForeignKey("account.id"), nullable=False)


api_token = Table(
    "api_token",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    _organisation(),
    _account(),
    Column("name", LargeBinary, nullable=False),  # sealed: as typed
    Column("scopes", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Column("revoked_at", Moment, nullable=True),
)

repeatable = Table(  # what came of a request that may be sent twice
    "repeatable",
    metadata,
    Column("account", String(32), ForeignKey("account.id"), primary_key=True),
    Column("key_digest", String(64), primary_key=True),
    _organisation(),
    Column("request_digest", String(80), nullable=False),
    Column("result", String(32), nullable=False),
    Column("at", Moment, nullable=False),
)
