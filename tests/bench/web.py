"""Page times with 20 people at once while a 300-page document is being processed; by page, the median and the 95th per cent.

The service runs as it is installed: gunicorn with its threads, one worker, SQLite in a temporary folder. ``--quick`` takes
fewer pages and rounds. Prints one line for each page, worst first.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from redactor.access import AccountRole, Actor
from redactor.app import compose, prepare
from redactor.model import Case, Person, PersonId, Reader, ReaderKind, Relation
from redactor.service import Service
from redactor.settings import Settings
from redactor.store.database import writing
from redactor.store.records import account
from tests.servers import free_port, wait_until

QUICK = "--quick" in sys.argv
PEOPLE, ROUNDS, PAGES = (5, 2, 20) if QUICK else (20, 6, 300)
THINKING = (0.5, 2.0)  # seconds between two pages of one person: faster than anybody reads
GOAL_MILLISECONDS = 300.0
_LONGEST = 1800.0
_LINE = "Zebedee Sample ({n}) said that Ermintrude Example rang 01632 960{n:03d} on {day} March about the visit to the clinic."
_LINES_A_PAGE = 32


@dataclass
class Times:
    """Milliseconds by page."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, page: str, milliseconds: float, status: int) -> None:
        """Note one answer."""
        with self.lock:
            self.taken[page].append(milliseconds)
            if status != http.client.OK:
                self.wrong[f"{page} {status}"] += 1


def main() -> None:
    """Measure."""
    print(f"cores {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}, {PEOPLE} people, {PAGES} pages")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "var", port=free_port())
        prepare(settings)
        service = compose(settings)
        actors = _people(service)
        case, review, version = _case(service, actors, settings)
        sessions = [_session(service, actor) for actor in actors]
        environment = {**os.environ, "REDACTOR_DATA": str(settings.data)}
        line = [sys.executable, "-m", "redactor", "serve", "--port", str(settings.port), "--data", str(settings.data)]
        server = subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: _get(settings.port, "/health", "")[1] == http.client.OK, "the service")
            service.documents.upload(actors[0], case, "long.txt", text(PAGES).encode())
            times = Times()
            paths = {
                "cases": "/cases", "case": f"/cases/{case}", "document": f"/documents/{version}",
                "review": f"/reviews/{review}?page={{page}}", "preview": f"/reviews/{review}?page={{page}}&side=preview",
                "filtered": f"/reviews/{review}?undecided=yes", "who is who": f"/cases/{case}/who",
                "copies": f"/cases/{case}/copies", "audit": f"/cases/{case}/audit",
            }  # fmt: skip
            begun, spent = time.monotonic(), _web_seconds(server.pid)
            walkers = [threading.Thread(target=_walk, args=(settings.port, who, paths, times)) for who in sessions]
            for walker in walkers:
                walker.start()
            for walker in walkers:
                walker.join()
            spent = _web_seconds(server.pid) - spent
            _print(times, time.monotonic() - begun, service)
            asked = sum(map(len, times.taken.values()))
            print(f"processor time of the web process: {1000 * spent / asked:.0f} ms a page")
        finally:
            server.terminate()
            server.wait()
            service.base.engine.dispose()


def text(pages: int) -> str:
    """Return a long invented document."""
    return "\n".join(
        _LINE.format(n=(page * _LINES_A_PAGE + line) % 1000, day=line % 28 + 1)
        for page in range(pages)
        for line in range(_LINES_A_PAGE)
    )


def _people(service: Service) -> list[Actor]:
    service.accounts.first_link()
    admin = service.accounts.system_actor()
    for number in range(PEOPLE):
        service.accounts.invite(admin, f"chair-{number}", f"Chair {number}", [AccountRole.CHAIR])
    every = [each for each in service.accounts.list(admin) if each.username.startswith("chair-")]
    return [Actor(each.id, admin.organisation, each.roles) for each in every]


