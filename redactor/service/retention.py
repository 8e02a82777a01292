"""The end of data: what is due is destroyed with its keys (crypto-shred), and each destruction is certified.

The sealed bytes are removed by the sweep; without their key they are noise wherever copies lie. A backup of before
still holds the keys: the register of certificates lets a restore destroy again what was destroyed since.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from redactor import wire
from redactor.access import Actor, Permission
from redactor.errors import BadArguments, Conflict, NotCleared
from redactor.model import Case
from redactor.policy.retention import load_retention
from redactor.service.base import SYSTEM, Base, one
from redactor.service.cases import CaseContent
from redactor.service.ranges import Ranges
from redactor.service.states import DocumentState, ReleaseState, move
from redactor.store.audit import Certificate
from redactor.store.database import reading, writing
from redactor.store.meetings import meeting, meeting_action, signature
from redactor.store.records import (
    audit_head,
    case_file,
    document,
    document_version,
    organisation,
    plan_version,
    release,
    release_link,
    review,
)
from redactor.store.reviewing import review_comment, word_list
from redactor.store.rights import printed_copy

BY_PERSON, BY_RULE, REVOKED = "document.destroy", "retention.destroy", "release.revoke"
DESTROYING = (BY_PERSON, BY_RULE, REVOKED)
_GONE = "Destroyed"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose time has come.

    Args:
        what: "case", "copy" or "upload".
        subject: id of the case, release or document.
        rule: retention class and trigger, such as "standard.case_closed".
        since: when the trigger happened.
    """

    what: str
    subject: str
    organisation: str
    case: str
    rule: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    destroyed: tuple[Due, ...]
    removed: int
    certified: int


