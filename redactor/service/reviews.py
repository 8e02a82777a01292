"""Reviews: one for each version of a document and each reader. A plan is never edited; a change makes a new version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from redactor.access import Actor, Permission
from redactor.errors import AccessRefused, BadArguments, Conflict, NotCleared
from redactor.jobs import JobKind, Progress
from redactor.model import Case, Detected, Digest, Document, Plan, Reader, Span
from redactor.policy import find_reader, load_profile
from redactor.service import amendments
from redactor.service.base import STOPPED, Base, one
from redactor.service.cases import Cases
from redactor.service.changes import ReviewChange, Where
from redactor.service.plans import Plans, Step
from redactor.service.series import SeriesKeys
from redactor.service.states import DocumentState, ReviewState, move
from redactor.service.wording import wording_for
from redactor.store.records import document_version, new_id, plan_version, review


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """A review in a list."""

    id: str
    case: str
    version: str
    reader: str
    profile: str
    state: ReviewState
    failure: str
    next_step: str
    undecided: int
    head: int
    requested_by: str
    completed_by: str | None
    approved_by: str | None
    created_at: datetime
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """All that the review page shows. ``head`` goes back with every change."""

    summary: ReviewSummary
    head: int
    plan: Plan
    document: Document
    detected: Detected
    case: Case
    reader: Reader
    history: tuple[Step, ...]
    can_undo: bool
    can_redo: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a change: the new head, how many places each change touched, what is still undecided."""

    head: int
    counts: tuple[int, ...]
    undecided: int


