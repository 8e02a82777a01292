"""Documents of a case: uploaded, read, looked at, destroyed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from redactor import antivirus, limits, sandbox, wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict, Hostile, InputRefused, NotFound, TooLarge
from redactor.jobs import JobKind, Progress
from redactor.model import Detected, Document, Kind, digest_of
from redactor.service.base import STOPPED, Base, one
from redactor.service.quotas import require_room
from redactor.service.ranges import Ranges
from redactor.service.repeatable import Repeatable
from redactor.service.states import DocumentState, move
from redactor.store.database import reading
from redactor.store.records import case_file, document, document_version, new_id

LONGEST_NAME = 255
PICTURED = (Kind.PDF.value, Kind.IMAGE.value)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the service knows of a version's content: sealed as one blob."""

    document: Document
    detected: Detected


@dataclass(frozen=True, slots=True)
class Lie:
    """How a picture's pixels lie on its page: x = a*px + c*py + e, y = b*px + d*py + f, in points.

    Args:
        size: width and height of the picture in pixels.
        matrix: a, b, c, d, e, f.
    """

    size: tuple[int, int]
    matrix: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of the upload as a PNG, and how it lies."""

    png: bytes
    lie: Lie


@dataclass(frozen=True, slots=True)
class VersionView:
    """One uploaded version. ``failure`` and ``next_step`` are plain sentences without document text."""

    id: str
    document: str
    case: str
    number: int
    state: DocumentState
    failure: str
    next_step: str
    digest: str
    kind: str
    size: int
    pages: int
    uploaded_by: str
    created_at: datetime
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its versions, newest first."""

    id: str
    case: str
    name: str
    created_at: datetime
    versions: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """How long work on a document will take; None where nothing like it was done yet."""

    proposal: timedelta | None
    copy: timedelta | None


