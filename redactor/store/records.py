"""The tables. Every row names its organisation; whatever could name a person stands sealed in ``LargeBinary``
columns."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ID_BYTES = 16

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole microseconds so that both databases compare and round it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Turn a moment into microseconds."""
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Turn microseconds into a moment."""
        del dialect
        return None if value is None else _EPOCH + value * _MICROSECOND


def new_id() -> str:
    """Return a fresh identifier of 128 random bits: it cannot be guessed and says nothing."""
    return secrets.token_hex(_ID_BYTES)


def _id() -> Column[str]:
    return Column("id", String(32), primary_key=True)


def _of(table: str, name: str | None = None, *, nullable: bool = False) -> Column[str]:
    return Column(name or table, String(32), ForeignKey(f"{table}.id"), nullable=nullable)


def _organisation() -> Column[str]:
    return _of("organisation")


def _at(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable)


organisation = Table("organisation", metadata, _id(), Column("name", Text, nullable=False), _at("created_at"))

organisation_key = Table(
    "organisation_key",
    metadata,
    _id(),
    _organisation(),
    Column("wrapped", LargeBinary, nullable=False),
    _at("created_at"),
    _at("retired_at", nullable=True),
)

blob = Table(
    "blob",
    metadata,
    _id(),
    _organisation(),
    Column("case_id", String(32), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("organisation_key", String(32), ForeignKey("organisation_key.id"), nullable=False),
    Column("wrapped", LargeBinary, nullable=True),  # NULL once shredded
    Column("size", BigInteger, nullable=False),
    _at("created_at"),
    _at("shredded_at", nullable=True),
    Index(None, "case_id"),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("organisation", String(32), ForeignKey("organisation.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),  # the very text that was hashed
    Column("actor", String(40), nullable=False),
    Column("action", String(48), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index(None, "organisation", "case_id"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("organisation", String(32), ForeignKey("organisation.id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("private_key", LargeBinary, nullable=False),  # sealed under the organisation's key
)

account = Table(
    "account",
    metadata,
    _id(),
    _organisation(),
    Column("username", String(120), nullable=False, unique=True),
    Column("name", LargeBinary, nullable=False),  # sealed
    Column("roles", String(200), nullable=False),
    Column("password_hash", Text, nullable=True),
    Column("totp", LargeBinary, nullable=True),  # sealed
    Column("totp_last_step", BigInteger, nullable=False),
    _at("created_at"),
    _at("enrolled_at", nullable=True),  # when the holder set it up; a reset takes it away
    _at("disabled_at", nullable=True),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    _id(),
    _organisation(),
    _of("account"),
    Column("digest", String(64), nullable=False),
    _at("used_at", nullable=True),
)

invite = Table(
    "invite",
    metadata,
    Column("digest", String(64), primary_key=True),
    _organisation(),
    _of("account"),
    _at("created_at"),
    _at("expires_at"),
    _at("used_at", nullable=True),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    _organisation(),
    _of("account"),
    Column("level", String(16), nullable=False),
    _at("created_at"),
    _at("seen_at"),
    _at("expires_at"),
    Index(None, "account"),
)

throttle = Table(
    "throttle",
    metadata,
    Column("digest", String(64), primary_key=True),  # of the account or address: neither is stored in clear
    Column("failures", Integer, nullable=False),
    _at("since"),
)

case_file = Table(
    "case_file",
    metadata,
    _id(),
    _organisation(),
    Column("content", LargeBinary, nullable=False),  # sealed: title and the people register
    Column("series", LargeBinary, nullable=True),  # sealed by itself: pseudonyms and shift of dates
    Column("version", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("retention", String(48), nullable=False, server_default="standard"),  # a class of templates/retention.yaml
    _at("created_at"),
    _at("closed_at", nullable=True),
    _at("held_at", nullable=True),  # an inquiry or a court: nothing of it is destroyed
    _at("destroyed_at", nullable=True),
)

case_member = Table(
    "case_member",
    metadata,
    Column("case_id", String(32), ForeignKey("case_file.id"), primary_key=True),
    Column("account", String(32), ForeignKey("account.id"), primary_key=True),
    _organisation(),
    Column("added_by", String(32), nullable=False),
    _at("added_at"),
)

document = Table(
    "document",
    metadata,
    _id(),
    _organisation(),
    _of("case_file", "case_id"),
    Column("name", LargeBinary, nullable=False),  # sealed: file names name children
    _at("created_at"),
    Index(None, "case_id"),
)

document_version = Table(
    "document_version",
    metadata,
    _id(),
    _organisation(),
    _of("case_file", "case_id"),
    _of("document"),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("failure", String(32), nullable=False),
    Column("failure_text", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("uploaded_by", String(32), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("password", LargeBinary, nullable=True),  # sealed: opens the upload
    Column("upload_blob", String(32), ForeignKey("blob.id"), nullable=False),
    Column("read_blob", String(32), ForeignKey("blob.id"), nullable=True),
    Column("case_version", Integer, nullable=False),
    Column("words_version", Integer, nullable=False, server_default="0"),  # of the lists of words
    Column("sketch", LargeBinary, nullable=True),  # sealed: a sample of its shingles
    _at("created_at"),
    UniqueConstraint("document", "number"),
)

review = Table(
    "review",
    metadata,
    _id(),
    _organisation(),
    _of("case_file", "case_id"),
    _of("document_version", "version"),
    Column("reader", String(120), nullable=False),
    Column("profile", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("failure", String(32), nullable=False),
    Column("failure_text", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("head", Integer, nullable=False),
    Column("requested_by", String(32), nullable=False),
    Column("completed_by", String(32), nullable=True),
    Column("approved_by", String(32), nullable=True),
    Column("approved_digest", String(80), nullable=True),
    _at("weighed_at", nullable=True),  # up to when colleagues' words about what a thing is are in the plan
    _at("created_at"),
    Index(None, "version"),
)

plan_version = Table(
    "plan_version",
    metadata,
    Column("review", String(32), ForeignKey("review.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _organisation(),
    Column("parent", Integer, nullable=False),  # 0 for the profile's own plan
    Column("step", String(32), nullable=False),  # what was done, in one word
    Column("count", Integer, nullable=False),
    Column("undecided", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("plan_blob", String(32), ForeignKey("blob.id"), nullable=False),
    Column("by", String(32), nullable=False),
    _at("at"),
)

release = Table(
    "release",
    metadata,
    _id(),
    _organisation(),
    _of("case_file", "case_id"),
    _of("review"),
    Column("state", String(16), nullable=False),
    Column("failure", String(32), nullable=False),
    Column("failure_text", Text, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("copy_number", Integer, nullable=False),
    Column("fingerprint", BigInteger, nullable=False),
    Column("plan_digest", String(80), nullable=False),
    Column("plan_number", Integer, nullable=False),
    Column("gate", LargeBinary, nullable=False),  # sealed
    Column("password", LargeBinary, nullable=True),  # sealed; gone once it was taken and the copy is made
    Column("password_taken", Boolean, nullable=False),
    Column("file_blob", String(32), ForeignKey("blob.id"), nullable=True),
    Column("certificate_blob", String(32), ForeignKey("blob.id"), nullable=True),
    Column("file_digest", String(80), nullable=False),
    Column("sent_by", String(32), nullable=False),
    _at("created_at"),
    _at("expires_at"),
    _at("revoked_at", nullable=True),
    UniqueConstraint("organisation", "copy_number"),
    Index(None, "case_id"),
)

release_link = Table(
    "release_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    _organisation(),
    _of("release"),
    Column("made_by", String(32), nullable=False),
    _at("created_at"),
    _at("expires_at"),
    Column("downloads", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
    Column("contact", LargeBinary, nullable=True),  # sealed: where codes and notices are e-mailed
    Column("code_by", String(8), nullable=False, server_default=""),  # "", "spoken" or "mail"
    Column("code_digest", String(64), nullable=True),
    _at("code_until", nullable=True),
    Column("code_tries", Integer, nullable=False, server_default="0"),
    Column("visitor_digest", String(64), nullable=True),
    _at("visitor_until", nullable=True),
    Column("opened", LargeBinary, nullable=True),  # sealed: the file's password while the visit lasts
    _at("revoked_at", nullable=True),
    Index(None, "release"),
)

agreement = Table(
    "agreement",
    metadata,
    _id(),
    _organisation(),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("published_by", String(32), nullable=False),
    _at("published_at"),
    UniqueConstraint("organisation", "number"),
)

acceptance = Table(
    "acceptance",
    metadata,
    _id(),
    _organisation(),
    _of("agreement"),
    _of("release"),
    Column("name", LargeBinary, nullable=False),  # sealed: as typed
    _at("at"),
    UniqueConstraint("release", "agreement"),
)

job = Table(
    "job",
    metadata,
    Column("number", Integer, primary_key=True),  # order of arrival
    Column("id", String(32), nullable=False, unique=True),
    _organisation(),
    Column("kind", String(24), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("part", Integer, nullable=False, server_default="0"),  # of the subject, such as a range of pages
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_by", String(64), nullable=False),
    _at("lease_until", nullable=True),
    _at("due_at"),
    _at("created_at"),
    _at("finished_at", nullable=True),
    Column("stage", String(64), nullable=False),
    Column("done", Integer, nullable=False, server_default="0"),  # of its pages
    Column("total", Integer, nullable=False, server_default="0"),  # pages; 0 while nobody knows
    _at("started_at", nullable=True),  # the newest attempt
    Column("failure", String(32), nullable=False),
    _at("sent_at", nullable=True),  # to the broker, and not taken yet
    Column("spared", Integer, nullable=False, server_default="0"),  # attempts that do not count
    Column("failures", Integer, nullable=False, server_default="0"),  # of its own step
    Column("interruptions", Integer, nullable=False, server_default="0"),  # ends of its worker that speak against it
    _at("interrupted_at", nullable=True),  # the newest end of its worker, whatever the cause
    Index(None, "state", "due_at"),
    Index(None, "interrupted_at"),
    Index(None, "subject"),
)

reading_range = Table(
    "reading_range",
    metadata,
    Column("version", String(32), ForeignKey("document_version.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _organisation(),
    Column("first", Integer, nullable=False),  # page, from 0
    Column("end", Integer, nullable=False),  # the page after its last
    Column("last", Boolean, nullable=False),
    Column("read_blob", String(32), ForeignKey("blob.id"), nullable=True),
)
