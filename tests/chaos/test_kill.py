"""Promise 4: workers are killed with SIGKILL at random moments; no job is lost and none takes effect twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, String, Table, func, insert, select

from redactor.clock import SystemClock
from redactor.jobs import JobKind, Jobs
from redactor.store.database import open_database, reading, writing
from redactor.store.records import metadata, new_id, organisation

JOBS, WORKERS, LEASE_SECONDS, PATIENCE_SECONDS = 60, 2, 1.0, 120.0
ORG = "0" * 32
# No unique constraint: a second effect would be stored, and found.
effect = Table("chaos_effect", metadata.__class__(), Column("job", String(32)))

WORKER = f"""
import os, sys, time
from datetime import timedelta
from sqlalchemy import insert
from redactor.clock import SystemClock
from redactor.jobs import Jobs, LeaseLost
from redactor.store.database import open_database, writing
from tests.chaos.test_kill import effect
engine = open_database(sys.argv[1])
jobs = Jobs(engine, SystemClock(), timedelta(seconds={LEASE_SECONDS}), 100)
while True:
    claim = jobs.claim(f"w{{os.getpid()}}")
    if claim is None:
        time.sleep(0.05)
        continue
    try:
        with jobs.held(claim):
            time.sleep(0.03)
            with writing(engine) as connection:
                connection.execute(insert(effect).values(job=claim.id))
                jobs.finish(connection, claim)
    except LeaseLost:
        pass
"""


@pytest.mark.slow
def test_random_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'r.sqlite'}"
    engine = open_database(address)
    metadata.create_all(engine)
    effect.create(engine)
    jobs = Jobs(engine, SystemClock(), timedelta(seconds=LEASE_SECONDS), 100)
    with writing(engine) as connection:
        connection.execute(insert(organisation).values(id=ORG, name="o", created_at=SystemClock().now()))
        for _ in range(JOBS):
            jobs.add(connection, ORG, JobKind.READ, new_id())

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WORKER, address], start_new_session=True)

    dice, kills = random.Random(7), 0
    running = [start() for _ in range(WORKERS)]
    deadline = time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            with reading(engine) as connection:
                left, _ = jobs.waiting(connection)
                done = connection.execute(select(func.count()).select_from(effect)).scalar_one()
            if left == 0:
                break
            if done and kills < 8:
                victim = dice.randrange(WORKERS)
                os.kill(running[victim].pid, signal.SIGKILL)
                running[victim].wait()
                running[victim], kills = start(), kills + 1
            time.sleep(0.2 + dice.random() / 2)
    finally:
        for worker in running:
            worker.kill()
            worker.wait()
    with reading(engine) as connection:
        effects = connection.execute(select(func.count(), func.count(effect.c.job.distinct()))).one()
    engine.dispose()
    assert kills > 0
    assert tuple(effects) == (JOBS, JOBS)
