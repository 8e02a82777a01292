"""Promise 4: nothing is lost or doubled by kill -9 at any named step, outages, zombies, a full disk, a clock set back.

Here is an honest slice; ``./run chaos`` runs the same with thousands of jobs (REDACTOR_CHAOS_JOBS).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from redactor.errors import FileAccess
from tests.chaos.site import LEASE_SECONDS, Site, site

SLICE = 30
JOBS = int(os.environ.get("REDACTOR_CHAOS_JOBS", SLICE))
EVERY_SECONDS, WORKERS = 1.0, 2
OUTAGE_SECONDS = 60.0 if JOBS > SLICE else 1.0
pytestmark = pytest.mark.slow


def report(deployment: str, what: str, found: dict[str, int], seconds: float) -> None:
    """Print one line of the table that ./run chaos shows."""
    words = ", ".join(f"{name} {count}" for name, count in found.items())
    print(f"\n{deployment}: {what}: {words}, {found['accepted'] / seconds:.1f} jobs/s", file=sys.__stdout__, flush=True)


def assert_nothing_lost(found: dict[str, int]) -> None:
    wrong = ("lost", "double", "without effect", "good ones set aside", "problems")
    assert [found[name] for name in wrong] == [0] * len(wrong), found


@pytest.mark.parametrize("deployment", ["embedded", "scaled"])
def test_everything_is_killed_and_nothing_is_lost_or_doubled(deployment: str, tmp_path: Path) -> None:
    dice, begun = random.Random(7), time.monotonic()
    with site(tmp_path, deployment) as place:
        place.arm()
        for _ in range(WORKERS):
            place.start_worker()
        accepted = [place.upload(number) for number in range(JOBS // 2)]
        harm(place, dice)
        while len(accepted) < JOBS:
            try:
                accepted.append(place.upload(len(accepted)))
            except (FileAccess, SQLAlchemyError):
                time.sleep(0.2)  # not accepted: whoever uploads is told so
        hurt_until_done(place, dice)
        found = place.examine(accepted)
        assert place.armed() == []
    report(deployment, "kills at every step and at random", found, time.monotonic() - begun)
    assert found["kills"] > 0
    assert found["attempts"] > found["jobs"], "nothing was interrupted"
    assert_nothing_lost(found)


def harm(place: Site, dice: random.Random) -> None:
    """Take each server away for a minute, set the clock back by an hour, and wake a zombie."""
    for name in place.servers:
        place.outage(name, OUTAGE_SECONDS)
    place.set_clock(-3600)
    time.sleep(EVERY_SECONDS)
    place.pause_a_worker(dice, LEASE_SECONDS * 1.5)
    place.set_clock(0)


def hurt_until_done(place: Site, dice: random.Random) -> None:
    """Kill a worker every moment, and a server now and then, until there is nothing left to do or to kill."""
    kills, rounds = max(2, JOBS // 20), 0
    while rounds < kills and place.left() != 0:
        time.sleep(EVERY_SECONDS * (0.5 + dice.random()))
        place.kill_a_worker(dice)
        rounds += 1
        if place.servers and rounds % 25 == 0:
            place.outage(dice.choice(list(place.servers)), 1.0)
    place.finish()
    while place.armed():  # steps that nobody passed meanwhile
        place.upload(0)
        place.finish()


@pytest.mark.parametrize("deployment", ["embedded", "scaled"] if JOBS > SLICE else ["embedded"])
def test_a_job_that_ends_every_worker_is_set_aside_and_no_other(deployment: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    with site(tmp_path, deployment) as place:
        poison = place.upload_poison()
        accepted = [place.upload(number) for number in range(SLICE)]
        for _ in range(WORKERS):
            place.start_worker()
        place.finish()
        found = place.examine(accepted, poison)
    report(deployment, "one job ends every worker", found, time.monotonic() - begun)
    assert found["poison set aside"] == 1
    assert_nothing_lost(found)


UPLOADER = """
import sys, pathlib
sys.path.insert(0, {root!r})
from redactor.access import AccountRole, Actor
from redactor.app import compose
from redactor.settings import Settings
service = compose(Settings(data=pathlib.Path({data!r}), upload_files_per_day={most}))
actor = Actor({account!r}, {organisation!r}, frozenset({{AccountRole.CHAIR}}))
for number in range(100000):
    version = service.documents.upload(actor, {case!r}, "a.txt", b"Zebedee " * 2000)
    print(version, flush=True)
"""


def test_an_upload_that_was_answered_survives_the_death_of_the_web_process(tmp_path: Path) -> None:
    dice, accepted, begun = random.Random(11), list[str](), time.monotonic()
    with site(tmp_path, "embedded") as place:
        values = {"account": place.actor.account, "organisation": place.actor.organisation, "case": place.case}
        values["most"] = place.settings.upload_files_per_day
        script = UPLOADER.format(root=str(Path.cwd()), data=str(place.settings.data), **values)
        kills, wanted = 0, max(4, JOBS // 20)
        while len(accepted) < wanted or kills < max(2, JOBS // 40):  # on a busy machine fewer uploads fit between kills
            kills += 1
            assert kills < wanted * 10, "hardly anything is accepted"
            process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
            assert process.stdout is not None
            first = process.stdout.readline()  # it has begun to work
            time.sleep(dice.random() / 10)
            process.kill()
            accepted += [
                line.decode().strip() for line in (first + process.stdout.read()).splitlines() if len(line) == 32
            ]
            process.stdout.close()
            process.wait()
        place.start_worker()
        place.finish()
        found = place.examine(accepted)
    report("embedded", "web process killed", found, time.monotonic() - begun)
    assert_nothing_lost(found)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)]
    if subprocess.run(line, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_refuses_uploads_and_loses_none(tmp_path: Path, small_disk: Path) -> None:
    accepted, refused = list[str](), 0
    with site(tmp_path, "embedded", small_disk / "var") as place:
        ballast = small_disk / "ballast"
        ballast.write_bytes(bytes(2 * 1024 * 1024))
        while refused < 5:
            try:
                accepted.append(place.upload(len(accepted)))
            except (FileAccess, SQLAlchemyError, OSError):
                refused += 1
        place.start_worker()  # it cannot write either: jobs wait, none is lost
        time.sleep(3)
        ballast.unlink()
        place.finish()
        accepted.append(place.upload(len(accepted)))
        place.finish()
        found = place.examine(accepted)
    report("embedded", "disk full", found, 1.0)
    assert found["accepted"] > 5
    assert_nothing_lost(found)
