"""The tables of the ways in besides a password: programs' tokens, an organisation's own sign-in, and passkeys."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, LargeBinary, String, Table, Text

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

identity = Table(  # who somebody is to the identity provider
    "identity",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of issuer and subject
    _organisation(),
    _account(),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Index(None, "account"),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the credential's id
    _organisation(),
    _account(),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("backed_up", Boolean, nullable=False),
    Column("name", LargeBinary, nullable=False),  # sealed: as typed
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Index(None, "account"),
)

passkey_challenge = Table(  # what a passkey is asked to sign, once
    "passkey_challenge",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account", String(32), nullable=True),  # of whom it is asked; NULL when the passkey itself says who it is
    Column("expires_at", Moment, nullable=False),
)
