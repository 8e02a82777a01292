"""A worker that kills itself at a named step, as a power cut would: the service's own loops around a small machine.

``CHAOS_FAIL`` names the steps at which the next process dies, from a folder in which each step is taken once.
``CHAOS_CLOCK`` names a file that holds by how many seconds the clock is off.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from redactor import app
from redactor.clock import SystemClock
from redactor.jobs import Jobs
from redactor.logs import configure
from redactor.service import Service
from redactor.service.processing import Processing
from redactor.settings import Settings, load
from redactor.store.blobs import Blobs
from redactor.worker import loop
from tests.unit.service.conftest import SmallMachine

WORK_SECONDS = 0.02
POISON = b"This ends whoever reads it."
# Where a worker can be when it dies, in the order in which it passes them.
STEPS = ("claimed", "read", "found", "blob written", "blob recorded", "finished, not committed", "committed")


class ClockOnFile(SystemClock):
    """The machine's clock, off by what a file says."""

    def now(self) -> datetime:
        """Return the moment that this machine believes in."""
        file = Path(os.environ["CHAOS_CLOCK"])
        return super().now() + timedelta(seconds=float(file.read_text() or 0))


class Machine(SmallMachine):
    """Takes a little time, so that a kill can hit it."""

    def read(self, *given: Any) -> Any:
        """Read slowly."""
        time.sleep(WORK_SECONDS)
        if POISON in given[0].content:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(*given)


def die_at(step: str) -> None:
    """End this process if the step is to be taken and nobody took it yet."""
    try:
        (Path(os.environ["CHAOS_FAIL"]) / step.replace(" ", "_")).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def after(kind: type, method: str, step: str) -> None:
    """Die after a method of the service has returned."""
    real: Callable[..., Any] = getattr(kind, method)

    def wrapped(*given: Any, **named: Any) -> Any:
        answer = real(*given, **named)
        die_at(step)
        return answer

    setattr(kind, method, wrapped)


def main() -> None:
    """Work until killed."""
    configure(sys.stderr)
    for kind, method, step in (
        (Jobs, "claim", "claimed"),
        (Machine, "read", "read"),
        (Machine, "find", "found"),
        (Blobs, "put", "blob written"),
        (Blobs, "record", "blob recorded"),
        (Jobs, "finish", "finished, not committed"),
        (Processing, "run", "committed"),
    ):
        after(kind, method, step)
    settings = load()

    def compose(given: Settings) -> Service:
        return app.compose(given, ClockOnFile())

    loop.compose = compose
    (loop.work_alone if settings.queue_url is None else loop.work_for_broker)(settings, Machine)


if __name__ == "__main__":
    main()
