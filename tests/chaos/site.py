"""A whole deployment that can be hurt: its servers, its workers, and what must be true of it afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from redactor.access import AccountRole, Actor
from redactor.app import compose, prepare
from redactor.jobs import JobState
from redactor.service import Service
from redactor.service.states import DocumentState
from redactor.settings import Settings
from redactor.store.database import reading
from redactor.store.records import audit_event, document_version, job
from tests import servers
from tests.chaos.worker import POISON, STEPS
from tests.unit.service.conftest import CASE

LEASE_SECONDS, POLL_SECONDS, BUSY_SECONDS = 2.0, 0.1, 5.0
PATIENCE_SECONDS = 900.0
UPLOADS = 1_000_000  # one account uploads them all
PAGED_EVERY, RANGE_PAGES = 10, 2  # every tenth file is read in three ranges, which are then joined


@dataclass
class Site:
    """One deployment under attack."""

    folder: Path
    settings: Settings
    service: Service
    actor: Actor
    case: str
    servers: dict[str, servers.Server] = field(default_factory=dict)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    def upload(self, number: int) -> str:
        """Upload one small document; once this returns it must survive everything."""
        pages = [f"Zebedee met Ermintrude, number {number}.\n", *map(str, range(2 * RANGE_PAGES))]
        content = "".join(page + "\f" for page in pages) if number % PAGED_EVERY == 0 else pages[0]
        return self.service.documents.upload(self.actor, self.case, f"{number}.txt", content.encode())

    def upload_poison(self) -> str:
        """Upload a document that ends every worker that reads it; it must be set aside, and nothing else."""
        return self.service.documents.upload(self.actor, self.case, "poison.txt", POISON)

    def environment(self) -> dict[str, str]:
        """Return the environment of a worker."""
        named = {
            "DATA": str(self.settings.data),
            "DATABASE_URL": self.settings.database,
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "POLL_SECONDS": str(POLL_SECONDS),
            "RANGE_PAGES": str(RANGE_PAGES),
        }
        if self.settings.queue_url is not None:
            named |= {
                "QUEUE_URL": self.settings.queue_url.get_secret_value(),
                "STORAGE_URL": str(self.settings.storage_url),
                "STORAGE_ENDPOINT": str(self.settings.storage_endpoint),
                "STORAGE_ACCESS_KEY": servers.S3_KEY,
                "STORAGE_SECRET_KEY": servers.S3_SECRET,
            }
        chaos = {"CHAOS_FAIL": str(self.folder / "fail"), "CHAOS_CLOCK": str(self.folder / "clock")}
        return {**os.environ, **{f"REDACTOR_{name}": value for name, value in named.items()}, **chaos}

    def start_worker(self) -> None:
        """Start one more worker."""
        log = (self.folder / "workers.log").open("ab")
        line = [sys.executable, "-m", "tests.chaos.worker"]
        self.workers.append(
            subprocess.Popen(line, env=self.environment(), stdout=log, stderr=log, start_new_session=True)
        )
        log.close()

    def tend(self) -> None:
        """Start workers again that have died."""
        for worker in [each for each in self.workers if each.poll() is not None]:
            self.workers.remove(worker)
            self.start_worker()

    def kill_a_worker(self, dice: random.Random) -> None:
        """Kill one worker and all that it started, at once: one with a job in hand, if there is any soon."""
        worker = self._busy_worker(dice) or dice.choice(self.workers)
        _signal(worker, signal.SIGKILL)
        worker.wait()
        self.kills += 1
        self.tend()

    def _busy_worker(self, dice: random.Random) -> subprocess.Popen[bytes] | None:
        """Return any worker that holds a lease right now; a worker's name holds its process id.

        Any, not the first found: who always ends the worker that has the oldest job cannot be told from that job.
        """
        leased = select(job.c.lease_by).where(job.c.state == JobState.LEASED.value)
        deadline = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < deadline:
            groups = set()
            with suppress(SQLAlchemyError), reading(self.service.base.engine) as connection:
                for name in connection.execute(leased).scalars():
                    with suppress(ProcessLookupError):
                        groups.add(os.getpgid(int(name.split("-")[-2])))
            if busy := [worker for worker in self.workers if worker.pid in groups]:
                return dice.choice(busy)
        return None

    def pause_a_worker(self, dice: random.Random, seconds: float) -> None:
        """Stop one worker for longer than its lease, then let it go on: a zombie."""
        worker = dice.choice(self.workers)
        _signal(worker, signal.SIGSTOP)
        time.sleep(seconds)
        _signal(worker, signal.SIGCONT)

    def outage(self, name: str, seconds: float) -> None:
        """Kill a server at once and start it again after a while."""
        self.servers[name].kill()
        time.sleep(seconds)
        self.servers[name].start()
        self.kills += 1

    def arm(self, steps: tuple[str, ...] = STEPS) -> None:
        """Let the next worker that comes by each step die there."""
        for step in steps:
            (self.folder / "fail" / step.replace(" ", "_")).touch()

    def armed(self) -> list[str]:
        """Return the steps at which nobody has died yet."""
        return sorted(path.name for path in (self.folder / "fail").iterdir())

    def set_clock(self, seconds: float) -> None:
        """Set the clock of all workers off by some seconds."""
        (self.folder / "clock").write_text(str(seconds))

    def left(self) -> int | None:
        """Return how many jobs are unfinished; None while the records are away."""
        try:
            with reading(self.service.base.engine) as connection:
                return self.service.base.jobs.waiting(connection)[0]
        except SQLAlchemyError:
            return None

    def finish(self) -> None:
        """Wait until every job has ended, starting workers again that die."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.left() != 0:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.left()} jobs are stranded")
            self.tend()
            time.sleep(0.2)

    def end(self) -> None:
        """End the workers."""
        for worker in self.workers:
            _signal(worker, signal.SIGKILL)
            worker.wait()
        self.workers.clear()

    def examine(self, accepted: list[str], poison: str = "") -> dict[str, int]:
        """Return what became of the accepted uploads, and whether every seal and the record hold.

        Args:
            poison: the one upload that must have been set aside, with a reason for its person.
        """
        base = self.service.base
        with reading(base.engine) as connection:
            states = dict(connection.execute(select(document_version.c.id, document_version.c.state)).all())
            effects = select(audit_event.c.subject, func.count()).where(audit_event.c.action == "document.read")
            counted = dict(connection.execute(effects.group_by(audit_event.c.subject)).all())
            attempts = connection.execute(select(func.sum(job.c.attempt), func.count())).one()
            told = select(document_version.c.id).where(document_version.c.failure_text != "")
            aside = set(
                connection.execute(told.where(document_version.c.state == DocumentState.FAILED.value)).scalars()
            )
        proof = self.service.recovery.prove()
        return {
            "accepted": len(accepted),
            "lost": sum(states.get(version) != DocumentState.READ.value for version in accepted),
            "double": sum(count > 1 for count in counted.values()),
            "without effect": sum(counted.get(version, 0) != 1 for version in accepted),
            "good ones set aside": len(aside - {poison}),
            "poison set aside": len(aside & {poison}),
            "problems": len(proof.problems),
            "attempts": int(attempts[0] or 0),
            "jobs": int(attempts[1]),
            "kills": self.kills,
        }


