"""Durable jobs: one row each, leased to one worker at a time, fenced by the attempt's number.

A worker claims the oldest due job by one statement, keeps renewing its lease, and writes the job's effect in the
transaction that finishes the row. That transaction fails if the lease went to another worker meanwhile (the fence), so
work may happen twice but its effect never does. Only identifiers stand in the row: no text, no names.

A job is set aside when its own step failed too often, or when it keeps taking its workers with it. A worker that ended
with the job in hand speaks against the job only if nothing else explains it: another job that was interrupted at about
the same time and came to its end since, or several others, show that workers were ending whatever they did. Nothing
explains away more than a hundred of them. Interrupted a second time, a job steps back for a moment: else every fresh
worker would take it first, and one that ends early would seem to end because of it.
"""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Update,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from redactor.clock import Clock
from redactor.store.database import reading, writing
from redactor.store.records import Moment, job, new_id

BACK_OFF = timedelta(seconds=5)  # times the attempt's number
LONGEST_PAUSE = timedelta(minutes=1)
SPARED_ATTEMPTS = 60  # about an hour without storage
SENT_AGAIN = timedelta(minutes=5)  # a message that nobody took for so long is taken for lost
WINDOW = 256  # most messages that wait at the broker: the rows are the queue, the broker only hands them out
LONGEST_JOB = timedelta(hours=2)  # after that even a living worker stops renewing: it hangs
ALIBI = timedelta(minutes=10)  # interruptions of other jobs within so long of each other have one cause
STEP_BACK = timedelta(seconds=15)  # for a job that was interrupted again, so that workers get to others meanwhile
MANY_OTHERS = 3  # so many others interrupted within that time explain it as well: nothing may come to its end just then
MOST_EXPLAINED = 100  # interruptions of one job that others may explain: it may be what ends the others' workers
_RENEWALS_PER_LEASE = 3
LOOKING_SECONDS = 1.0  # so soon a worker finds that its job was stopped
PACED_BY = 15  # newest jobs by which the time of the next is told


