"""A large file is read in ranges of pages, each a job of its own, so that all workers share it; then they are joined.

The ranges are a matter of the file and the settings; who reads which, when and how often changes nothing. Whoever reads
the last missing range asks for the joining, in the same transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from redactor import wire
from redactor.jobs import JobKind
from redactor.model import Document, Upload
from redactor.ranges import PAGED, PageRange, cut, join
from redactor.service.base import Base
from redactor.store.blobs import Sealed
from redactor.store.database import reading
from redactor.store.records import document_version, reading_range

PURPOSE = "reading range"


class Ranges:
    """Cuts, keeps and joins."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def wanted(self, upload: Upload) -> tuple[PageRange, ...]:
        """Return the ranges in which to read a file; none where one worker reads it at a go."""
        each = self._base.settings.range_pages
        if upload.kind not in PAGED or upload.pages <= each:
            return ()
        return cut(0, upload.pages, each)

    def split(self, connection: Connection, version: Any, ranges: tuple[PageRange, ...]) -> None:
        """Ask for each range to be read, in place of any that were asked for before."""
        self.forget(connection, version.organisation, version.id)
        for number, wanted in enumerate(ranges):
            values = {"first": wanted.first, "end": wanted.end, "last": wanted.last}
            connection.execute(
                insert(reading_range).values(
                    version=version.id, number=number, organisation=version.organisation, read_blob=None, **values
                )
            )
            self._base.jobs.add(connection, version.organisation, JobKind.RANGE, version.id, number)

    def find(self, organisation: str, version: str, number: int) -> PageRange | None:
        """Return a range that is still wanted."""
        with reading(self._base.engine) as connection:
            row = connection.execute(
                select(reading_range).where(_of(organisation, version), reading_range.c.number == number)
            ).one_or_none()
        return None if row is None or row.read_blob is not None else PageRange(row.first, row.end, row.last)

    def keep(self, connection: Connection, version: Any, number: int, sealed: Sealed) -> None:
        """Keep what was read of a range; after the last missing one ask for all to be joined."""
        # whoever comes second waits here, and then sees what the first has kept
        connection.execute(select(document_version.c.id).where(document_version.c.id == version.id).with_for_update())
        here = _of(version.organisation, version.id)
        open_still = here & (reading_range.c.number == number) & reading_range.c.read_blob.is_(None)
        made = self._base.blobs.record(connection, sealed)
        if connection.execute(update(reading_range).where(open_still).values(read_blob=made)).rowcount != 1:
            self._base.blobs.shred(connection, version.organisation, made)  # an earlier request for it was quicker
            return
        missing = select(func.count()).where(here, reading_range.c.read_blob.is_(None))
        if connection.execute(missing.select_from(reading_range)).scalar_one() == 0:
            self._base.jobs.add(connection, version.organisation, JobKind.JOIN, version.id)

    def done(self, connection: Connection, organisation: str, version: str) -> tuple[int, int] | None:
        """Return how many pages of a version are read, of how many; None where it is not read in ranges."""
        rows = connection.execute(select(reading_range).where(_of(organisation, version))).all()
        if not rows:
            return None
        return sum(row.end - row.first for row in rows if row.read_blob), max(row.end for row in rows)

    def joined(self, organisation: str, version: str) -> Document:
        """Put all ranges together."""
        with reading(self._base.engine) as connection:
            rows = select(reading_range.c.read_blob).where(_of(organisation, version)).order_by(reading_range.c.number)
            blobs = connection.execute(rows).scalars().all()
            parts = [
                wire.load(Document, self._base.blobs.get(connection, organisation, each)) for each in blobs if each
            ]
        return join(parts)

    def forget(self, connection: Connection, organisation: str, version: str) -> int:
        """Destroy the ranges of a version, which the whole has replaced. Returns how many blobs ended."""
        here = _of(organisation, version)
        blobs = connection.execute(select(reading_range.c.read_blob).where(here)).scalars().all()
        connection.execute(delete(reading_range).where(here))
        return sum(self._base.blobs.shred(connection, organisation, each) for each in blobs if each)


def _of(organisation: str, version: str) -> Any:
    return (reading_range.c.version == version) & (reading_range.c.organisation == organisation)
