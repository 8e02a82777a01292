"""Where a plan stands against what its profile demands, and against the copy that its reader holds already."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from redactor.access import Actor, Permission
from redactor.errors import Conflict, NotFound
from redactor.model import Span
from redactor.policy import find_reader, load_profile
from redactor.service.base import Base, one
from redactor.service.cases import Cases
from redactor.service.corrections import Correction
from redactor.service.deltas import Delta, delta
from redactor.service.reviews import Reviews
from redactor.service.states import ReleaseState
from redactor.store.records import document_version, release, review


@dataclass(frozen=True, slots=True)
class Stop:
    """A hard stop that the plan breaks, or for which a reference is recorded.

    Args:
        count: details that would be shown against it.
        reference: what allows it; empty while nothing is recorded.
        needs: what would allow it.
    """

    name: str
    words: str
    count: int
    needs: str
    reference: str


@dataclass(frozen=True, slots=True)
class Losses:
    """What the copy must keep and would lose, by kind."""

    words: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The copy that the same reader holds of the same document, and what differs from it."""

    copy_number: int
    sent_at: datetime
    version: int
    delta: Delta | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that speaks against a plan, and what people said of the document.

    Args:
        pending: places that colleagues spoke of in other reviews and that this plan does not know.
    """

    stops: tuple[Stop, ...]
    losses: tuple[Losses, ...]
    said: tuple[Correction, ...]
    before: Before | None
    pending: int

    @property
    def clear(self) -> bool:
        """Say whether nothing stands against it."""
        return not self.losses and not self.pending and all(stop.reference or not stop.count for stop in self.stops)


class Standings:
    """The use case of asking."""

    def __init__(self, base: Base, cases: Cases, reviews: Reviews) -> None:
        self._base, self._cases, self._reviews = base, cases, reviews

    def of(self, actor: Actor, review_id: str) -> Standing:
        """Say where a review's plan stands."""
        from redactor.decide import hard_stops, preserve  # loads Presidio's operators: only when somebody asks

        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            row, plans = one(connection, review, review_id, actor.organisation), self._reviews.plans
            found, plan = plans.reading(connection, row), plans.of(connection, row, row.head)
            content, _ = self._cases.content(connection, actor.organisation, case)
            profile, reader = load_profile(row.profile), find_reader(content.file, row.reader)
            broken = hard_stops.broken(plan, found.document, found.detected, profile, content.file, reader)
            settled = dict(plan.settled_stops)
            stops = tuple(
                Stop(
                    stop.value,
                    hard_stops.WORDS[stop],
                    broken.get(stop, 0),
                    hard_stops.REFERENCES[stop],
                    settled.get(stop.value, ""),
                )
                for stop in profile.hard_stops
                if broken.get(stop) or stop.value in settled
            )
            lost = preserve.losses(plan, found.document, found.detected, profile)
            kinds = Counter(loss.kind for loss in lost)
            losses = tuple(
                Losses(preserve.words_of(kind), tuple(loss.span for loss in lost if loss.kind == kind))
                for kind in kinds
            )
            said = tuple(each for each in plans.corrections.of(connection, row.version) if each.holds)
            pending = plans.corrections.pending(connection, row)
            return Standing(stops, losses, said, self._before(connection, row), pending)

    def pending(self, actor: Actor, review_id: str) -> int:
        """Return how many places colleagues spoke of in other reviews and that this plan does not know yet."""
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.look(actor, Permission.REVIEW_READ, case) as connection:
            row = one(connection, review, review_id, actor.organisation)
            return self._reviews.plans.corrections.pending(connection, row)

    def _before(self, connection: Connection, row: Row[Any]) -> Before | None:
        """Return the newest copy of the same document that went to the same reader."""
        this = select(document_version.c.document).where(document_version.c.id == row.version).scalar_subquery()
        sent = release.c.state.in_([ReleaseState.READY.value, ReleaseState.REVOKED.value])
        alike = (review.c.organisation == row.organisation) & (review.c.reader == row.reader)
        found = connection.execute(
            select(release, document_version.c.number.label("version_number"))
            .join(review, review.c.id == release.c.review)
            .join(document_version, document_version.c.id == review.c.version)
            .where(alike, sent, document_version.c.document == this)
            .order_by(release.c.copy_number.desc())
            .limit(1)
        ).one_or_none()
        if found is None:
            return None
        plans = self._reviews.plans
        try:
            old = one(connection, review, found.review, row.organisation)
            before, text_before = plans.of(connection, old, found.plan_number), plans.reading(connection, old)
            plan, text = plans.of(connection, row, row.head), plans.reading(connection, row)
            differs = delta(before, text_before.document.text, plan, text.document.text)
        except (Conflict, NotFound):  # destroyed meanwhile: nothing is left to compare with
            differs = None
        return Before(found.copy_number, found.created_at, found.version_number, differs)
