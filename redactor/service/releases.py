"""Releases: the numbered copy for one reader, its one-time links, what its recipient did, and its end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor import risk, wire
from redactor.access import Actor, Permission
from redactor.errors import AccessRefused, BadArguments, Conflict, NotFound
from redactor.jobs import JobKind, Progress
from redactor.model import Certificate, Gate
from redactor.policy import find_reader, load_profile
from redactor.service.base import NO_SUCH_THING, STOPPED, Base, digest, new_token, one
from redactor.service.cases import Cases
from redactor.service.codes import TAKEN_BACK, TAKEN_BACK_SUBJECT, code_digest, contact_place, new_spoken_code
from redactor.service.passwords import new_file_password
from redactor.service.post import Post, PostFailed, checked_address
from redactor.service.reviews import Reviews
from redactor.service.states import ReleaseState, ReviewState, move
from redactor.store.database import reading, writing
from redactor.store.records import new_id, release, release_link, review

FINGERPRINT_BITS = 32
DOWNLOADS_PER_LINK = 1
LONGEST_LINK_DAYS = 90


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One numbered copy in the register."""

    id: str
    case: str
    review: str
    state: ReleaseState
    failure: str
    next_step: str
    copy_number: int
    reader: str
    profile: str
    file_digest: str
    sent_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    password_waiting: bool
    downloads: int
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another reader's copy of the same document that is already out.

    Args:
        joined: what the two tell together; counts and kinds, no text.
    """

    reader: str
    profile: str
    joined: risk.Joined


@dataclass(frozen=True, slots=True)
class HandOver:
    """What goes to the recipient: the link's token, and the code to read out (empty where it is e-mailed)."""

    token: str
    code: str


