"""The versions of a plan: each change makes a new one, and none is ever edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor import wire
from redactor.errors import Conflict, NotFound
from redactor.model import Document, Plan
from redactor.service import amendments, carrying
from redactor.service.base import SYSTEM, Base
from redactor.service.corrections import Correction, Corrections, corrected, weighed
from redactor.service.documents import Reading, reading_of
from redactor.service.states import ReviewState
from redactor.store.records import document_version, plan_version, review

OPEN_STATES = (ReviewState.PROPOSED, ReviewState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Step:
    """One version in the history of a plan. ``parent`` is 0 for the profile's own plan."""

    number: int
    parent: int
    step: str
    count: int
    undecided: int
    by: str
    at: datetime


class Plans:
    """Opens and stores the versions of plans, inside other use cases' transactions."""

    def __init__(self, base: Base) -> None:
        self._base, self.corrections = base, Corrections(base)

    def of(self, connection: Connection, row: Row[Any], number: int) -> Plan:
        """Return one version of a plan inside another use case's transaction. Raises Conflict if there is none."""
        version = connection.execute(
            select(plan_version).where(plan_version.c.review == row.id, plan_version.c.number == number)
        ).one_or_none()
        if version is None:
            raise Conflict("There is no such version of the plan.", next_step="Wait for the proposal, then load again.")
        blob_id = version.plan_blob
        self._base.blobs.require_kept(connection, row.organisation, blob_id)  # nothing destroyed is shown from memory
        found: Plan = self._base.plans.get(
            blob_id, lambda: wire.load(Plan, self._base.blobs.get(connection, row.organisation, blob_id))
        )
        return found

    def store(
        self,
        connection: Connection,
        row: Row[Any],
        plan: Plan,
        step: str,
        count: int,
        by: str,
        *,
        fresh: bool = False,
        parent: int | None = None,
    ) -> int:
        """Store a new version of a plan inside another use case's transaction and return its number.

        Args:
            fresh: the profile's own plan: nothing before it can be reached by undo.
            parent: the version before, where it is not the review's head.
        """
        newest = select(func.max(plan_version.c.number)).where(plan_version.c.review == row.id)
        number = int(connection.execute(newest).scalar_one() or 0) + 1
        plan = replace(plan, version=number)
        # Written inside the transaction: if that fails, the blob's key is lost and the sweep removes it.
        sealed = self._base.blobs.put(row.organisation, row.case_id, "plan", wire.dump(plan))
        connection.execute(
            insert(plan_version).values(
                review=row.id,
                number=number,
                organisation=row.organisation,
                parent=0 if fresh else row.head if parent is None else parent,
                step=step,
                count=count,
                undecided=amendments.undecided(plan),
                digest=plan.digest,
                plan_blob=self._base.blobs.record(connection, sealed),
                by=by,
                at=self._base.clock.now(),
            )
        )
        return number

    def carried(self, connection: Connection, row: Row[Any], plan: Plan, document: Document) -> tuple[Plan, int]:
        """Return a fresh plan with what people decided before, in this review or on an earlier version.

        The review of the newest earlier version of the same document for the same reader and kind of copy counts.
        """
        before = row if row.head else self._earlier(connection, row)
        if before is None:
            return plan, 0
        try:
            old = self.of(connection, before, before.head)
            text = document.text if old.document == plan.document else self.reading(connection, before).document.text
        except (Conflict, NotFound):  # destroyed meanwhile
            return plan, 0
        return carrying.carried(old, text, plan, document)

    def weigh(self, connection: Connection, row: Row[Any], own: Plan, said: Sequence[Correction]) -> int:
        """Take into a review's plan what was said of the document elsewhere; return how many places that changed.

        A review that was completed keeps its plan: where something would change, it has to be sent back first.

        Args:
            own: the profile's own plan for the findings as corrected.
        """
        plan, count = weighed(self.of(connection, row, row.head), own, said)
        values: dict[str, Any] = {"weighed_at": max((each.at for each in said), default=None)}
        if count and row.state not in OPEN_STATES:
            return 0
        if count:
            values["head"] = self.store(connection, row, plan, "weigh", count, SYSTEM)
        connection.execute(update(review).where(review.c.id == row.id).values(**values))
        return count

    def locked(self, connection: Connection, review_id: str, organisation: str) -> Row[Any]:
        """Return an open review for a change, in another use case's transaction. Raises Conflict."""
        mine = (review.c.id == review_id) & (review.c.organisation == organisation)
        row: Row[Any] = connection.execute(select(review).where(mine).with_for_update()).one()
        if row.state not in [state.value for state in OPEN_STATES]:
            raise Conflict("The review is not open for changes.", next_step="Send it back to review first.")
        return row

    @staticmethod
    def _earlier(connection: Connection, row: Row[Any]) -> Row[Any] | None:
        this = select(document_version.c.document).where(document_version.c.id == row.version).scalar_subquery()
        alike = (
            (review.c.organisation == row.organisation)
            & (review.c.reader == row.reader)
            & (review.c.profile == row.profile)
            & (review.c.head > 0)
            & (review.c.id != row.id)
        )
        found: Row[Any] | None = connection.execute(
            select(review)
            .join(document_version, document_version.c.id == review.c.version)
            .where(alike, document_version.c.document == this)
            .order_by(document_version.c.number.desc(), review.c.created_at.desc())
            .limit(1)
        ).one_or_none()
        return found

    def reading(self, connection: Connection, row: Row[Any]) -> Reading:
        """Return what was read of a review's document, as people said that it is, in another's transaction."""
        found = reading_of(self._base, connection, row.organisation, row.version)
        said = self.corrections.of(connection, row.version)
        return replace(found, detected=corrected(found.detected, said)) if said else found

    @staticmethod
    def parent(connection: Connection, review_id: str, head: int) -> int | None:
        """Return the version before, 0 for the profile's own, None where there is none."""
        this = (plan_version.c.review == review_id) & (plan_version.c.number == head)
        return connection.execute(select(plan_version.c.parent).where(this)).scalar_one_or_none()

    @staticmethod
    def child(connection: Connection, review_id: str, head: int) -> int | None:
        """Return the newest version made from this one."""
        of_this = (plan_version.c.review == review_id) & (plan_version.c.parent == head)
        return connection.execute(select(func.max(plan_version.c.number)).where(of_this)).scalar_one_or_none()

    def hands(self, connection: Connection, review_id: str) -> set[str]:
        """Return everybody who made a version of this review's plan."""
        made = (plan_version.c.review == review_id) & plan_version.c.step.not_in(
            ["propose", "carry", "weigh", "approve", "send_back"]
        )
        return set(connection.execute(select(plan_version.c.by).where(made)).scalars())

    def history(self, connection: Connection, review_id: str) -> tuple[Step, ...]:
        """Return every version, oldest first."""
        rows = connection.execute(
            select(plan_version).where(plan_version.c.review == review_id).order_by(plan_version.c.number)
        )
        return tuple(Step(r.number, r.parent, r.step, r._mapping["count"], r.undecided, r.by, r.at) for r in rows)
