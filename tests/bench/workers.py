"""From one worker to two: the same documents through the real service, pages a second, and memory of each process.

Prints one line for each number of workers; needs two idle cores to mean anything (the load beforehand is printed).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from redactor.access import AccountRole, Actor
from redactor.app import compose, prepare
from redactor.limits import MEBIBYTE
from redactor.policy import load_case
from redactor.service import Service
from redactor.settings import Settings
from redactor.store.database import reading
from tests.conftest import ROOT

COPIES, POLL_SECONDS, LONGEST_SECONDS = 6, 0.2, 1800.0
SAMPLES = ("icpc_minutes", "social_work_report", "email")


def main() -> None:
    """Measure one worker, then two."""
    print(f"cores {os.cpu_count()}, load before {os.getloadavg()[0]:.1f}")
    alone = measure(1)
    together = measure(2)
    print(f"ratio {alone / together:.2f}")


def measure(workers: int) -> float:
    """Run the documents through so many workers; return the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "var")
        prepare(settings)
        service = compose(settings)
        actor, case = _people(service)
        running = [_worker(settings) for _ in range(workers)]
        try:
            _warm(service, actor, case, workers)
            begun = time.monotonic()
            versions = _upload(service, actor, case, COPIES)
            most = _wait(service, running)
            seconds = time.monotonic() - begun
        finally:
            for process in running:
                process.terminate()
                process.wait()
        pages = sum(max(1, service.documents.version(actor, version).pages) for version in versions)
        states = {service.documents.version(actor, version).state.value for version in versions}
        service.base.engine.dispose()
    print(
        f"{workers} workers: {len(versions)} documents, {pages} pages, {seconds:.1f} s, {pages / seconds:.2f} pages/s, "
        f"largest worker {most // MEBIBYTE} MiB, states {sorted(states)}"
    )
    return seconds


def _people(service: Service) -> tuple[Actor, str]:
    service.accounts.first_link()
    admin = service.accounts.system_actor()
    service.accounts.invite(admin, "chair", "The chair", [AccountRole.CHAIR])
    account = next(each for each in service.accounts.list(admin) if each.username == "chair")
    actor = Actor(account.id, admin.organisation, account.roles)
    case = load_case((ROOT / "samples" / SAMPLES[0] / "case.yaml").read_bytes())
    return actor, service.cases.create(actor, "A case", case)


def _worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "REDACTOR_DATA": str(settings.data), "REDACTOR_POLL_SECONDS": str(POLL_SECONDS)}
    return subprocess.Popen([sys.executable, "-m", "redactor.worker"], env=environment, stderr=subprocess.DEVNULL)


def _files() -> list[Path]:
    sources = [sorted((ROOT / "samples" / name).glob(f"{name}.*")) for name in SAMPLES]
    return [found[0] for found in sources if found]


def _warm(service: Service, actor: Actor, case: str, workers: int) -> None:
    """Let every worker load its model before the clock starts."""
    _upload(service, actor, case, workers * 2)
    _wait(service, [])


def _upload(service: Service, actor: Actor, case: str, copies: int) -> list[str]:
    files = _files()
    return [
        service.documents.upload(actor, case, file.name, file.read_bytes()) for _ in range(copies) for file in files
    ]


def _wait(service: Service, running: list[subprocess.Popen[bytes]]) -> int:
    """Wait until all is done; return the largest resident size of a worker meanwhile, in bytes."""
    deadline, most = time.monotonic() + LONGEST_SECONDS, 0
    while time.monotonic() < deadline:
        most = max([most, *(_resident(process.pid) for process in running)])
        with reading(service.base.engine) as connection:
            if service.base.jobs.waiting(connection)[0] == 0:
                return most
        time.sleep(POLL_SECONDS)
    raise TimeoutError("the documents were not read in time")


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except FileNotFoundError:
        return 0


if __name__ == "__main__":
    main()
