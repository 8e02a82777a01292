"""What the worker does with each kind of job: long work first, then its whole effect in the one transaction
that ends the job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError

from redactor import sandbox, wire
from redactor.errors import ConverterFailed, FileAccess, MissingDependency, RedactorError, WebhookFailed
from redactor.jobs import SPARED_ATTEMPTS, Claim, JobKind, LeaseLost
from redactor.logs import logger
from redactor.model import Case, CopyMark, Detected, Document, Gate, Kind, Plan, Protected, Upload, digest_of
from redactor.policy import find_reader, load_profile
from redactor.ranges import ALL as WHOLE
from redactor.service import listed, ranges
from redactor.service.base import SYSTEM, Base, one
from redactor.service.cases import Cases
from redactor.service.corrections import Correction, corrected
from redactor.service.documents import Reading, reading_of, upload_of
from redactor.service.likeness import sketch
from redactor.service.likenesses import sketch_place
from redactor.service.listed import ListedWord
from redactor.service.machine import CopyOrder, Machine, Stage
from redactor.service.news import News
from redactor.service.reviews import Reviews
from redactor.service.series import SeriesKeys
from redactor.service.states import DocumentState, ReleaseState, ReviewState, State, follows, move
from redactor.service.wordlists import WordLists
from redactor.store.database import reading, writing
from redactor.store.records import document_version, release, review

# What may go away by itself; everything else is told to the person at once.
PASSING = (ConverterFailed, FileAccess, MissingDependency, WebhookFailed)
_FAILED: dict[JobKind, tuple[Any, State | None]] = {
    JobKind.READ: (document_version, DocumentState.FAILED),
    JobKind.RANGE: (document_version, DocumentState.FAILED),
    JobKind.JOIN: (document_version, DocumentState.FAILED),
    JobKind.PROPOSE: (review, ReviewState.FAILED),
    JobKind.WEIGH: (review, None),  # the review stands as it is and cannot be approved before it is weighed
    JobKind.RELEASE: (release, ReleaseState.FAILED),
}
_UNEXPECTED = RedactorError("Something went wrong inside the service; nothing was lost.")
_EXHAUSTED = RedactorError(
    "The work was begun several times and each time the worker ended before it was done.",
    next_step="Try again; if it happens again, split the document, or tell whoever looks after the service.",
)


class Processing:
    """Runs claimed jobs.

    Args:
        attempts: after this many a passing failure is final.
    """

    def __init__(self, base: Base, cases: Cases, reviews: Reviews, attempts: int) -> None:
        self._base, self._cases, self._reviews, self._attempts = base, cases, reviews, attempts
        self._news = News(base)
        self._series, self._ranges, self._lists = SeriesKeys(base), ranges.Ranges(base), WordLists(base)

    def run(self, claim: Claim, machine: Machine) -> None:
        """Do one job. Failures end in a typed state that the person sees; a lost lease has no effect at all."""
        log = logger().bind(job=claim.id, kind=claim.kind.value, attempt=claim.attempt)
        if claim.exhausted:
            self._failed(claim, _EXHAUSTED)
            log.error("job set aside")
            return
        try:
            with self._base.jobs.held(claim, lost=sandbox.end_all):
                self._work(claim, machine)
            log.info("job done")
        except LeaseLost:
            log.warning("job lost to another worker")
        except SQLAlchemyError as problem:
            # The records are away: the lease ends by itself, and another attempt follows.
            log.warning("records did not answer", error_type=type(problem).__name__)
        except PASSING as problem:
            self._put_back_or_fail(claim, problem)
            log.warning("job failed", slug=problem.slug)
        except RedactorError as problem:
            self._failed(claim, problem)
            log.warning("job failed", slug=problem.slug)
        except Exception as problem:
            # The type alone is logged: a message from a parser can hold document text.
            self._put_back_or_fail(claim, _UNEXPECTED)
            log.error("job broke", error_type=type(problem).__name__)

    def _work(self, claim: Claim, machine: Machine) -> None:
        def stage(stage: str, done: int = 0, total: int = 0) -> None:
            self._base.jobs.stage(claim, stage, done, total)

        match claim.kind:
            case JobKind.READ:
                self._read(claim, machine, stage)
            case JobKind.RANGE:
                self._read_range(claim, machine, stage)
            case JobKind.JOIN:
                self._join(claim, machine, stage)
            case JobKind.PROPOSE:
                self._propose(claim, machine, stage)
            case JobKind.WEIGH:
                self._weigh(claim, machine, stage)
            case JobKind.RELEASE:
                self._release(claim, machine, stage)
            case JobKind.TELL:
                self._news.send(claim)

    def _read(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row, name, content, password = upload_of(self._base, claim.organisation, claim.subject)
        upload = machine.admit(content, name, password, stage)
        wanted = self._ranges.wanted(upload)
        if not wanted:
            self._store_reading(claim, row, machine, machine.read(upload, WHOLE, stage), stage)
            return
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            values = {"kind": upload.kind.value, "pages": upload.pages}
            connection.execute(update(document_version).where(document_version.c.id == row.id).values(**values))
            self._ranges.split(connection, row, wanted)

    def _read_range(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row, _, content, password = upload_of(self._base, claim.organisation, claim.subject)
        wanted = self._ranges.find(claim.organisation, row.id, claim.part)
        sealed = None
        if wanted is not None and row.state == DocumentState.RECEIVED.value:  # else another range of it has failed
            upload = Upload(Kind(row.kind), digest_of(content), content, password, row.pages)
            part = machine.read(upload, wanted, stage)
            sealed = self._base.blobs.put(claim.organisation, row.case_id, ranges.PURPOSE, wire.dump(part))
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            if sealed is not None:
                self._ranges.keep(connection, row, claim.part, sealed)

    def _join(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row = self._base.row(document_version, claim.subject, claim.organisation)
        self._store_reading(claim, row, machine, self._ranges.joined(claim.organisation, row.id), stage)

    def _store_reading(self, claim: Claim, row: Any, machine: Machine, document: Document, stage: Stage) -> None:
        case, case_version = self._case(claim.organisation, row.case_id)
        words, words_version = self._words(claim.organisation, row.case_id)
        found = Reading(document, listed.apply(document, machine.find(document, case, stage), words, case))
        sample = wire.dump(sketch(document.text))
        sealed = self._base.blobs.put(claim.organisation, row.case_id, "reading", wire.dump(found))
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            values = {
                "kind": document.kind.value,
                "pages": document.pages,
                "read_blob": self._base.blobs.record(connection, sealed),
                "case_version": case_version,
                "words_version": words_version,
                "sketch": self._base.keys.seal(connection, claim.organisation, sample, sketch_place(row.id)),
            }
            move(connection, document_version, row.id, DocumentState.READ, **values)
            self._ranges.forget(connection, claim.organisation, row.id)
            waiting = (review.c.version == row.id) & (review.c.state == ReviewState.REQUESTED.value)
            for asked in connection.execute(select(review.c.id).where(waiting)).scalars().all():
                self._base.jobs.add(connection, claim.organisation, JobKind.PROPOSE, asked)
            detail = {"findings": len(found.detected.findings), "people": len(found.detected.people)}
            self._note(connection, claim, "document.read", row.id, row.case_id, **detail)

    def _propose(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row = self._base.row(review, claim.subject, claim.organisation)
        version = self._base.row(document_version, row.version, claim.organisation)
        case, case_version = self._case(claim.organisation, row.case_id)
        with reading(self._base.engine) as connection:
            found = reading_of(self._base, connection, claim.organisation, row.version)
            said = self._reviews.plans.corrections.of(connection, row.version)
        words, words_version = self._words(claim.organisation, row.case_id)
        sealed = None
        if (version.case_version, version.words_version) != (case_version, words_version):
            # the register or a list changed since: people and words may be known now
            again = machine.find(found.document, case, stage)
            found = Reading(found.document, listed.apply(found.document, again, words, case))
            sealed = self._base.blobs.put(claim.organisation, row.case_id, "reading", wire.dump(found))
        stage("deciding", 0, version.pages)
        plan = self._own(row, found, said, case, machine)
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            if sealed is not None:
                versions = {"case_version": case_version, "words_version": words_version}
                values = {"read_blob": self._base.blobs.record(connection, sealed), **versions}
                connection.execute(update(document_version).where(document_version.c.id == version.id).values(**values))
                # the reading before is of no more use, and nothing would ever destroy it
                self._base.blobs.shred(connection, claim.organisation, version.read_blob)
            made = self._reviews.plans.store(connection, row, plan, "propose", len(plan.decisions), SYSTEM, fresh=True)
            joined, carried_over = self._reviews.plans.carried(connection, row, plan, found.document)
            if carried_over:  # a step of its own, so that it can be undone
                made = self._reviews.plans.store(connection, row, joined, "carry", carried_over, SYSTEM, parent=made)
            known = max((each.at for each in said), default=None)
            move(connection, review, row.id, ReviewState.PROPOSED, head=made, weighed_at=known)
            detail = {"number": made, "decisions": len(plan.decisions), "carried": carried_over}
            self._note(connection, claim, "review.propose", row.id, row.case_id, **detail)

    def _own(self, row: Any, found: Reading, said: Sequence[Correction], case: Case, machine: Machine) -> Plan:
        """Return what the profile would do with what was found, as people said that it is."""
        series = self._series.carry_on(row.organisation, row.case_id, found.document, found.detected, case)
        known, reader = corrected(found.detected, said), find_reader(case, row.reader)

        def make(detected: Detected) -> Plan:
            return machine.plan(found.document, detected, row.profile, case, reader, series)

        return listed.planned(known, make)

    def _words(self, organisation: str, case: str) -> tuple[tuple[ListedWord, ...], int]:
        with reading(self._base.engine) as connection:
            return self._lists.present(connection, organisation, case)

    def _weigh(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row = self._base.row(review, claim.subject, claim.organisation)
        case, _ = self._case(claim.organisation, row.case_id)
        with reading(self._base.engine) as connection:
            found = reading_of(self._base, connection, claim.organisation, row.version)
            said = self._reviews.plans.corrections.of(connection, row.version)
        stage("deciding")
        own = self._own(row, found, said, case, machine)
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            mine = (review.c.id == row.id) & (review.c.organisation == row.organisation)
            newest = connection.execute(select(review).where(mine).with_for_update()).one()
            count = self._reviews.plans.weigh(connection, newest, own, said)
            self._note(connection, claim, "review.weigh", row.id, row.case_id, count=count)

    def _release(self, claim: Claim, machine: Machine, stage: Stage) -> None:
        row = self._base.row(release, claim.subject, claim.organisation)
        order = self._order(row)
        stage("redacting", 0, order.document.pages)
        copy = machine.release(order, stage)
        file = self._base.blobs.put(claim.organisation, row.case_id, "copy", copy.content)
        proof = self._base.blobs.put(claim.organisation, row.case_id, "certificate", wire.dump(copy.certificate))
        with writing(self._base.engine) as connection:
            self._base.jobs.finish(connection, claim)
            values = {
                "file_blob": self._base.blobs.record(connection, file),
                "certificate_blob": self._base.blobs.record(connection, proof),
                "file_digest": copy.digest,
            }
            move(connection, release, row.id, ReleaseState.READY, **values)
            move(connection, review, row.review, ReviewState.RELEASED)
            self._note_copy(connection, claim, row, copy)

    def _order(self, row: Any) -> CopyOrder:
        organisation = row.organisation
        with reading(self._base.engine) as connection:
            of = one(connection, review, row.review, organisation)
            version = one(connection, document_version, of.version, organisation)
            plan = self._reviews.plans.of(connection, of, row.plan_number)
            found = self._reviews.plans.reading(connection, of)
            content, _ = self._cases.content(connection, organisation, row.case_id)
            gate = wire.load(
                Gate, self._base.keys.open(connection, organisation, row.gate, f"release.gate|{row.id}").decode()
            )
            secret = self._base.keys.open(connection, organisation, row.password, f"release.password|{row.id}")
        _, _, upload, password = upload_of(self._base, organisation, version.id)
        reader = find_reader(content.file, of.reader)
        return CopyOrder(
            Kind(version.kind),
            upload,
            found.document,
            found.detected,
            replace(plan, version=row.plan_number),
            of.profile,
            content.file,
            reader,
            self._mark(row, of.profile, content.file, reader.name),
            gate,
            password,
            secret.decode(),
        )

    def _mark(self, row: Any, profile: str, case: Case, reader_name: str) -> CopyMark:
        marks = load_profile(profile).marks
        return CopyMark(
            reader_name=reader_name if marks.watermark else "",
            copy_number=str(row.copy_number),
            date=row.created_at.date().isoformat(),
            classification=marks.classification,
            reference=case.reference,
            draft=False,
            watermark=marks.watermark,
            fingerprint=row.fingerprint if marks.watermark else None,
        )

    def _case(self, organisation: str, case: str) -> tuple[Case, int]:
        with reading(self._base.engine) as connection:
            content, version = self._cases.content(connection, organisation, case)
        return content.file, version

    def _put_back_or_fail(self, claim: Claim, problem: RedactorError) -> None:
        away = isinstance(problem, FileAccess) and claim.spared < SPARED_ATTEMPTS
        if away or claim.failures + 1 < self._attempts:
            self._base.jobs.put_back(claim, spare=away)
        else:
            self._failed(claim, problem)

    def _failed(self, claim: Claim, problem: RedactorError) -> None:
        try:
            with writing(self._base.engine) as connection:
                self._base.jobs.fail(connection, claim, problem.slug)
                if claim.kind is JobKind.TELL:  # nothing waits for it; the figures count it
                    return
                table, state = _FAILED[claim.kind]
                row = one(connection, table, claim.subject, claim.organisation)
                told = {"failure": problem.slug, "failure_text": problem.message, "next_step": problem.next_step}
                if state is not None:
                    if not follows(row.state, state):  # another range of it has failed, or it was destroyed meanwhile
                        return
                    move(connection, table, claim.subject, state, **told)
                case = row.case_id
                self._said(connection, claim, "job.failed", claim.subject, case, {"slug": problem.slug})
        except LeaseLost:
            logger().warning("job lost to another worker", job=claim.id)

    def _note_copy(self, connection: Connection, claim: Claim, row: Any, copy: Protected) -> None:
        detail: dict[str, str | int] = {"copy": row.copy_number, "file": copy.digest, "signed": copy.signed}
        self._said(connection, claim, "release.ready", row.id, row.case_id, detail)

    def _note(self, connection: Connection, claim: Claim, action: str, subject: str, case: str, **detail: int) -> None:
        self._said(connection, claim, action, subject, case, detail)

    def _said(
        self, connection: Connection, claim: Claim, action: str, subject: str, case: str, detail: dict[str, Any]
    ) -> None:
        """Put what was done on the record, and have it told where somebody is to be told."""
        number = self._base.audit.append(connection, claim.organisation, SYSTEM, action, subject, case, detail)
        self._news.add(connection, claim.organisation, number)
