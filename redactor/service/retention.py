"""The end of data: destroying a document's keys (crypto-shred), and clearing what no key can open any more."""

from __future__ import annotations

from sqlalchemy import select, update

from redactor.access import Actor, Permission
from redactor.service.base import Base
from redactor.service.states import DocumentState, move
from redactor.store.database import writing
from redactor.store.records import document, document_version, plan_version, release, release_link, review


class Retention:
    """Use cases around the end of data."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def destroy_document(self, actor: Actor, document_id: str) -> int:
        """Destroy every key of a document: uploads, readings, plans, copies. Returns how many blobs ended.

        What stays: the audit chain, digests and numbers. Links to its copies stop at once.
        """
        case = self._base.row(document, document_id, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_DESTROY, case, subject=document_id) as connection:
            versions = connection.execute(
                select(document_version).where(
                    document_version.c.document == document_id,
                    document_version.c.state != DocumentState.DESTROYED.value,
                )
            ).all()
            ids = [version.id for version in versions]
            reviews = select(review.c.id).where(review.c.version.in_(ids))
            copies = connection.execute(select(release).where(release.c.review.in_(reviews))).all()
            plans = connection.execute(
                select(plan_version.c.plan_blob).where(plan_version.c.review.in_(reviews))
            ).scalars()
            doomed = {*plans, *(version.upload_blob for version in versions), *(v.read_blob for v in versions)}
            doomed |= {copy.file_blob for copy in copies} | {copy.certificate_blob for copy in copies}
            ended = sum(
                self._base.blobs.shred(connection, actor.organisation, blob_id) for blob_id in doomed if blob_id
            )
            now = self._base.clock.now()
            for version_id in ids:
                move(connection, document_version, version_id, DocumentState.DESTROYED, password=None)
            links = release_link.c.release.in_([copy.id for copy in copies])
            connection.execute(update(release_link).where(links).values(revoked_at=now))
            connection.execute(
                update(release).where(release.c.id.in_([copy.id for copy in copies])).values(password=None)
            )
            detail = {"blobs": ended}
            self._base.audit.append(
                connection, actor.organisation, actor.account, "document.destroy", document_id, case, detail
            )
        return ended

    def sweep(self) -> int:
        """Remove sealed bytes that no key can open; safe to run at any time. Returns how many were removed."""
        with writing(self._base.engine) as connection:
            return self._base.blobs.sweep(connection)