def _signal(worker: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(worker.pid, number)
    except ProcessLookupError:
        return


@contextmanager
def site(folder: Path, deployment: str, data: Path | None = None) -> Iterator[Site]:
    """Build a deployment with a case to upload into.

    Args:
        deployment: "embedded" (SQLite and a folder) or "scaled" (PostgreSQL, S3 and RabbitMQ).
        data: the data folder, if it should lie somewhere else.
    """
    with ExitStack() as stack:
        running: dict[str, servers.Server] = {}
        settings = Settings(data=data or folder / "var", lease_seconds=30.0, upload_files_per_day=UPLOADS)
        if deployment == "scaled":
            database = stack.enter_context(servers.postgres(durable=True))
            store, broker = stack.enter_context(servers.bucket()), stack.enter_context(servers.rabbit())
            running = {"database": database, "store": store, "broker": broker}
            settings = Settings(
                data=settings.data,
                upload_files_per_day=UPLOADS,
                database_url=SecretStr(database.create("chaos")),
                queue_url=SecretStr(broker.address),
                **store.settings(),
            )
        (folder / "fail").mkdir()
        (folder / "clock").write_text("0")
        prepare(settings)
        service = compose(settings)
        stack.callback(service.base.engine.dispose)
        made = Site(folder, settings, service, *_people(service), servers=running)
        stack.callback(made.end)
        yield made


def _people(service: Service) -> tuple[Actor, str]:
    service.accounts.first_link()
    admin = service.accounts.system_actor()
    service.accounts.invite(admin, "chair", "The chair", [AccountRole.CHAIR])
    account = next(each for each in service.accounts.list(admin) if each.username == "chair")
    actor = Actor(account.id, admin.organisation, account.roles)
    return actor, service.cases.create(actor, "A case", CASE)