class Releases:
    """Use cases of the sender; those of the recipient are in ``redactor.service.portal``."""

    def __init__(self, base: Base, cases: Cases, reviews: Reviews) -> None:
        self._base, self._cases, self._reviews, self._post = base, cases, reviews, Post(base.settings)

    @property
    def posts(self) -> bool:
        """Say whether codes can be e-mailed."""
        return self._post.ready

    def fingerprints(self) -> dict[str, int]:
        """Return the number that is coded into each copy of the register, by its release's id.

        For the person who looks after the machine; the answer names nobody.
        """
        with reading(self._base.engine) as connection:
            rows = connection.execute(select(release.c.id, release.c.fingerprint)).all()
        return {row.id: int(row.fingerprint) for row in rows}

    def check(self, actor: Actor, review_id: str, gate: Gate) -> None:
        """Say what still stands against sending this copy, before it is sent.

        Raises:
            NotCleared, HardStop, PreserveBroken: naming what is missing.
        """
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.RELEASE_SEND, case) as connection:
            self._require_clear(connection, one(connection, review, review_id, actor.organisation), gate)

    def send(self, actor: Actor, review_id: str, gate: Gate, *, days: int | None = None) -> str:
        """Order the sealed copy of an approved plan and return its id; the worker makes it.

        Args:
            gate: the release form.
            days: how long links to this copy work.

        Raises:
            NotCleared, HardStop, PreserveBroken: naming what is missing.
            Conflict: if the review is not approved.
        """
        days = self._base.settings.link_days if days is None else days
        if not 1 <= days <= LONGEST_LINK_DAYS:
            raise BadArguments(f"A copy can be fetched for 1 to {LONGEST_LINK_DAYS} days.")
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=review_id) as connection:
            row = one(connection, review, review_id, actor.organisation)
            plan_digest = self._require_clear(connection, row, gate)
            made, now, number = new_id(), self._base.clock.now(), self._next_number(connection, actor.organisation)
            connection.execute(
                insert(release).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=case,
                    review=review_id,
                    state=ReleaseState.ORDERED.value,
                    failure="",
                    failure_text="",
                    next_step="",
                    copy_number=number,
                    fingerprint=number % (1 << FINGERPRINT_BITS),
                    plan_digest=plan_digest,
                    plan_number=row.head,
                    gate=self._seal(connection, actor.organisation, wire.dump(gate), f"release.gate|{made}"),
                    password=self._seal(
                        connection, actor.organisation, new_file_password().encode(), f"release.password|{made}"
                    ),
                    password_taken=False,
                    file_digest="",
                    sent_by=actor.account,
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                )
            )
            self._base.jobs.add(connection, actor.organisation, JobKind.RELEASE, made)
            self._note(connection, actor, "release.order", made, case, {"copy": number, "plan": plan_digest})
        return made

    def beside(self, actor: Actor, review_id: str) -> tuple[Beside, ...]:
        """Compare a copy that is about to go out with the copies of the same document that other readers hold."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.RELEASE_SEND, case) as connection:
            mine = one(connection, review, review_id, actor.organisation)
            found, plan = (
                self._reviews.plans.reading(connection, mine),
                self._reviews.plans.of(connection, mine, mine.head),
            )
            out = (release.c.state == ReleaseState.READY.value) & (release.c.review == review.c.id)
            others = (review.c.version == mine.version) & (review.c.organisation == actor.organisation)
            query = select(review, release.c.plan_number).where(out & others & (review.c.id != review_id)).distinct()
            return tuple(
                Beside(
                    row.reader,
                    row.profile,
                    risk.join(
                        found.document,
                        found.detected,
                        plan,
                        self._reviews.plans.of(
                            connection, one(connection, review, row.id, row.organisation), row.plan_number
                        ),
                    ),
                )
                for row in connection.execute(query).all()
            )

    def risk(self, actor: Actor, review_id: str) -> risk.Risk:
        """Say what could still single somebody out in a copy, for its author and for who sends it."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            row = one(connection, review, review_id, actor.organisation)
            found = self._reviews.plans.reading(connection, row)
            return risk.assess(found.document, found.detected, self._reviews.plans.of(connection, row, row.head))

    def retry(self, actor: Actor, release_id: str) -> None:
        """Try again to make a copy that failed."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            move(connection, release, release_id, ReleaseState.ORDERED, failure="", failure_text="", next_step="")
            self._base.jobs.add(connection, actor.organisation, JobKind.RELEASE, release_id)
            self._note(connection, actor, "release.retry", release_id, case)

    def stop(self, actor: Actor, release_id: str) -> None:
        """Stop the making of a copy; it can be made again. Raises Conflict if it has ended already."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            self._base.jobs.stop(connection, release_id)
            move(connection, release, release_id, ReleaseState.FAILED, **STOPPED)
            self._note(connection, actor, "release.stop", release_id, case)

    def take_password(self, actor: Actor, release_id: str) -> str:
        """Return the file's password, once, to the person who sent it, to be told by another way than the link.

        Raises:
            AccessRefused: if somebody else asks.
            Conflict: if it was taken already or the copy is not ready.
        """
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            row = one(connection, release, release_id, actor.organisation)
            if row.sent_by != actor.account:
                raise AccessRefused("Only the sender sees the password.", next_step="Ask the sender to pass it on.")
            if row.state != ReleaseState.READY.value:
                raise Conflict("The copy is not ready.", next_step="Wait until it is.")
            # One statement decides who gets it, also when asked twice at once.
            untaken = (release.c.id == release_id) & release.c.password_taken.is_(False)
            if connection.execute(update(release).where(untaken).values(password_taken=True)).rowcount != 1:
                raise Conflict("The password was shown once already.", next_step="Revoke this copy and send another.")
            sealed = row.password
            password = self._base.keys.open(connection, actor.organisation, sealed, f"release.password|{release_id}")
            connection.execute(update(release).where(release.c.id == release_id).values(password=None))
            self._note(connection, actor, "release.password_shown", release_id, case)
            return password.decode()

    def hand_over(self, actor: Actor, release_id: str, email: str = "") -> HandOver:
        """Make a link that opens with a one-time code, both for one recipient.

        Args:
            email: where the code goes when the recipient comes; empty to read a code out by telephone.

        Raises:
            BadArguments: if it is no address, or the service has no mail server.
        """
        if email and not self._post.ready:
            raise BadArguments("The service has no mail server.", next_step="Read the code out by telephone instead.")
        address = checked_address(email) if email else ""
        token, code = self.link(actor, release_id), "" if email else new_spoken_code()
        with writing(self._base.engine) as connection:
            this = release_link.c.digest == digest(token)
            sealed = None
            if address:
                sealed = self._seal(connection, actor.organisation, address.encode(), contact_place(digest(token)))
            kept = {"code_digest": code_digest(token, code), "code_until": None} if code else {}
            by = "mail" if address else "spoken"
            connection.execute(update(release_link).where(this).values(code_by=by, contact=sealed, **kept))
        return HandOver(token, code)

    def link(self, actor: Actor, release_id: str) -> str:
        """Make a link for the recipient and return its token, shown once; one download, until the copy expires."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_SEND, case, subject=release_id) as connection:
            row = one(connection, release, release_id, actor.organisation)
            now = self._base.clock.now()
            if row.state != ReleaseState.READY.value or now >= row.expires_at:
                raise Conflict("The copy is not ready, or is no longer to be had.")
            token = new_token()
            connection.execute(
                insert(release_link).values(
                    digest=digest(token),
                    organisation=actor.organisation,
                    release=release_id,
                    made_by=actor.account,
                    created_at=now,
                    expires_at=row.expires_at,
                    downloads=0,
                    allowed=DOWNLOADS_PER_LINK,
                )
            )
            self._note(connection, actor, "release.link", release_id, case)
        return token

    def revoke(self, actor: Actor, release_id: str) -> int:
        """End a copy: its links stop at once and its file is destroyed here.

        Returns how many recipients were told by e-mail; a mail server that fails does not keep a copy alive.
        """
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.act(actor, Permission.RELEASE_REVOKE, case, subject=release_id) as connection:
            row, now = one(connection, release, release_id, actor.organisation), self._base.clock.now()
            move(connection, release, release_id, ReleaseState.REVOKED, revoked_at=now, password=None)
            of_this = (release_link.c.release == release_id) & release_link.c.revoked_at.is_(None)
            contacts = self._contacts(connection, actor.organisation, release_id)
            connection.execute(update(release_link).where(of_this).values(revoked_at=now, contact=None, opened=None))
            if row.file_blob is not None:
                self._base.blobs.shred(connection, actor.organisation, row.file_blob)
            self._note(connection, actor, "release.revoke", release_id, case, {"copy": row.copy_number})
        told = 0
        for contact in contacts:
            with suppress(PostFailed):
                self._post.send(contact, TAKEN_BACK_SUBJECT, TAKEN_BACK.format(number=row.copy_number))
                told += 1
        return told

    def _contacts(self, connection: Connection, organisation: str, release_id: str) -> list[str]:
        """Return where the recipients of a copy can be told of something, without doubles."""
        live = (release_link.c.release == release_id) & release_link.c.revoked_at.is_(None)
        known = live & release_link.c.contact.is_not(None)
        found = connection.execute(select(release_link.c.digest, release_link.c.contact).where(known)).all()
        return sorted(
            {self._base.keys.open(connection, organisation, r.contact, contact_place(r.digest)).decode() for r in found}
        )

    def register(self, actor: Actor, case: str) -> tuple[ReleaseView, ...]:
        """Return the copy register of a case, newest first."""
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            mine = (release.c.case_id == case) & (release.c.organisation == actor.organisation)
            rows = connection.execute(select(release).where(mine).order_by(release.c.copy_number.desc())).all()
            return tuple(self._view(connection, row) for row in rows)

    def open(self, actor: Actor, release_id: str) -> ReleaseView:
        """Return one copy."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            return self._view(connection, one(connection, release, release_id, actor.organisation))

    def certificate(self, actor: Actor, release_id: str) -> Certificate:
        """Return what was checked on the copy's bytes."""
        case = self._base.row(release, release_id, actor.organisation).case_id
        with self._base.look(actor, Permission.RELEASE_READ, case) as connection:
            row = one(connection, release, release_id, actor.organisation)
            if row.certificate_blob is None:
                raise NotFound(NO_SUCH_THING)
            return wire.load(Certificate, self._base.blobs.get(connection, actor.organisation, row.certificate_blob))

    def _require_clear(self, connection: Connection, row: Row[Any], gate: Gate) -> str:
        from redactor import decide  # loads Presidio's operators: only when a copy is sent

        if row.state not in (ReviewState.APPROVED.value, ReviewState.RELEASED.value):
            raise Conflict("The review is not approved.", next_step="Have a second person approve it first.")
        self._reviews.require_weighed(connection, row)
        plan = self._reviews.plans.of(connection, row, row.head)
        if plan.digest != row.approved_digest:
            raise Conflict("The plan is not the one that was approved.", next_step="Have it approved again.")
        found = self._reviews.plans.reading(connection, row)
        content, _ = self._cases.content(connection, row.organisation, row.case_id)
        reader = find_reader(content.file, row.reader)
        decide.check(plan, found.document, found.detected, load_profile(row.profile), content.file, reader, gate)
        return str(plan.digest)

    def _next_number(self, connection: Connection, organisation: str) -> int:
        newest = select(func.max(release.c.copy_number)).where(release.c.organisation == organisation)
        return int(connection.execute(newest).scalar_one() or 0) + 1

    def _view(self, connection: Connection, row: Row[Any]) -> ReleaseView:
        of = one(connection, review, row.review, row.organisation)
        fetched = select(func.sum(release_link.c.downloads)).where(release_link.c.release == row.id)
        return ReleaseView(
            row.id,
            row.case_id,
            row.review,
            ReleaseState(row.state),
            row.failure_text,
            row.next_step,
            row.copy_number,
            of.reader,
            of.profile,
            row.file_digest,
            row.sent_by,
            row.created_at,
            row.expires_at,
            row.revoked_at,
            row.password is not None and not row.password_taken,
            int(connection.execute(fetched).scalar_one() or 0),
            self._base.jobs.progress(connection, row.id),
        )

    def _seal(self, connection: Connection, organisation: str, content: bytes, place: str) -> bytes:
        return self._base.keys.seal(connection, organisation, content, place)

    def _note(
        self,
        connection: Connection,
        actor: Actor,
        action: str,
        subject: str,
        case: str,
        detail: dict[str, str | int] | None = None,
    ) -> None:
        self._base.audit.append(connection, actor.organisation, actor.account, action, subject, case, detail)