class Retention:
    """Use cases around the end of data."""

    def __init__(self, base: Base) -> None:
        self._base, self._ranges = base, Ranges(base)

    def set_class(self, actor: Actor, case: str, name: str) -> None:
        """Put a case into a retention class."""
        if name not in load_retention().classes:
            raise BadArguments(
                f"There is no retention class '{name}'.",
                next_step=f"Choose from {', '.join(load_retention().classes)}.",
            )
        with self._base.act(actor, Permission.DOCUMENT_DESTROY, case) as connection:
            connection.execute(update(case_file).where(case_file.c.id == case).values(retention=name))
            self._note(connection, actor.organisation, actor.account, "retention.class", case, case, rule=name)

    def hold(self, actor: Actor, case: str, held: bool) -> None:
        """Hold a case for an inquiry or a court, so that nothing of it is destroyed; or lift the hold."""
        with self._base.act(actor, Permission.DOCUMENT_DESTROY, case) as connection:
            self._set_held(connection, actor.organisation, actor.account, case, held)

    def hold_by_order(self, case: str, held: bool) -> None:
        """Hold a case from the command line, for whoever looks after the service and was served the order."""
        with writing(self._base.engine) as connection:
            of = connection.execute(select(case_file.c.organisation).where(case_file.c.id == case)).scalar_one_or_none()
            if of is None:
                raise BadArguments("There is no case with this identifier.", next_step="Copy it from the case's page.")
            self._set_held(connection, of, SYSTEM, case, held)

    def destroy_document(self, actor: Actor, document_id: str) -> int:
        """Destroy every key of a document: uploads, readings, plans, copies. Returns how many blobs ended.

        What stays: the audit chain, digests and numbers. Links to its copies stop at once.

        Raises:
            NotCleared: if the case is held.
        """
        case = self._base.row(document, document_id, actor.organisation).case_id
        with self._base.act(actor, Permission.DOCUMENT_DESTROY, case, subject=document_id) as connection:
            if one(connection, case_file, case, actor.organisation).held_at is not None:
                raise NotCleared("The case is held for an inquiry or a court.", next_step="Have the hold lifted first.")
            ended = self._end_document(connection, actor.organisation, document_id)
            self._note(connection, actor.organisation, actor.account, BY_PERSON, document_id, case, blobs=ended)
        return ended

    def due(self) -> tuple[Due, ...]:
        """Return everything whose time has come, of every organisation, held cases left out."""
        now, found = self._base.clock.now(), []
        with reading(self._base.engine) as connection:
            for name, kept in load_retention().classes.items():
                mine = (case_file.c.retention == name) & case_file.c.held_at.is_(None)
                for trigger, query in _TRIGGERS.items():
                    before = now - kept.after(trigger)
                    rows = connection.execute(query.where(mine)).all()
                    found += [
                        Due(_KINDS[trigger], row.id, row.organisation, row.case_id, f"{name}.{trigger}", row.since)
                        for row in rows
                        if row.since <= before
                    ]
        return tuple(found)

    def sweep(self) -> Swept:
        """Destroy what is due, certify it, and remove sealed bytes that no key can open; safe to run at any time."""
        done = []
        for item in self.due():
            with writing(self._base.engine) as connection:
                if one(connection, case_file, item.case, item.organisation).held_at is not None:
                    continue  # the hold came while the sweep ran
                blobs = self._end(connection, item.what, item.organisation, item.subject)
                detail: dict[str, str | int] = {"what": item.what, "rule": item.rule, "blobs": blobs}
                self._note(connection, item.organisation, SYSTEM, BY_RULE, item.subject, item.case, **detail)
            done.append(item)
        certified = self.write_register()
        with writing(self._base.engine) as connection:
            removed = self._base.blobs.sweep(connection)
        return Swept(tuple(done), removed, certified)

    def write_register(self) -> int:
        """Append a certificate for every destruction that the register does not have yet; return how many."""
        path, fresh = self._base.settings.destroyed_file, list[Certificate]()
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        newest: dict[str, int] = {}
        for line in filter(str.strip, known.splitlines()):
            fields = Certificate.from_json(line).fields
            newest[fields["organisation"]] = max(newest.get(fields["organisation"], 0), int(fields["number"]))
        with reading(self._base.engine) as connection:
            for name in connection.execute(select(organisation.c.id)).scalars().all():
                fresh += self._base.audit.certificates(connection, name, DESTROYING, newest.get(name, 0))
        if fresh:
            with path.open("a", encoding="utf-8") as file:
                file.writelines(certificate.as_json() + "\n" for certificate in fresh)
                file.flush()
                os.fsync(file.fileno())
        return len(fresh)

    def destroy_again(self, untrusted_register: str) -> int:
        """Destroy what a register names, after a restore; return how many things were there and ended.

        Raises:
            BadArguments: if a line is not a certificate that one of the organisations here signed.
        """
        certificates = [_genuine(line) for line in filter(str.strip, untrusted_register.splitlines())]
        with reading(self._base.engine) as connection:
            signers = dict(connection.execute(select(audit_head.c.organisation, audit_head.c.public_key)).all())
        ended = 0
        for certificate in certificates:
            fields = certificate.fields
            if signers.get(fields["organisation"]) != certificate.public_key:
                raise BadArguments("The register of destroyed items is of another service.")
            ended += self._again(fields)
        return ended

    def _again(self, fields: Mapping[str, str]) -> bool:
        of, subject, case = fields["organisation"], fields["subject"], fields["case_id"]
        what = {BY_PERSON: "document", REVOKED: "copy"}.get(fields["action"]) or _what_of(fields["detail"])
        with writing(self._base.engine) as connection:
            try:
                blobs = self._end(connection, what, of, subject)
            except Conflict:
                return False
            if blobs:
                self._note(connection, of, SYSTEM, BY_RULE, subject, case, what=what, rule="restore", blobs=blobs)
        return blobs > 0

    def _end(self, connection: Connection, what: str, of: str, subject: str) -> int:
        match what:
            case "case":
                return self._end_case(connection, of, subject)
            case "copy":
                return self._end_copy(connection, of, subject)
            case _:
                return self._end_document(connection, of, subject)

    def _end_case(self, connection: Connection, of: str, case: str) -> int:
        documents = select(document.c.id).where(document.c.case_id == case, document.c.organisation == of)
        ended = sum(self._end_document(connection, of, each) for each in connection.execute(documents).scalars().all())
        content = self._base.keys.seal(
            connection, of, wire.dump(CaseContent(_GONE, Case())), f"case_file.content|{case}"
        )
        for table in (meeting_action, signature, meeting, word_list):
            connection.execute(delete(table).where(table.c.case_id == case, table.c.organisation == of))
        values = {"content": content, "series": None, "destroyed_at": self._base.clock.now()}
        connection.execute(
            update(case_file).where(case_file.c.id == case, case_file.c.organisation == of).values(**values)
        )
        return ended

    def _end_document(self, connection: Connection, of: str, document_id: str) -> int:
        live = document_version.c.state != DocumentState.DESTROYED.value
        this = (document_version.c.document == document_id) & (document_version.c.organisation == of)
        versions = connection.execute(select(document_version).where(this, live)).all()
        reviews = select(review.c.id).where(review.c.version.in_([version.id for version in versions]))
        copies = connection.execute(select(release).where(release.c.review.in_(reviews))).all()
        plans = select(plan_version.c.plan_blob).where(plan_version.c.review.in_(reviews))
        doomed = {*connection.execute(plans).scalars(), *(version.upload_blob for version in versions)}
        doomed |= {version.read_blob for version in versions} | {copy.file_blob for copy in copies}
        doomed |= {copy.certificate_blob for copy in copies}
        ended = sum(self._base.blobs.shred(connection, of, blob_id) for blob_id in doomed if blob_id)
        for version in versions:
            ended += self._ranges.forget(connection, of, version.id)
            move(connection, document_version, version.id, DocumentState.DESTROYED, password=None, sketch=None)
        name = self._base.keys.seal(connection, of, _GONE, f"document.name|{document_id}")
        connection.execute(update(document).where(document.c.id == document_id).values(name=name))
        connection.execute(delete(review_comment).where(review_comment.c.review.in_(reviews)))
        self._close_links(connection, [copy.id for copy in copies])
        printed = printed_copy.c.release.in_([copy.id for copy in copies])
        connection.execute(update(printed_copy).where(printed).values(holder=None))
        return ended

    def _end_copy(self, connection: Connection, of: str, release_id: str) -> int:
        row = one(connection, release, release_id, of)
        if row.state != ReleaseState.REVOKED.value:
            move(connection, release, release_id, ReleaseState.REVOKED, revoked_at=self._base.clock.now())
        self._close_links(connection, [release_id])
        return int(row.file_blob is not None and self._base.blobs.shred(connection, of, row.file_blob))

    def _close_links(self, connection: Connection, releases: Iterable[str]) -> None:
        ids = list(releases)
        open_links = release_link.c.release.in_(ids) & release_link.c.revoked_at.is_(None)
        connection.execute(update(release_link).where(open_links).values(revoked_at=self._base.clock.now()))
        connection.execute(update(release).where(release.c.id.in_(ids)).values(password=None))

    def _set_held(self, connection: Connection, of: str, who: str, case: str, held: bool) -> None:
        at = self._base.clock.now() if held else None
        connection.execute(update(case_file).where(case_file.c.id == case).values(held_at=at))
        self._note(connection, of, who, "retention.hold" if held else "retention.lift", case, case)

    def _note(
        self, connection: Connection, of: str, who: str, action: str, subject: str, case: str, **detail: str | int
    ) -> None:
        self._base.audit.append(connection, of, who, action, subject, case, detail)


