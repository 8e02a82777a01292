"""What reviewers said that a thing is: no detail at all, another kind of detail, about somebody else.

That is a fact about the document and holds for all of its readers, so nobody says it twice. Who may see a thing is
decided anew for each reader by their profile; what a person decided there stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from redactor.jobs import JobKind
from redactor.model import Action, Decision, Detected, Finding, Label, PersonId, Plan, ReasonCode, Span
from redactor.service.amendments import CORRECTED_RULE, NOT_A_DETAIL, inserted
from redactor.service.base import Base
from redactor.service.states import ReviewState
from redactor.store.records import new_id, review
from redactor.store.reviewing import correction

BY_PROFILE = "profile"
_SAID = "A reviewer said what it is."


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said of one place.

    Args:
        nothing: it is no detail about anybody.
        label: what kind of detail it is; None as found.
        person: whom it is about; None as found.
        holds: False once it was taken back.
    """

    span: Span
    nothing: bool
    label: Label | None
    person: PersonId | None
    by: str
    at: datetime
    holds: bool = True


def corrected(detected: Detected, said: Iterable[Correction]) -> Detected:
    """Return the findings as people said that they are: exactly the places named, nothing around them."""
    of = {each.span: each for each in said if each.holds}
    findings = (_corrected(finding, of.get(finding.span)) for finding in detected.findings)
    return replace(detected, findings=tuple(finding for finding in findings if finding is not None))


def _corrected(finding: Finding, said: Correction | None) -> Finding | None:
    if said is None:
        return finding
    if said.nothing:
        return None
    label, person = said.label or finding.label, said.person or finding.person
    return replace(finding, label=label, person=person, why=_SAID, certain=True)


def weighed(plan: Plan, own: Plan, said: Sequence[Correction]) -> tuple[Plan, int]:
    """Return a plan in which the places that people spoke of are decided as the profile decides now, and their number.

    Args:
        own: the profile's own plan for the findings as corrected.
    """
    decisions, count = list(plan.decisions), 0
    for each in said:
        there = [decision for decision in decisions if decision.span.overlaps(each.span)]
        if any(decision.by != BY_PROFILE and not decision.rule.startswith(CORRECTED_RULE) for decision in there):
            continue  # a person decided on it for this reader
        fresh = [_fresh(decision, each) for decision in own.decisions if decision.span.overlaps(each.span)]
        if each.holds and each.nothing and not fresh and all(decision.span == each.span for decision in there):
            fresh = [_kept(each, decision) for decision in there]
        before = decisions
        for decision in fresh:
            if not _of_a_person(decisions, decision.span):
                decisions = inserted(decisions, decision)
        count += decisions != before
    return replace(plan, decisions=tuple(decisions)), count


def _of_a_person(decisions: Sequence[Decision], span: Span) -> bool:
    return any(
        each.span.overlaps(span) and each.by != BY_PROFILE and not each.rule.startswith(CORRECTED_RULE)
        for each in decisions
    )


def _fresh(decision: Decision, said: Correction) -> Decision:
    """Return the profile's decision, in the name of whoever's word it rests on: they cannot approve it."""
    if not said.holds:
        return decision
    return replace(decision, by=said.by, rule=f"{CORRECTED_RULE}: {decision.rule}")


def _kept(said: Correction, decision: Decision) -> Decision:
    return replace(
        decision,
        action=Action.KEEP,
        replacement="",
        reason=ReasonCode(""),
        because=NOT_A_DETAIL,
        rule=CORRECTED_RULE,
        by=said.by,
        certain=True,
    )


class Corrections:
    """Keeps what was said, inside other use cases' transactions."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of(self, connection: Connection, version: str) -> tuple[Correction, ...]:
        """Return what was said of a document's version, oldest first; the newest word on a place counts."""
        rows = connection.execute(select(correction).where(correction.c.version == version).order_by(correction.c.at))
        found = {each.span: each for each in map(_read, rows.all())}
        return tuple(sorted(found.values(), key=lambda each: each.span))

    def keep(self, connection: Connection, row: Row[Any], number: int, said: Iterable[Correction]) -> None:
        """Keep what was said in one version of a review's plan.

        Args:
            row: the review in which it was said.
            number: the version of its plan.
        """
        for each in said:
            connection.execute(
                insert(correction).values(
                    id=new_id(),
                    organisation=row.organisation,
                    version=row.version,
                    review=row.id,
                    number=number,
                    start=each.span.start,
                    end=each.span.end,
                    no_detail=each.nothing,
                    label=each.label.value if each.label else "",
                    person=each.person or "",
                    by=each.by,
                    at=each.at,
                    holds=each.holds,
                )
            )

    def turn(self, connection: Connection, review_id: str, number: int, *, holds: bool) -> bool:
        """Take back, or say again, what was said in one version of a plan; say whether there was anything."""
        there = (correction.c.review == review_id) & (correction.c.number == number)
        done = connection.execute(update(correction).where(there).values(holds=holds, at=self._base.clock.now()))
        return done.rowcount > 0

    def tell(self, connection: Connection, row: Row[Any]) -> int:
        """Have the other reviews of the same document weighed anew; return how many."""
        others = (review.c.version == row.version) & (review.c.id != row.id) & (review.c.head > 0)
        known = review.c.state.not_in([ReviewState.REQUESTED.value, ReviewState.FAILED.value])
        ids = connection.execute(select(review.c.id).where(others & known)).scalars().all()
        for other in ids:
            self._base.jobs.add(connection, row.organisation, JobKind.WEIGH, other)
        return len(ids)

    def pending(self, connection: Connection, row: Row[Any]) -> int:
        """Return how many places colleagues spoke of in other reviews since this review's plan was weighed."""
        others = (correction.c.version == row.version) & (correction.c.review != row.id)
        query = select(func.count()).select_from(correction).where(others)
        if row.weighed_at is not None:
            query = query.where(correction.c.at > row.weighed_at)
        return int(connection.execute(query).scalar_one())


def _read(row: Row[Any]) -> Correction:
    return Correction(
        Span(row.start, row.end),
        row.no_detail,
        Label(row.label) if row.label else None,
        PersonId(row.person) if row.person else None,
        row.by,
        row.at,
        row.holds,
    )