class Reviews:
    """Use cases around reviews."""

    def __init__(self, base: Base, cases: Cases) -> None:
        self._base, self._cases, self.plans = base, cases, Plans(base)

    def request(self, actor: Actor, version: str, reader: str, profile: str) -> str:
        """Ask for a proposal for one reader and return the review's id.

        Args:
            version: id of a document's version; it need not be read yet.
            reader: key of one of the case's readers, id of a person of the case, or ``unknown``.
            profile: name of a profile.

        Raises:
            InvalidDefinition: if there is no such reader or profile.
        """
        load_profile(profile)
        row = self._base.row(document_version, version, actor.organisation)
        with self._base.act(actor, Permission.REVIEW_REQUEST, row.case_id, subject=version) as connection:
            content, _ = self._cases.content(connection, actor.organisation, row.case_id)
            find_reader(content.file, reader)
            made = new_id()
            connection.execute(
                insert(review).values(
                    id=made,
                    organisation=actor.organisation,
                    case_id=row.case_id,
                    version=version,
                    reader=reader,
                    profile=profile,
                    state=ReviewState.REQUESTED.value,
                    failure="",
                    failure_text="",
                    next_step="",
                    head=0,
                    requested_by=actor.account,
                    created_at=self._base.clock.now(),
                )
            )
            state = one(connection, document_version, version, actor.organisation).state
            if state == DocumentState.READ.value:  # otherwise the reading's own job asks for it when it is done
                self._base.jobs.add(connection, actor.organisation, JobKind.PROPOSE, made)
            self._note(connection, actor, "review.request", made, row.case_id, {"profile": profile})
        return made

    def propose_again(self, actor: Actor, review_id: str) -> None:
        """Make a fresh proposal, after the register changed or a failure; earlier versions stay in the history."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.act(actor, Permission.REVIEW_REQUEST, row.case_id, subject=review_id) as connection:
            cleared = {"failure": "", "failure_text": "", "next_step": ""}
            move(connection, review, review_id, ReviewState.REQUESTED, **cleared)
            self._base.jobs.add(connection, actor.organisation, JobKind.PROPOSE, review_id)
            self._note(connection, actor, "review.propose_again", review_id, row.case_id)

    def stop(self, actor: Actor, review_id: str) -> None:
        """Stop the making of a proposal; it can be asked for again. Raises Conflict if it has ended already."""
        row = self._base.row(review, review_id, actor.organisation)
        with self._base.act(actor, Permission.REVIEW_REQUEST, row.case_id, subject=review_id) as connection:
            self._base.jobs.stop(connection, review_id)
            move(connection, review, review_id, ReviewState.FAILED, **STOPPED)
            self._note(connection, actor, "review.stop", review_id, row.case_id)

    def list(self, actor: Actor, case: str, *, version: str | None = None) -> tuple[ReviewSummary, ...]:
        """Return the reviews of a case, or of one version, newest first."""
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            query = select(review).where(review.c.case_id == case, review.c.organisation == actor.organisation)
            if version is not None:
                query = query.where(review.c.version == version)
            rows = connection.execute(query.order_by(review.c.created_at.desc())).all()
            return tuple(self._summary(connection, row) for row in rows)

    def summary(self, actor: Actor, review_id: str) -> ReviewSummary:
        """Return where a review stands, without opening the document."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            return self._summary(connection, one(connection, review, review_id, actor.organisation))

    def open(self, actor: Actor, review_id: str) -> ReviewView:
        """Return document, findings and plan of a review; the look goes on the record.

        Raises:
            Conflict: if there is no proposal yet.
        """
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_READ, case, subject=review_id) as connection:
            row = one(connection, review, review_id, actor.organisation)
            plan = self.plans.of(connection, row, row.head)
            found = self.plans.reading(connection, row)
            content, _ = self._cases.content(connection, actor.organisation, case)
            history = self.plans.history(connection, review_id)
            self._note(connection, actor, "review.view", review_id, case, {"number": row.head})
            reader = find_reader(content.file, row.reader)
            summary = self._summary(connection, row)
        parents = {step.number: step.parent for step in history}
        return ReviewView(
            summary,
            row.head,
            plan,
            found.document,
            found.detected,
            content.file,
            reader,
            history,
            can_undo=parents.get(row.head, 0) != 0,
            can_redo=row.head in parents.values(),
        )

    def count(self, actor: Actor, review_id: str, where: Where) -> int:
        """Return how many decisions a bulk change would touch."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            row = one(connection, review, review_id, actor.organisation)
            found = self.plans.reading(connection, row)
            return len(amendments.matching(self.plans.of(connection, row, row.head), found.document, where))

    def amend(self, actor: Actor, review_id: str, head: int, changes: Sequence[ReviewChange]) -> Saved:
        """Make changes; a new version of the plan is stored.

        Args:
            head: the version that the reviewer was looking at. Where a colleague saved meanwhile, the changes are
                carried over to the newer version.

        Raises:
            Conflict: if the colleague touched the same places; nothing was saved.
            BadArguments: if something would be hidden without a reason.
        """
        if not changes:
            raise BadArguments("There is nothing to change.")
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_AMEND, case, subject=review_id) as connection:
            row = self.plans.locked(connection, review_id, actor.organisation)
            found = self.plans.reading(connection, row)
            content, _ = self._cases.content(connection, actor.organisation, case)
            series = SeriesKeys(self._base).present(connection, actor.organisation, case)
            words = wording_for(found.document, found.detected, content.file, row.profile, series)
            newest = self.plans.of(connection, row, row.head)
            theirs: tuple[Span, ...] = ()
            if head != row.head:
                seen = self.plans.of(connection, row, head)
                meant = amendments.apply(seen, found.document, changes, actor.account, words)
                theirs = amendments.touched(seen, newest)
                amendments.require_apart(amendments.touched(seen, meant.plan), theirs)
            amended = amendments.apply(newest, found.document, changes, actor.account, words)
            amendments.require_apart(amendments.touched(newest, amended.plan), theirs)
            step = type(changes[0]).__name__.lower() if len(changes) == 1 else "several"
            total = sum(amended.counts)
            made = self.plans.store(connection, row, amended.plan, step, total, actor.account)
            move(connection, review, review_id, ReviewState.IN_REVIEW, completed_by=None, head=made)
            self._note(connection, actor, "review.amend", review_id, case, {"number": made, "count": total})
        return Saved(made, amended.counts, amendments.undecided(amended.plan))

    def undo(self, actor: Actor, review_id: str, head: int) -> int:
        """Go back one version and return its number; the later one stays and can be redone. Raises Conflict."""
        return self._turn(actor, review_id, head, "review.undo", self.plans.parent)

    def redo(self, actor: Actor, review_id: str, head: int) -> int:
        """Go forward to the newest version made from this one and return its number. Raises Conflict."""
        return self._turn(actor, review_id, head, "review.redo", self.plans.child)

    def complete(self, actor: Actor, review_id: str, head: int) -> None:
        """Hand the review over for approval.

        Raises:
            NotCleared: if anything still waits for a person's decision.
            Conflict: if somebody else saved meanwhile.
        """
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_AMEND, case, subject=review_id) as connection:
            row = self.plans.locked(connection, review_id, actor.organisation)
            self.require_head(row, head)
            self.require_weighed(connection, row)
            plan = self.plans.of(connection, row, head)
            if left := amendments.undecided(plan):
                raise NotCleared(
                    f"{left} places still wait for a decision.", next_step="Filter by 'undecided' and decide on each."
                )
            plan = replace(plan, reviewed_by=actor.account)
            made = self.plans.store(connection, row, plan, "complete", 0, actor.account)
            move(connection, review, review_id, ReviewState.REVIEWED, completed_by=actor.account, head=made)
            self._note(connection, actor, "review.complete", review_id, case, {"number": made})

    def send_back(self, actor: Actor, review_id: str) -> None:
        """Open a completed or approved review again, for changes."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_AMEND, case, subject=review_id) as connection:
            row = one(connection, review, review_id, actor.organisation)
            if row.state not in (ReviewState.REVIEWED.value, ReviewState.APPROVED.value):
                raise Conflict("Only a completed review can be sent back.")
            plan = replace(self.plans.of(connection, row, row.head), reviewed_by=None, approved_by=None)
            made = self.plans.store(connection, row, plan, "send_back", 0, actor.account)
            cleared = {"completed_by": None, "approved_by": None, "approved_digest": None, "head": made}
            move(connection, review, review_id, ReviewState.IN_REVIEW, **cleared)
            if self.plans.corrections.pending(connection, row):
                self._base.jobs.add(connection, actor.organisation, JobKind.WEIGH, review_id)
            self._note(connection, actor, "review.send_back", review_id, case, {"number": made})

    def approve(self, actor: Actor, review_id: str, digest: Digest) -> None:
        """Approve the plan as a second person (ASVS 2.3.5).

        Args:
            digest: of the plan that the approver was looking at.

        Raises:
            AccessRefused: if the actor changed or completed any version of this review.
            Conflict: if the plan is another one by now.
        """
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_APPROVE, case, subject=review_id) as connection:
            row = one(connection, review, review_id, actor.organisation)
            if actor.account in self.plans.hands(connection, review_id):
                raise AccessRefused(
                    "Your own work cannot be approved by you.", next_step="Ask a colleague on the case to approve it."
                )
            plan = self.plans.of(connection, row, row.head)
            if actor.account in {d.by for d in plan.decisions} | {s.by for s in plan.sections}:
                raise AccessRefused(
                    "The copy rests on decisions of yours.", next_step="Ask a colleague on the case to approve it."
                )
            self.require_weighed(connection, row)
            if plan.digest != digest:
                raise Conflict("The plan has changed since you looked at it.")
            plan = replace(plan, approved_by=actor.account)
            made = self.plans.store(connection, row, plan, "approve", 0, actor.account)
            values = {"approved_by": actor.account, "approved_digest": plan.digest, "head": made}
            move(connection, review, review_id, ReviewState.APPROVED, **values)
            self._note(connection, actor, "review.approve", review_id, case, {"number": made, "plan": plan.digest})

    @staticmethod
    def require_head(row: Row[Any], head: int) -> None:
        """Refuse a change to a version that is no longer the newest. Raises Conflict."""
        if row.head != head:
            raise Conflict("Somebody else saved a change meanwhile.")

    def require_weighed(self, connection: Connection, row: Row[Any]) -> None:
        """Refuse a plan that does not know what colleagues said of the same document meanwhile.

        Raises:
            Conflict: with the number of places.
        """
        if said := self.plans.corrections.pending(connection, row):
            raise Conflict(
                f"In another review of this document a colleague said what {said} places are; this plan does not know.",
                next_step="Wait a moment and load the page again. If it stays, send the review back.",
            )

    def _turn(self, actor: Actor, review_id: str, head: int, action: str, target: Any) -> int:
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_AMEND, case, subject=review_id) as connection:
            row = self.plans.locked(connection, review_id, actor.organisation)
            self.require_head(row, head)
            number = target(connection, review_id, head)
            if not number:
                raise Conflict("There is nothing further in this direction.", next_step="Make a change instead.")
            back = number < head
            if self.plans.corrections.turn(connection, review_id, head if back else number, holds=not back):
                self.plans.corrections.tell(connection, row)
            connection.execute(update(review).where(review.c.id == review_id).values(head=number))
            self._note(connection, actor, action, review_id, case, {"number": number})
        return int(number)

    def _summary(self, connection: Connection, row: Row[Any]) -> ReviewSummary:
        this = (plan_version.c.review == row.id) & (plan_version.c.number == row.head)
        left = connection.execute(select(plan_version.c.undecided).where(this)).scalar_one_or_none()
        return ReviewSummary(
            row.id,
            row.case_id,
            row.version,
            row.reader,
            row.profile,
            ReviewState(row.state),
            row.failure_text,
            row.next_step,
            left or 0,
            row.head,
            row.requested_by,
            row.completed_by,
            row.approved_by,
            row.created_at,
            self._base.jobs.progress(connection, row.id),
        )

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