class JobKind(StrEnum):
    """What there is to do."""

    READ = "read"
    RANGE = "range"  # read some pages of a large file
    JOIN = "join"  # put its ranges together
    PROPOSE = "propose"
    WEIGH = "weigh"
    RELEASE = "release"
    TELL = "tell"  # another program, what happened


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # by a person


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker holds until its lease ends.

    Args:
        attempt: 1 for the first; the fence.
        part: which part of the subject it is about, where there are several.
        failures: how often its own step failed.
        spared: how often it failed for want of something outside, which does not count.
        exhausted: the job has failed or ended its workers too often and must be set aside, not run.
    """

    id: str
    organisation: str
    kind: JobKind
    subject: str
    attempt: int
    worker: str
    exhausted: bool = False
    spared: int = 0
    failures: int = 0
    part: int = 0


class LeaseLost(Exception):
    """Another worker has the job now; what this one did has no effect. Nobody outside the worker sees it."""


class Jobs:
    """The queue.

    Args:
        engine: where the rows are.
        clock: tells leases and due times.
        lease: how long a silent worker keeps a job.
        attempts: how often a job's own step may fail before it is set aside.
        interruptions: how many workers may end with it in hand, without another explanation, before it is set aside.
    """

    def __init__(self, engine: Engine, clock: Clock, lease: timedelta, attempts: int, interruptions: int) -> None:
        self._engine, self._clock, self.lease = engine, clock, lease
        self._attempts, self._interruptions = attempts, interruptions

    def add(self, connection: Connection, organisation: str, kind: JobKind, subject: str, part: int = 0) -> str:
        """Add a job in the caller's transaction: it exists if and only if what it works on exists."""
        job_id, now = new_id(), self._clock.now()
        connection.execute(
            insert(job).values(
                id=job_id,
                organisation=organisation,
                kind=kind.value,
                subject=subject,
                part=part,
                state=JobState.WAITING.value,
                attempt=0,
                lease_by="",
                due_at=now,
                created_at=now,
                stage="",
                failure="",
            )
        )
        return job_id

    def claim(self, worker: str, job_id: str | None = None, *, orphaned: bool = False) -> Claim | None:
        """Take the oldest job that is due, or whose worker fell silent.

        Args:
            job_id: take this job or none.
            orphaned: its worker is known to have ended, so its lease need not run out first.
        """
        now = self._clock.now()
        self._step_back(now, job_id if orphaned else None)
        allowed = self._due(now)
        if job_id is not None:
            if orphaned:
                allowed = or_(allowed, job.c.state == JobState.LEASED.value)
            allowed = and_(job.c.id == job_id, allowed)
        due = select(job.c.id).where(allowed).order_by(job.c.number).limit(1)
        with reading(self._engine) as connection:  # an idle worker does not take the writer's lock
            if connection.execute(due).first() is None:
                return None
        take = (
            update(job)
            .where(job.c.id == due.with_for_update(skip_locked=True).scalar_subquery())
            .values(
                state=JobState.LEASED.value,
                attempt=job.c.attempt + 1,
                lease_by=worker,
                lease_until=now + self.lease,
                stage="",
                done=0,
                total=0,
                started_at=now,
                sent_at=None,
                **_interrupted(now),
            )
            .returning(*_CLAIMED)
        )
        with writing(self._engine) as connection:
            row = connection.execute(take).one_or_none()
        if row is None:
            return None
        explained = row.attempt - 1 - row.spared - row.failures - row.interruptions
        exhausted = (
            row.interruptions >= self._interruptions or row.failures >= self._attempts or explained > MOST_EXPLAINED
        )
        return Claim(
            row.id,
            row.organisation,
            JobKind(row.kind),
            row.subject,
            row.attempt,
            worker,
            exhausted,
            row.spared,
            row.failures,
            row.part,
        )

    def _step_back(self, now: datetime, orphan: str | None = None) -> None:
        """Let jobs wait for a moment that have lost their worker again; ``orphan`` is known to have lost it."""
        lost = self._silent(now) if orphan is None else or_(self._silent(now), job.c.id == orphan)
        again = and_(job.c.state == JobState.LEASED.value, job.c.attempt > 1, lost)
        with reading(self._engine) as connection:
            if connection.execute(select(job.c.id).where(again).limit(1)).first() is None:
                return
        values = {"state": JobState.WAITING.value, "lease_by": "", "lease_until": None, "due_at": now + STEP_BACK}
        with writing(self._engine) as connection:
            connection.execute(update(job).where(again).values(**values, sent_at=None, **_interrupted(now)))

    def _silent(self, now: datetime) -> ColumnElement[bool]:
        return or_(job.c.lease_until <= now, job.c.lease_until > now + 2 * self.lease)

    def _due(self, now: datetime) -> ColumnElement[bool]:
        # A moment further ahead than any pause or lease reaches was written before the clock was set back.
        ready = or_(job.c.due_at <= now, job.c.due_at > now + 2 * LONGEST_PAUSE)
        left = and_(job.c.state == JobState.LEASED.value, self._silent(now))
        return or_(and_(job.c.state == JobState.WAITING.value, ready), left)

    def to_send(self) -> tuple[str, ...]:
        """Choose due jobs for the broker, oldest first, and note that they are sent; several senders may ask at once.

        No more than a window of messages waits at the broker, so one that is lost, or sent twice, costs little.
        """
        now = self._clock.now()
        self._step_back(now)
        fresh = and_(job.c.sent_at > now - SENT_AGAIN, job.c.sent_at <= now + SENT_AGAIN)
        unsent = or_(job.c.sent_at.is_(None), ~fresh)
        with reading(self._engine) as connection:
            waiting = connection.execute(select(func.count()).where(job.c.sent_at.is_not(None), fresh)).scalar_one()
            if waiting >= WINDOW or connection.execute(select(job.c.id).where(self._due(now), unsent)).first() is None:
                return ()
        chosen = select(job.c.id).where(self._due(now), unsent).order_by(job.c.number).limit(WINDOW - waiting)
        send = update(job).where(job.c.id.in_(chosen.with_for_update(skip_locked=True))).values(sent_at=now)
        with writing(self._engine) as connection:
            rows = connection.execute(send.returning(job.c.id, job.c.number)).all()
        return tuple(row.id for row in sorted(rows, key=lambda row: row.number))

    def not_sent(self, ids: Iterable[str]) -> None:
        """Note that the broker did not take these jobs."""
        with writing(self._engine) as connection:
            connection.execute(update(job).where(job.c.id.in_(list(ids))).values(sent_at=None))

    def renew(self, claim: Claim) -> bool:
        """Prolong the lease; say whether the job is still this worker's."""
        with writing(self._engine) as connection:
            done = connection.execute(_mine(claim).values(lease_until=self._clock.now() + self.lease))
        return done.rowcount == 1

    def stage(self, claim: Claim, name: str, done: int = 0, total: int = 0) -> None:
        """Note how far the work is, for the progress bar.

        Args:
            done: pages that are done in this stage.
            total: pages that there are; 0 where nobody knows yet.

        Raises:
            LeaseLost: if the job is no longer this worker's: it was stopped, or another has it.
        """
        values: dict[str, object] = {"stage": name[:64], "done": done, **({"total": total} if total else {})}
        with writing(self._engine) as connection:
            if connection.execute(_mine(claim).values(**values)).rowcount != 1:
                raise LeaseLost("The work was stopped, or another worker has it.")

    def stop(self, connection: Connection, subject: str) -> bool:
        """End the unfinished job of a subject, in the transaction that tells the subject so; say whether there was one.

        Its worker finds out within moments and stops; whatever it still does has no effect.
        """
        unfinished = job.c.state.in_([JobState.WAITING.value, JobState.LEASED.value])
        ended = update(job).where(job.c.subject == subject, unfinished)
        values = {"lease_by": "", "lease_until": None, "finished_at": self._clock.now()}
        return connection.execute(ended.values(state=JobState.STOPPED.value, **values)).rowcount > 0

    def finish(self, connection: Connection, claim: Claim) -> None:
        """Mark the job done, in the transaction that writes its effect.

        Raises:
            LeaseLost: if it is no longer this worker's; the transaction must not commit.
        """
        self._end(connection, claim, JobState.DONE, "")

    def fail(self, connection: Connection, claim: Claim, slug: str) -> None:
        """Mark the job failed for good, in the transaction that tells its subject so. Raises LeaseLost."""
        self._end(connection, claim, JobState.FAILED, slug)

    def put_back(self, claim: Claim, *, spare: bool = False) -> None:
        """Let the job be tried again after a pause, by any worker.

        Args:
            spare: the attempt failed for want of something outside, such as the storage, and does not count.
        """
        due = self._clock.now() + min(BACK_OFF * claim.attempt, LONGEST_PAUSE)
        values = {"state": JobState.WAITING.value, "lease_by": "", "lease_until": None, "due_at": due}
        counted = {"spared": claim.spared + spare, "failures": claim.failures + (not spare)}
        with writing(self._engine) as connection:
            connection.execute(_mine(claim).values(**values, **counted))

    def _end(self, connection: Connection, claim: Claim, state: JobState, slug: str) -> None:
        ended = _mine(claim).values(
            state=state.value, failure=slug, lease_by="", lease_until=None, finished_at=self._clock.now()
        )
        if connection.execute(ended).rowcount != 1:
            raise LeaseLost("Another worker has taken over this job.")

    @contextmanager
    def held(self, claim: Claim, lost: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Renew the lease from a thread for as long as the block runs.

        Work beyond the longest job hangs: it is put back as a failure of its own, and what it still does has no effect.

        Args:
            lost: called from that thread while the job is no longer this worker's: it was stopped, or another has it.
        """
        stop = threading.Event()
        pause = min(LOOKING_SECONDS, self.lease.total_seconds() / _RENEWALS_PER_LEASE)
        each = max(1, int(self.lease.total_seconds() / _RENEWALS_PER_LEASE / pause))  # looks to a renewal

        def keep() -> None:
            for number in range(1, int(LONGEST_JOB.total_seconds() / pause) + 1):
                if stop.wait(pause):
                    return
                try:
                    mine = self.renew(claim) if number % each == 0 else self._is_mine(claim)
                except SQLAlchemyError:
                    continue  # the database is away; if it stays away, the lease ends and the fence holds
                if not mine:
                    lost()  # again and again: the work may be about to begin something more
            with suppress(SQLAlchemyError):
                self.put_back(claim)
            lost()

        keeper = threading.Thread(target=keep, name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()

    def _is_mine(self, claim: Claim) -> bool:
        this = (job.c.id == claim.id) & (job.c.lease_by == claim.worker) & (job.c.attempt == claim.attempt)
        with reading(self._engine) as connection:
            return connection.execute(select(job.c.id).where(this)).first() is not None

    def progress(self, connection: Connection, subject: str) -> Progress | None:
        """Return the newest job of a subject."""
        row = connection.execute(
            select(job).where(job.c.subject == subject).order_by(job.c.number.desc()).limit(1)
        ).one_or_none()
        if row is None:
            return None
        left = self._left(connection, row) if row.state in (JobState.WAITING.value, JobState.LEASED.value) else None
        made = (JobKind(row.kind), JobState(row.state), row.stage, row.attempt, row.created_at)
        return Progress(*made, row.done, row.total, left)

    def pace(self, connection: Connection, kind: JobKind) -> float | None:
        """Return how many seconds a page took in the newest finished jobs of a kind; None where there are none."""
        known = (job.c.kind == kind.value) & (job.c.state == JobState.DONE.value) & (job.c.total > 0)
        rows = connection.execute(
            select(job.c.started_at, job.c.finished_at, job.c.total)
            .where(known, job.c.started_at.is_not(None))
            .order_by(job.c.number.desc())
            .limit(PACED_BY)
        ).all()
        each = [(row.finished_at - row.started_at).total_seconds() / row.total for row in rows]
        return statistics.median(each) if each else None

    def _left(self, connection: Connection, row: Row[Any]) -> timedelta | None:
        """Say how long a job will take yet, by the pace of those before it; None where that is not known."""
        each = self.pace(connection, JobKind(row.kind)) if row.total else None
        if each is None:
            return None
        gone = self._clock.now() - row.started_at if row.state == JobState.LEASED.value else timedelta()
        return max(timedelta(), timedelta(seconds=each * row.total) - gone)

    def waiting(self, connection: Connection) -> tuple[int, datetime | None]:
        """Return how many jobs are unfinished, and when the oldest of them arrived."""
        unfinished = job.c.state.in_([JobState.WAITING.value, JobState.LEASED.value])
        row = connection.execute(select(func.count(), func.min(job.c.created_at)).where(unfinished)).one()
        return int(row[0]), row[1]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Args:
        done: pages that are done in this stage.
        total: pages that there are; 0 while nobody knows.
        left: how long it will take yet, by the pace of jobs before it; None where that is not known.
    """

    kind: JobKind
    state: JobState
    stage: str
    attempt: int
    since: datetime
    done: int = 0
    total: int = 0
    left: timedelta | None = None


_CLAIMED = (
    job.c.id,
    job.c.organisation,
    job.c.kind,
    job.c.subject,
    job.c.attempt,
    job.c.spared,
    job.c.failures,
    job.c.interruptions,
    job.c.part,
)


def _interrupted(now: datetime) -> dict[str, Any]:
    """Return what taking over a job that its worker left unfinished notes in its row."""
    other, left = job.alias(), job.c.state == JobState.LEASED.value
    at_about_this_time = other.c.interrupted_at.between(now - ALIBI, now + ALIBI)
    done = other.c.state == JobState.DONE.value
    others = (other.c.id != job.c.id) & at_about_this_time
    one = select(other.c.id).where(others, done).exists()
    alibi = or_(one, select(func.count()).select_from(other).where(others).scalar_subquery() >= MANY_OTHERS)
    counted = case((and_(left, ~alibi), job.c.interruptions + 1), else_=job.c.interruptions)
    return {"interruptions": counted, "interrupted_at": case((left, literal(now, Moment)), else_=job.c.interrupted_at)}


def _mine(claim: Claim) -> Update:
    return update(job).where(
        job.c.id == claim.id,
        job.c.lease_by == claim.worker,
        job.c.attempt == claim.attempt,
        job.c.state == JobState.LEASED.value,
    )
