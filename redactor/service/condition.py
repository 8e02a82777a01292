"""How the service is: whether it can work now, and figures for those who watch over it. Counts only, no identifiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from obstore.exceptions import BaseError
from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from redactor import antivirus
from redactor.jobs import JobState
from redactor.service.base import Base
from redactor.service.states import DocumentState, ReviewState
from redactor.store.database import reading
from redactor.store.migrate import newest_revision, present_revision
from redactor.store.records import audit_head, blob, document_version, job, plan_version, release, review

WELL = "ok"
_PROBE = "probe/00/nothing-has-this-name"
_OPEN_REVIEWS = (ReviewState.PROPOSED.value, ReviewState.IN_REVIEW.value)
_SCANNER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What the service has done and has to do.

    Args:
        queue_age: seconds for which the oldest unfinished job has waited; 0 when there is none.
        failures: jobs that failed for good, by the error's slug.
        undecided: findings on which somebody still has to decide, over all open reviews.
        pages: pages read since the service began; its rate is pages per second.
    """

    queue_age: float
    jobs: Mapping[tuple[str, str], int]
    failures: Mapping[str, int]
    documents: Mapping[str, int]
    reviews: Mapping[str, int]
    releases: Mapping[str, int]
    undecided: int
    pages: int
    sealed_bytes: int
    events: int


class Condition:
    """Use cases of those who watch over the service."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def ready(self) -> dict[str, str]:
        """Return each part that the service needs, with "ok" or what is wrong in a few fixed words."""
        parts: dict[str, Callable[[], str]] = {"records": self._records, "storage": self._storage}
        if self._base.settings.clamd is not None:
            parts["scanner"] = self._scanner
        return {name: look() for name, look in parts.items()}

    def _records(self) -> str:
        try:
            found = present_revision(self._base.engine)
        except SQLAlchemyError:
            return "do not answer"
        return WELL if found == newest_revision() else "are of another release"

    def _storage(self) -> str:
        try:
            self._base.blobs.storage.get(_PROBE)
        except FileNotFoundError:
            return WELL
        except (OSError, BaseError):
            return "does not answer"
        return "answers wrongly"

    def _scanner(self) -> str:
        address = self._base.settings.clamd
        return WELL if address and antivirus.ping(address, _SCANNER_SECONDS) else "does not answer"

    def figures(self) -> Figures:
        """Count, in one look at the records."""
        with reading(self._base.engine) as connection:
            _, oldest = self._base.jobs.waiting(connection)
            age = 0.0 if oldest is None else (self._base.clock.now() - oldest).total_seconds()
            kinds = select(job.c.kind, job.c.state, func.count()).group_by(job.c.kind, job.c.state)
            failed = select(job.c.failure, func.count()).where(job.c.state == JobState.FAILED.value)
            read = document_version.c.state == DocumentState.READ.value
            current = (plan_version.c.review == review.c.id) & (plan_version.c.number == review.c.head)
            open_questions = (
                select(func.sum(plan_version.c.undecided))
                .join(review, current)
                .where(review.c.state.in_(_OPEN_REVIEWS))
            )
            live = blob.c.wrapped.is_not(None)
            return Figures(
                queue_age=max(0.0, age),
                jobs={(row[0], row[1]): row[2] for row in connection.execute(kinds)},
                failures={row[0]: row[1] for row in connection.execute(failed.group_by(job.c.failure))},
                documents=_by_state(connection, document_version),
                reviews=_by_state(connection, review),
                releases=_by_state(connection, release),
                undecided=_sum(connection, open_questions),
                pages=_sum(connection, select(func.sum(document_version.c.pages)).where(read)),
                sealed_bytes=_sum(connection, select(func.sum(blob.c.size)).where(live)),
                events=_sum(connection, select(func.sum(audit_head.c.number))),
            )


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    state: Column[str] = table.c.state
    return {row[0]: row[1] for row in connection.execute(select(state, func.count()).group_by(state))}


def _sum(connection: Connection, query: object) -> int:
    return int(connection.execute(query).scalar_one() or 0)  # type: ignore[call-overload]