class Documents:
    """Use cases around documents."""

    def __init__(self, base: Base) -> None:
        self._base, self._ranges = base, Ranges(base)

    def upload(
        self,
        actor: Actor,
        case: str,
        name: str,
        content: bytes,
        *,
        password: str | None = None,
        into: str | None = None,
        key: str = "",
    ) -> str:
        """Accept a file and return its version's id; when this returns, the file survives whatever happens next.

        Args:
            name: the file's name as the person gave it; kept sealed, never used as a path.
            password: opens the file, if it is encrypted.
            into: document of which this is a new version.
            key: of a request that may be sent twice: the second time the first one's version is returned.

        Raises:
            Conflict: if the key came before with another request.
            TooLarge, InputRefused: if it is too large or empty; everything else shows when it is read.
            Throttled: if the account has uploaded its share of the day.
            Hostile, UnsafeConfiguration: if the virus scanner knows it, or is there and gives no clear answer.
        """
        if len(content) > limits.UPLOAD_BYTES:
            raise TooLarge(f"The file is larger than {limits.UPLOAD_BYTES // limits.MEBIBYTE} MiB.")
        if not content:
            raise InputRefused("The file is empty.", next_step="Choose the file again.")
        if not name.strip() or len(name) > LONGEST_NAME:
            raise BadArguments(f"A file name has 1 to {LONGEST_NAME} characters.")
        with self._base.look(actor, Permission.DOCUMENT_ADD, case):
            pass  # no bytes are stored for somebody who may not store them
        once = Repeatable(self._base, actor, key, digest_of(repr((case, name, into, digest_of(content))).encode()))
        if known := once.result():
            return known
        with reading(self._base.engine) as connection:
            require_room(self._base, connection, actor, len(content))
        self._scan(actor, case, content)
        sealed = self._base.blobs.put(actor.organisation, case, "upload", content)
        with self._base.act(actor, Permission.DOCUMENT_ADD, case) as connection:
            self._require_open(connection, actor, case)
            require_room(self._base, connection, actor, len(content), recording=True)
            document_id = self._place(connection, actor, case, name, into)
            number = self._next_number(connection, document_id)
            version = new_id()
            connection.execute(
                insert(document_version).values(
                    id=version,
                    organisation=actor.organisation,
                    case_id=case,
                    document=document_id,
                    number=number,
                    state=DocumentState.RECEIVED.value,
                    failure="",
                    failure_text="",
                    next_step="",
                    uploaded_by=actor.account,
                    digest=digest_of(content),
                    size=len(content),
                    kind="",
                    pages=0,
                    password=self._sealed_password(connection, actor.organisation, version, password),
                    upload_blob=self._base.blobs.record(connection, sealed),
                    case_version=0,
                    created_at=self._base.clock.now(),
                )
            )
            self._base.jobs.add(connection, actor.organisation, JobKind.READ, version)
            detail = {"bytes": len(content), "number": number}
            self._note(connection, actor, "document.upload", version, case, **detail)
            once.keep(connection, version)
        return version

    def list(self, actor: Actor, case: str) -> tuple[DocumentView, ...]:
        """Return the documents of a case, newest first."""
        with self._base.look(actor, Permission.DOCUMENT_READ, case) as connection:
            mine = (document.c.case_id == case) & (document.c.organisation == actor.organisation)
            rows = connection.execute(select(document).where(mine).order_by(document.c.created_at.desc())).all()
            return tuple(self._document_view(connection, row) for row in rows)

    def open(self, actor: Actor, document_id: str) -> DocumentView:
        """Return one document with its versions."""
        case = self._base.row(document, document_id, actor.organisation).case_id
        with self._base.look(actor, Permission.DOCUMENT_READ, case) as connection:
            return self._document_view(connection, one(connection, document, document_id, actor.organisation))

    def version(self, actor: Actor, version: str) -> VersionView:
        """Return one version: its state, how far its job is, and what to do if it failed."""
        case = self._base.row(document_version, version, actor.organisation).case_id
        with self._base.look(actor, Permission.DOCUMENT_READ, case) as connection:
            return self._version_view(connection, one(connection, document_version, version, actor.organisation))

    def reading(self, actor: Actor, version: str) -> Reading:
        """Return the text and the findings of a version; the look goes on the record."""
        case = self._base.row(document_version, version, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_READ, case, subject=version) as connection:
            found = reading_of(self._base, connection, actor.organisation, version)
            self._note(connection, actor, "document.view", version, case)
            return found

    def picture(self, actor: Actor, version: str, page: int) -> PagePicture:
        """Return one page of a PDF or image as a picture, drawn behind the wall.

        Raises:
            NotFound: if the document has no such page to show.
        """
        row = self._base.row(document_version, version, actor.organisation)
        with self._base.look(actor, Permission.DOCUMENT_READ, row.case_id) as connection:
            self._base.blobs.require_kept(connection, actor.organisation, row.upload_blob)
        if row.kind not in PICTURED or not 0 <= page < row.pages:
            raise NotFound("There is no picture of this page.", next_step="Read the text of the page instead.")
        key = f"{row.upload_blob}|{page}"
        made: PagePicture = self._base.pictures.get(key, lambda: self._drawn(actor.organisation, version, page))
        return made

    def _drawn(self, organisation: str, version: str, page: int) -> PagePicture:
        row, _, content, password = upload_of(self._base, organisation, version)
        upload = {"kind": row.kind, "digest": row.digest, "content": "", "password": password, "pages": row.pages}
        asked = json.dumps({"upload": upload, "page": page}).encode()
        answer = sandbox.call("redactor.ingest.inside:picture", asked, {"content": content})
        return PagePicture(answer.files["content"], wire.load(Lie, answer.value))

    def original(self, actor: Actor, version: str) -> tuple[str, bytes]:
        """Return the name and bytes of the upload itself; the look goes on the record."""
        case = self._base.row(document_version, version, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ORIGINAL, case, subject=version) as connection:
            row = one(connection, document_version, version, actor.organisation)
            self._note(connection, actor, "document.original", version, case)
            name = self._name(connection, one(connection, document, row.document, actor.organisation))
            return name, self._base.blobs.get(connection, actor.organisation, row.upload_blob)

    def retry(self, actor: Actor, version: str, *, password: str | None = None) -> None:
        """Read a failed version again, for example with its password."""
        case = self._base.row(document_version, version, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=version) as connection:
            values: dict[str, Any] = {"failure": "", "failure_text": "", "next_step": ""}
            if password:
                values["password"] = self._sealed_password(connection, actor.organisation, version, password)
            move(connection, document_version, version, DocumentState.RECEIVED, **values)
            self._base.jobs.add(connection, actor.organisation, JobKind.READ, version)
            self._note(connection, actor, "document.retry", version, case)

    def stop(self, actor: Actor, version: str) -> None:
        """Stop the reading of a version; it can be read again later. Raises Conflict if it has ended already."""
        case = self._base.row(document_version, version, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_ADD, case, subject=version) as connection:
            self._base.jobs.stop(connection, version)
            self._ranges.forget(connection, actor.organisation, version)
            move(connection, document_version, version, DocumentState.FAILED, **STOPPED)
            self._note(connection, actor, "document.stop", version, case)

    def forecast(self, actor: Actor, version: str) -> Forecast:
        """Say how long a proposal and a copy of a version will take, by the pace of those before."""
        row = self._base.row(document_version, version, actor.organisation)
        with self._base.look(actor, Permission.DOCUMENT_READ, row.case_id) as connection:
            each = (self._base.jobs.pace(connection, kind) for kind in (JobKind.PROPOSE, JobKind.RELEASE))
            times = [timedelta(seconds=one * max(row.pages, 1)) if one is not None else None for one in each]
            return Forecast(*times)

    def _scan(self, actor: Actor, case: str, content: bytes) -> None:
        """Let the virus scanner look first, where there is one; a find goes on the record and nothing is stored."""
        settings = self._base.settings
        if settings.clamd is None:
            return
        try:
            antivirus.scan(settings.clamd, content, settings.clamd_seconds)
        except Hostile:
            with self._base.act(actor, Permission.DOCUMENT_ADD, case) as connection:
                self._note(connection, actor, "document.harmful", case, case, bytes=len(content))
            raise

    def _place(self, connection: Connection, actor: Actor, case: str, name: str, into: str | None) -> str:
        if into is not None:
            row = one(connection, document, into, actor.organisation)
            if row.case_id != case:
                raise BadArguments("A new version stays in the case of its document.")
            return into
        made = new_id()
        connection.execute(
            insert(document).values(
                id=made,
                organisation=actor.organisation,
                case_id=case,
                name=self._base.keys.seal(connection, actor.organisation, name, f"document.name|{made}"),
                created_at=self._base.clock.now(),
            )
        )
        return made

    def _require_open(self, connection: Connection, actor: Actor, case: str) -> None:
        if one(connection, case_file, case, actor.organisation).closed_at is not None:
            raise Conflict("The case is closed.", next_step="Open a new case for new documents.")

    def _next_number(self, connection: Connection, document_id: str) -> int:
        newest = select(func.max(document_version.c.number)).where(document_version.c.document == document_id)
        return int(connection.execute(newest).scalar_one() or 0) + 1

    def _sealed_password(
        self, connection: Connection, organisation: str, version: str, password: str | None
    ) -> bytes | None:
        if not password:
            return None
        return self._base.keys.seal(connection, organisation, password, f"document_version.password|{version}")

    def _document_view(self, connection: Connection, row: Row[Any]) -> DocumentView:
        versions = connection.execute(
            select(document_version)
            .where(document_version.c.document == row.id)
            .order_by(document_version.c.number.desc())
        ).all()
        views = tuple(self._version_view(connection, version) for version in versions)
        return DocumentView(row.id, row.case_id, self._name(connection, row), row.created_at, views)

    def _version_view(self, connection: Connection, row: Row[Any]) -> VersionView:
        return VersionView(
            row.id,
            row.document,
            row.case_id,
            row.number,
            DocumentState(row.state),
            row.failure_text,
            row.next_step,
            row.digest,
            row.kind,
            row.size,
            row.pages,
            row.uploaded_by,
            row.created_at,
            self._progress(connection, row),
        )

    def _progress(self, connection: Connection, row: Row[Any]) -> Progress | None:
        """Return how far a version's job is; of a large file that workers share, over all its ranges."""
        progress = self._base.jobs.progress(connection, row.id)
        pages = self._ranges.done(connection, row.organisation, row.id)
        if progress is None or pages is None or progress.kind is JobKind.JOIN:
            return progress
        done, total = pages
        each = self._base.jobs.pace(connection, JobKind.RANGE)
        left = timedelta(seconds=each * (total - done) / self._base.settings.workers) if each is not None else None
        return replace(progress, stage="reading", done=done, total=total, left=left)

    def _name(self, connection: Connection, row: Row[Any]) -> str:
        return self._base.keys.open(connection, row.organisation, row.name, f"document.name|{row.id}").decode()

    def _note(self, connection: Connection, actor: Actor, action: str, subject: str, case: str, **detail: int) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)


