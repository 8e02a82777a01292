"""Saying what a thing is, in one review, so that every review of the document knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from redactor.access import Actor, Permission
from redactor.model import Case, Detected, Plan
from redactor.policy import find_reader, load_profile
from redactor.service import amendments
from redactor.service.base import Base
from redactor.service.cases import Cases
from redactor.service.changes import Correct
from redactor.service.corrections import Correction, corrected, weighed
from redactor.service.documents import Reading
from redactor.service.listed import planned
from redactor.service.reviews import Reviews, Saved
from redactor.service.series import SeriesKeys
from redactor.service.states import ReviewState, move
from redactor.store.records import review


class Correcting:
    """The use case of saying it; the worker takes it into the other reviews (``Plans.weigh``)."""

    def __init__(self, base: Base, cases: Cases, reviews: Reviews) -> None:
        self._base, self._cases, self._reviews, self._plans = base, cases, reviews, reviews.plans

    def say(self, actor: Actor, review_id: str, head: int, said: Correct) -> Saved:
        """Say what some places are; the profile decides on them anew, here at once and in the other reviews soon.

        Raises:
            Conflict: if somebody else saved meanwhile.
            BadArguments: if nothing was said.
        """
        case = self._base.row(review, review_id, actor.organisation).case_id
        with self._base.act(actor, Permission.REVIEW_AMEND, case, subject=review_id) as connection:
            row = self._plans.locked(connection, review_id, actor.organisation)
            self._reviews.require_head(row, head)
            found, before = self._plans.reading(connection, row), self._plans.of(connection, row, head)
            plan, spans = amendments.said(before, found.document, said, actor.account)
            now = self._base.clock.now()
            new = [Correction(span, said.nothing, said.label, said.person, actor.account, now) for span in spans]
            plan, _ = weighed(plan, self._own(connection, row, found, new), new)
            made = self._plans.store(connection, row, plan, "correct", len(spans), actor.account)
            self._plans.corrections.keep(connection, row, made, new)
            move(connection, review, review_id, ReviewState.IN_REVIEW, completed_by=None, head=made)
            told = self._plans.corrections.tell(connection, row)
            detail: dict[str, str | int] = {"number": made, "count": len(spans), "reviews": told}
            self._base.audit.append(
                connection, actor.organisation, actor.account, "review.correct", review_id, case, detail
            )
        return Saved(made, (len(spans),), amendments.undecided(plan))

    def _own(self, connection: Connection, row: Row[Any], found: Reading, new: list[Correction]) -> Plan:
        """Return the profile's own plan for what is known now."""
        from redactor import decide  # loads Presidio's operators: only when something is said

        content, _ = self._cases.content(connection, row.organisation, row.case_id)
        series = SeriesKeys(self._base).present(connection, row.organisation, row.case_id)
        file: Case = content.file
        reader, profile = find_reader(file, row.reader), load_profile(row.profile)

        def make(detected: Detected) -> Plan:
            return decide.plan(found.document, detected, profile, file, reader, series)

        return planned(corrected(found.detected, new), make)
