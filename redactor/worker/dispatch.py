"""Hands due jobs to workers on many hosts through RabbitMQ; the job rows stay the truth.

A message carries a job's identifier and nothing else. The pump sends what is due and the workers of Celery take it,
with late acknowledgement: RabbitMQ hands a job on within a moment of its worker's death. Whatever is lost or sent twice
on the way is harmless: the row says whether a job may be taken, and the fence lets one effect through.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery, Task
from celery.exceptions import Reject
from kombu.exceptions import OperationalError as BrokerAway
from sqlalchemy.exc import SQLAlchemyError

from redactor.app import open_jobs
from redactor.broker import QUEUE, TASK, celery_of
from redactor.clock import SystemClock
from redactor.jobs import Claim, Jobs
from redactor.logs import configure, logger
from redactor.settings import load
from redactor.store.database import open_database

PAUSE_SECONDS = 1.0  # while the records or the broker are away

Run = Callable[[Claim], None]


def register(app: Celery, jobs: Callable[[], Jobs], run: Callable[[], Run], worker: Callable[[], str]) -> None:
    """Register the one task.

    Args:
        jobs: the queue of this process, opened when the first job comes (never before the process forks).
        run: does a claimed job.
        worker: this process's name in leases.
    """

    @app.task(name=TASK, bind=True)  # type: ignore[untyped-decorator]
    def take(self: Task[..., None], job_id: str) -> None:
        orphaned = bool((self.request.delivery_info or {}).get("redelivered"))
        try:
            claim = jobs().claim(worker(), job_id, orphaned=orphaned)
            if claim is not None:  # else it is done, or somebody has it
                run()(claim)
        except SQLAlchemyError as problem:
            logger().warning("records did not answer", error_type=type(problem).__name__)
            time.sleep(PAUSE_SECONDS)
            raise Reject(requeue=True) from None


def pump(app: Celery, jobs: Jobs, stop: Callable[[], bool], pause: float = PAUSE_SECONDS) -> None:
    """Send due jobs until told to stop; survives the records and the broker being away."""
    while not stop():
        try:
            sent = send_due(app, jobs)
        except SQLAlchemyError as problem:
            logger().warning("records did not answer", error_type=type(problem).__name__)
            sent = 0
        if not sent:
            time.sleep(pause)


def send_due(app: Celery, jobs: Jobs) -> int:
    """Send what is due once; return how many messages the broker confirmed."""
    ids, sent = jobs.to_send(), 0
    try:
        if ids:
            with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
                for job_id in ids:
                    app.send_task(TASK, (job_id,), producer=producer, retry=False, queue=QUEUE)
                    sent += 1
    except (BrokerAway, OSError) as problem:
        logger().warning("the broker did not answer", error_type=type(problem).__name__)
        jobs.not_sent(ids[sent:])
        time.sleep(PAUSE_SECONDS)
    return sent


def work(app: Celery, concurrency: int) -> None:
    """Take jobs until asked to end; the jobs in hand are finished first."""
    line = [
        "worker",
        "--pool",
        "prefork",
        "--concurrency",
        str(concurrency),
        "--queues",
        QUEUE,
        "--loglevel",
        "WARNING",
    ]
    app.worker_main([*line, "--without-gossip", "--without-mingle"])


def keep_pumping() -> None:
    """Run the pump in a process of its own, and start it again whenever it ends."""
    while True:
        subprocess.run([sys.executable, "-m", "redactor.worker.dispatch", str(os.getpid())], check=False)
        time.sleep(PAUSE_SECONDS)


class PerProcess:
    """Opens a thing once in each process, when it is first needed: connections and models must not cross a fork."""

    def __init__(self, open_: Callable[[], Any]) -> None:
        self._open, self._lock = open_, threading.Lock()
        self._held: tuple[int, Any] | None = None

    def __call__(self) -> Any:
        """Return this process's own."""
        with self._lock:
            if self._held is None or self._held[0] != os.getpid():
                self._held = os.getpid(), self._open()
            return self._held[1]


def main() -> None:
    """Pump until the process whose id is given has ended, however it did."""
    configure()
    settings, parent = load(), int(sys.argv[1])
    jobs = open_jobs(open_database(settings.database), settings, SystemClock())
    pump(celery_of(settings), jobs, lambda: os.getppid() != parent, settings.poll_seconds)


if __name__ == "__main__":
    main()