def reading_of(base: Base, connection: Connection, organisation: str, version: str) -> Reading:
    """Return what was read of a version inside another use case's transaction.

    Raises:
        Conflict: if it was not read yet.
    """
    row = one(connection, document_version, version, organisation)
    if row.read_blob is None:
        raise Conflict("The document has not been read yet.", next_step="Wait until it has, and load the page again.")
    base.blobs.require_kept(connection, organisation, row.read_blob)  # what was destroyed is not shown from memory
    found: Reading = base.readings.get(row.read_blob, lambda: _opened(base, connection, organisation, row.read_blob))
    return found


def _opened(base: Base, connection: Connection, organisation: str, blob_id: str) -> Reading:
    return wire.load(Reading, base.blobs.get(connection, organisation, blob_id))


def upload_of(base: Base, organisation: str, version: str) -> tuple[Row[Any], str, bytes, str | None]:
    """Return the row, file name, bytes and password of an upload, for the worker."""
    with reading(base.engine) as connection:
        row = one(connection, document_version, version, organisation)
        holder = one(connection, document, row.document, organisation)
        name = base.keys.open(connection, organisation, holder.name, f"document.name|{holder.id}").decode()
        password = None
        if row.password is not None:
            place = f"document_version.password|{version}"
            password = base.keys.open(connection, organisation, row.password, place).decode()
        return row, name, base.blobs.get(connection, organisation, row.upload_blob), password