_CASES = (
    select(
        case_file.c.id,
        case_file.c.organisation,
        case_file.c.id.label("case_id"),
        case_file.c.closed_at.label("since"),
    )
    .where(case_file.c.closed_at.is_not(None), case_file.c.destroyed_at.is_(None))
)  # fmt: skip
_COPIES = (
    select(release.c.id, release.c.organisation, release.c.case_id, release.c.expires_at.label("since"))
    .join(case_file, case_file.c.id == release.c.case_id)
    .where(release.c.state == ReleaseState.READY.value)
)
_UPLOADS = (
    select(
        document_version.c.document.label("id"),
        document_version.c.organisation,
        document_version.c.case_id,
        document_version.c.created_at.label("since"),
    )
    .join(case_file, case_file.c.id == document_version.c.case_id)
    .where(document_version.c.state == DocumentState.FAILED.value)
)
_TRIGGERS = {"link_ended": _COPIES, "upload_failed": _UPLOADS, "case_closed": _CASES}
_KINDS = {"case_closed": "case", "link_ended": "copy", "upload_failed": "upload"}


def _genuine(line: str) -> Certificate:
    try:
        certificate = Certificate.from_json(line)
    except ValueError:
        certificate = None
    if certificate is None or not certificate.genuine() or certificate.fields["action"] not in DESTROYING:
        raise BadArguments("The register of destroyed items holds a line that is not a genuine certificate.")
    return certificate


def _what_of(detail: str) -> str:
    return str(json.loads(detail).get("what", "document"))