def _case(service: Service, actors: list[Actor], settings: Settings) -> tuple[str, str, str]:
    """Make a case of which all are members, with the long document read and proposed."""
    people = (Person(PersonId("p1"), "Zebedee Sample", Relation.SUBJECT_CHILD),
              Person(PersonId("p2"), "Ermintrude Example", Relation.PARENT))  # fmt: skip
    readers = (Reader("r1", ReaderKind.PERSON, PersonId("p2"), "Ermintrude Example"),)
    case = service.cases.create(actors[0], "A long case", Case(reference="R-1", people=people, readers=readers))
    for other in actors[1:]:
        service.cases.add_member(actors[0], case, other.account)
    version = service.documents.upload(actors[0], case, "first.txt", text(PAGES).encode())
    review = service.reviews.request(actors[0], version, "r1", "family_copy")
    environment = {**os.environ, "REDACTOR_DATA": str(settings.data), "REDACTOR_POLL_SECONDS": "0.2"}
    worker = subprocess.Popen([sys.executable, "-m", "redactor.worker"], env=environment, stderr=subprocess.DEVNULL)
    begun = time.monotonic()
    try:
        while service.reviews.summary(actors[0], review).head == 0:
            if time.monotonic() - begun > _LONGEST or worker.poll() is not None:
                raise TimeoutError("the document was not proposed")
            time.sleep(0.5)
    finally:
        worker.terminate()
        worker.wait()
    print(f"read and proposed in {time.monotonic() - begun:.0f} s")
    return case, review, version


def _session(service: Service, actor: Actor) -> str:
    from sqlalchemy import select

    with writing(service.base.engine) as connection:
        holder = connection.execute(select(account).where(account.c.id == actor.account)).one()
        return service.sessions.start(connection, holder)


def _walk(port: int, session: str, paths: dict[str, str], times: Times) -> None:
    chance = random.Random(session)
    for _ in range(ROUNDS):
        for name in chance.sample(sorted(paths), len(paths)):
            path = paths[name].format(page=chance.randrange(1, PAGES))
            times.add(name, *_get(port, path, session))
            time.sleep(chance.uniform(*THINKING))


def _get(port: int, path: str, session: str) -> tuple[float, int]:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": f"redactor={session}"} if session else {})
        answer = connection.getresponse()
        answer.read()
        return (time.perf_counter() - begun) * 1000, answer.status
    except OSError:
        return (time.perf_counter() - begun) * 1000, 0
    finally:
        connection.close()


def _web_seconds(server: int) -> float:
    """Return the processor time of the service's processes but for its workers: on a busy machine the honest figure."""
    parents, spent = {server}, 0.0
    for path in sorted(Path("/proc").glob("[0-9]*"), key=lambda each: int(each.name)):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            line = (path / "cmdline").read_text()
        except OSError:
            continue
        if (int(path.name) == server or int(fields[1]) in parents) and "redactor.worker" not in line:
            parents.add(int(path.name))
            spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _print(times: Times, seconds: float, service: Service) -> None:
    with writing(service.base.engine) as connection:
        waiting, _ = service.base.jobs.waiting(connection)
    every = [one for taken in times.taken.values() for one in taken]
    for name, taken in sorted(times.taken.items(), key=lambda each: -_p95(each[1])):
        print(
            f"{name:12} median {statistics.median(taken):7.0f} ms   p95 {_p95(taken):7.0f} ms   worst {max(taken):7.0f} ms"
        )
    met = "met" if _p95(every) < GOAL_MILLISECONDS else "not met"
    print(
        f"all          median {statistics.median(every):7.0f} ms   p95 {_p95(every):7.0f} ms   {met} ({GOAL_MILLISECONDS:.0f} ms)"
    )
    print(
        f"{len(every)} pages in {seconds:.0f} s; still at work on the long document at the end: {'yes' if waiting else 'no'}"
    )
    if times.wrong:
        print(f"not answered with a page: {dict(times.wrong)}")


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]


if __name__ == "__main__":
    main()
