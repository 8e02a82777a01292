"""What waits for people, over all cases that somebody is on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from redactor.access import Actor, Permission
from redactor.service.base import Base
from redactor.service.states import ReviewState
from redactor.store.database import reading
from redactor.store.records import case_member, plan_version, review


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews of a case stand in one state, and how many places of them are undecided."""

    case: str
    state: ReviewState
    reviews: int
    undecided: int


class Workload:
    """The use case of asking."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of(self, actor: Actor) -> tuple[Waiting, ...]:
        """Return what waits in the actor's own cases."""
        if not actor.may(Permission.REVIEW_READ):
            return ()
        head = and_(plan_version.c.review == review.c.id, plan_version.c.number == review.c.head)
        query = (
            select(
                review.c.case_id,
                review.c.state,
                func.count(review.c.id),
                func.coalesce(func.sum(plan_version.c.undecided), 0),
            )
            .join(case_member, case_member.c.case_id == review.c.case_id)
            .outerjoin(plan_version, head)
            .where(case_member.c.account == actor.account, review.c.organisation == actor.organisation)
            .group_by(review.c.case_id, review.c.state)
            .order_by(review.c.case_id, review.c.state)
        )
        with reading(self._base.engine) as connection:
            rows = connection.execute(query).all()
        return tuple(Waiting(case, ReviewState(state), number, int(left)) for case, state, number, left in rows)
