"""Keeps the processes of ``redactor serve`` running, starts workers again that end, and ends all of them together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Sequence

from redactor.settings import SUPERVISOR

PAUSE_SECONDS = 1.0  # before a worker is started again, so that one that cannot start does not spin
GRACE_SECONDS = 30.0  # for the job in hand


def run(main: Sequence[str], workers: Sequence[Sequence[str]]) -> int:
    """Run a main process and workers until the main one ends or somebody asks to end; return the main one's code."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    first = subprocess.Popen(main)
    environment = {**os.environ, SUPERVISOR: str(os.getpid())}
    running = [subprocess.Popen(line, env=environment) for line in workers]
    try:
        while not stop.wait(PAUSE_SECONDS) and first.poll() is None:
            for place, worker in enumerate(running):
                if worker.poll() is not None:
                    running[place] = subprocess.Popen(workers[place], env=environment)
    finally:
        _end([first, *running])
    return 0 if stop.is_set() else first.returncode


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()  # its job goes to another worker when the lease ends
            process.wait()
