"""Promise 4: no job is lost and none takes effect twice, whoever falls silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from redactor.clock import SetClock
from redactor.jobs import BACK_OFF, JobKind, Jobs, LeaseLost
from redactor.store.database import reading, writing
from redactor.store.records import new_id, organisation

ORG, LEASE = "0" * 32, timedelta(seconds=30)
ATTEMPTS = 2


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
    return Jobs(engine, clock, LEASE, ATTEMPTS)


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


def test_a_job_that_kills_its_workers_is_set_aside(engine: Engine, jobs: Jobs, clock: SetClock) -> None:
    add(engine, jobs)
    for expected in (False, False, True):
        claim = jobs.claim("w")
        assert claim is not None
        assert claim.exhausted is expected
        clock.move(LEASE)


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
