"""Promise 4: no job is lost and none takes effect twice, whoever falls silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from redactor.clock import SetClock
from redactor.jobs import (
    ALIBI,
    BACK_OFF,
    LONGEST_PAUSE,
    MANY_OTHERS,
    MOST_EXPLAINED,
    SENT_AGAIN,
    STEP_BACK,
    WINDOW,
    Claim,
    JobKind,
    Jobs,
    LeaseLost,
)
from redactor.store.database import reading, writing
from redactor.store.records import new_id, organisation

ORG, LEASE = "0" * 32, timedelta(seconds=30)
ATTEMPTS, INTERRUPTIONS = 2, 3


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 24, tzinfo=UTC))


@pytest.fixture
def engine(records: Engine, clock: SetClock) -> Engine:
    with writing(records) as connection:
        connection.execute(insert(organisation).values(id=ORG, name="o", created_at=clock.now()))
    return records


@pytest.fixture
def jobs(engine: Engine, clock: SetClock) -> Jobs:
    return Jobs(engine, clock, LEASE, ATTEMPTS, INTERRUPTIONS)


def add(engine: Engine, jobs: Jobs) -> str:
    with writing(engine) as connection:
        return jobs.add(connection, ORG, JobKind.READ, new_id())


def test_oldest_first_and_each_once(engine: Engine, jobs: Jobs) -> None:
    wanted = [add(engine, jobs) for _ in range(3)]
    claims = [jobs.claim(f"w{number}") for number in range(4)]
    assert [claim and claim.id for claim in claims] == [*wanted, None]


def test_a_job_exists_only_if_its_transaction_commits(engine: Engine, jobs: Jobs) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:
        jobs.add(connection, ORG, JobKind.READ, new_id())
        raise RuntimeError
    assert jobs.claim("w") is None


def test_a_silent_worker_loses_its_job_and_its_effect(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    add(engine, jobs)
    slow = jobs.claim("slow")
    assert slow is not None
    clock.move(LEASE)
    quick = jobs.claim("quick")
    assert quick is not None
    assert quick.attempt == 2
    assert not jobs.renew(slow)
    with pytest.raises(LeaseLost), writing(engine) as connection:
        jobs.finish(connection, slow)
    with writing(engine) as connection:
        jobs.finish(connection, quick)
    with pytest.raises(LeaseLost), writing(engine) as connection:
        jobs.finish(connection, quick)


def test_a_lease_that_is_renewed_holds(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    add(engine, jobs)
    held = jobs.claim("w")
    assert held is not None
    for _ in range(5):
        clock.move(LEASE - timedelta(seconds=1))
        assert jobs.renew(held)
    assert jobs.claim("other") is None


def interrupted(jobs: Jobs, clock: SetClock, *only: str) -> list[Claim]:
    """Let a worker take each of these jobs, or the oldest, and fall silent."""
    claims = [jobs.claim("w", job_id) for job_id in only] or [jobs.claim("w")]
    clock.move(LEASE)
    jobs.claim("w", new_id())  # any claim notices who is silent
    clock.move(STEP_BACK)
    return [claim for claim in claims if claim is not None]


def end(engine: Engine, jobs: Jobs, job_id: str) -> None:
    claim = jobs.claim("w", job_id)
    assert claim is not None
    with writing(engine) as connection:
        jobs.finish(connection, claim)


def test_a_job_that_ends_its_workers_by_itself_is_set_aside(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    poison, good = add(engine, jobs), [add(engine, jobs) for _ in range(3)]
    for job_id in good:  # they come to their end undisturbed: nothing but the job explains what happens to it
        assert not interrupted(jobs, clock, poison)[0].exhausted
        end(engine, jobs, job_id)
    assert interrupted(jobs, clock, poison)[0].exhausted


def test_a_job_that_was_interrupted_again_steps_back_for_the_others(
    engine: Engine, jobs: Jobs, clock: SetClock
) -> None:
    unlucky, others = add(engine, jobs), [add(engine, jobs) for _ in range(3)]
    for taken in (unlucky, unlucky, *others):  # workers end with the first job that they take, whichever it is
        claim = jobs.claim("w")
        assert claim is not None
        assert claim.id == taken
        clock.move(LEASE if taken == unlucky else timedelta(seconds=1))
    clock.move(STEP_BACK)
    assert (again := jobs.claim("w")) is not None
    assert again.id == unlucky


def test_two_jobs_that_end_their_workers_do_not_excuse_each_other(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    both = add(engine, jobs), add(engine, jobs)
    for _ in range(INTERRUPTIONS):
        assert not any(claim.exhausted for claim in interrupted(jobs, clock, *both))
    assert all(claim.exhausted for claim in interrupted(jobs, clock, *both))


def test_workers_that_end_whatever_they_do_speak_against_no_job(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    unlucky = add(engine, jobs)
    for _ in range(INTERRUPTIONS * 4):
        other = add(engine, jobs)
        assert not any(claim.exhausted for claim in interrupted(jobs, clock, other, unlucky))
        end(engine, jobs, other)  # interrupted as well, and well: the workers were at fault
    end(engine, jobs, unlucky)


def test_many_interrupted_at_once_speak_against_none_even_if_nothing_ends(
    engine: Engine, jobs: Jobs, clock: SetClock
) -> None:
    many = [add(engine, jobs) for _ in range(MANY_OTHERS + 1)]
    for _ in range(INTERRUPTIONS * 4):
        taken = interrupted(jobs, clock, *many)
        assert [claim.id for claim in taken if claim.exhausted] == []
    for job_id in many:
        end(engine, jobs, job_id)


def test_an_excuse_of_long_ago_is_none(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    poison, other = add(engine, jobs), add(engine, jobs)
    interrupted(jobs, clock, other)
    end(engine, jobs, other)
    clock.move(ALIBI)
    for _ in range(INTERRUPTIONS):
        assert not interrupted(jobs, clock, poison)[0].exhausted
    assert interrupted(jobs, clock, poison)[0].exhausted


def test_nothing_excuses_a_job_for_ever(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    poison = add(engine, jobs)
    for _ in range(MOST_EXPLAINED + INTERRUPTIONS):
        other = add(engine, jobs)
        interrupted(jobs, clock, other, poison)
        end(engine, jobs, other)
    assert interrupted(jobs, clock, poison)[0].exhausted


def test_own_failures_are_counted_apart(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    wanted = add(engine, jobs)
    interrupted(jobs, clock, wanted)
    for failures in range(ATTEMPTS):
        claim = jobs.claim("w", wanted)
        assert claim is not None
        assert (claim.failures, claim.exhausted) == (failures, False)
        jobs.put_back(claim)
        clock.move(LONGEST_PAUSE)
    claim = jobs.claim("w", wanted)
    assert claim is not None
    assert claim.exhausted


def test_work_that_hangs_is_put_back_as_a_failure(
    engine: Engine, jobs: Jobs, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redactor.jobs.LONGEST_JOB", timedelta(0))
    add(engine, jobs)
    hung = jobs.claim("w")
    assert hung is not None
    with jobs.held(hung):
        pass
    with pytest.raises(LeaseLost), writing(engine) as connection:
        jobs.finish(connection, hung)
    clock.move(LONGEST_PAUSE)
    again = jobs.claim("w")
    assert again is not None
    assert again.failures == 1


def test_a_job_that_is_put_back_waits(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    add(engine, jobs)
    claim = jobs.claim("w")
    assert claim is not None
    jobs.put_back(claim)
    assert jobs.claim("w") is None
    clock.move(BACK_OFF)
    assert jobs.claim("w") is not None
    with reading(engine) as connection:
        assert jobs.waiting(connection)[0] == 1


def test_a_job_whose_worker_is_known_to_have_ended_is_taken_at_once(engine: Engine, jobs: Jobs) -> None:
    wanted = add(engine, jobs)
    assert jobs.claim("dead") is not None
    assert jobs.claim("other", wanted) is None
    taken = jobs.claim("other", wanted, orphaned=True)
    assert taken is not None
    assert taken.attempt == 2


def test_a_clock_set_back_strands_nothing(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    waiting, held = add(engine, jobs), add(engine, jobs)
    assert jobs.claim("w", held) is not None
    clock.move(-timedelta(hours=1))
    assert {claim.id for claim in (jobs.claim("a"), jobs.claim("b")) if claim} == {waiting, held}


def test_an_attempt_without_storage_does_not_count(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    add(engine, jobs)
    for _ in range(ATTEMPTS * 3):
        claim = jobs.claim("w")
        assert claim is not None
        assert not claim.exhausted
        jobs.put_back(claim, spare=True)
        clock.move(LONGEST_PAUSE)
    claim = jobs.claim("w")
    assert claim is not None
    assert (claim.failures, claim.spared) == (0, ATTEMPTS * 3)


def test_due_jobs_are_sent_once_in_order_and_again_if_lost(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    wanted = tuple(add(engine, jobs) for _ in range(3))
    assert jobs.to_send() == wanted
    assert jobs.to_send() == ()
    jobs.not_sent(wanted[:1])
    assert jobs.to_send() == wanted[:1]
    assert jobs.claim("w", wanted[1]) is not None
    clock.move(SENT_AGAIN)
    assert jobs.to_send() == wanted, "lost messages, and a job whose worker fell silent"


def test_no_more_than_a_window_waits_at_the_broker(engine: Engine, jobs: Jobs) -> None:
    with writing(engine) as connection:
        for _ in range(WINDOW + 5):
            jobs.add(connection, ORG, JobKind.READ, new_id())
    assert len(jobs.to_send()) == WINDOW
    assert jobs.to_send() == ()
