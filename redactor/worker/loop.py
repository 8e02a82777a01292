"""The two ways in which a worker comes by its jobs: it asks the records itself, or RabbitMQ hands them out."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from redactor.app import compose
from redactor.jobs import Claim
from redactor.logs import logger
from redactor.service import Service
from redactor.service.machine import Machine
from redactor.settings import SUPERVISOR, Settings
from redactor.store.records import new_id


def work(service: Service, machine: Machine, stop: threading.Event, *, until_idle: bool = False) -> int:
    """Claim and run jobs until told to stop; returns how many were run. Survives the records being away.

    Args:
        until_idle: end when nothing is due.
    """
    name, done = worker_name(), 0
    supervisor = os.environ.get(SUPERVISOR)
    while not stop.is_set() and supervisor in (None, str(os.getppid())):
        try:
            claim = service.base.jobs.claim(name)
            if claim is not None:
                service.processing.run(claim, machine)
                done += 1
                continue
        except SQLAlchemyError as problem:
            logger().warning("records did not answer", error_type=type(problem).__name__)
        if until_idle:
            break
        stop.wait(service.base.settings.poll_seconds)
    return done


def worker_name() -> str:
    """Return a name for this process's leases that no other process ever has."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{new_id()[:8]}"


def work_alone(settings: Settings, machine: Callable[[], Machine]) -> None:
    """Ask the records for due jobs until asked to end; the job in hand is finished first."""
    service, stop = compose(settings), threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    logger().info("worker ready")
    work(service, machine(), stop)
    logger().info("worker ended")


def work_for_broker(settings: Settings, machine: Callable[[], Machine]) -> None:
    """Take jobs from RabbitMQ, and keep a process beside this one that pumps due ones into it."""
    from redactor.broker import celery_of  # Celery is there only where it is used
    from redactor.worker import dispatch

    app = celery_of(settings)
    service = dispatch.PerProcess(lambda: compose(settings))
    machines, name = dispatch.PerProcess(machine), dispatch.PerProcess(worker_name)

    def run(claim: Claim) -> None:
        service().processing.run(claim, machines())

    dispatch.register(app, lambda: service().base.jobs, lambda: run, name)
    threading.Thread(target=dispatch.keep_pumping, name="pump", daemon=True).start()
    logger().info("worker ready")
    dispatch.work(app, settings.workers)
