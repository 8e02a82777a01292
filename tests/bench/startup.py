"""How long web and worker take to start, and the memory of each: ``./run bench startup``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from redactor.app import prepare
from redactor.limits import MEBIBYTE
from redactor.sandbox.call import _resident, _tree
from redactor.settings import Settings
from tests.bench._table import heading
from tests.servers import free_port, wait_until

_VIEWS = 40
_SETTLE_SECONDS = 3.0


def main() -> None:
    """Print a row for each process."""
    heading("Start-up and memory")
    print(f"| `redactor --help` | {_timed([sys.executable, '-m', 'redactor', '--help']):.2f} s |")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "var")
        prepare(settings)
        _web(settings)
        _worker(settings)


def _timed(command: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - begun


def _web(settings: Settings) -> None:
    port = free_port()
    line = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    address = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        try:
            return bool(urllib.request.urlopen(f"{address}/ready", timeout=5).status == 200)
        except OSError:
            return False

    with _Started([*line, "redactor.web:create_app()"], settings) as started:
        seconds = started.wait(ready)
        for _ in range(_VIEWS):
            urllib.request.urlopen(f"{address}/sign-in", timeout=30).read()
        print(f"| web, until it is ready | {seconds:.1f} s |")
        print(f"| web, memory of all its processes after {_VIEWS} pages | {started.memory()} MiB |", flush=True)


def _worker(settings: Settings) -> None:
    with _Started(["-m", "redactor.worker"], settings) as started:
        log = started.log
        seconds = started.wait(lambda: b"worker ready" in log.read_bytes())
        time.sleep(_SETTLE_SECONDS)  # the detector is loaded once it is ready to be asked
        print(f"| worker, until it takes jobs | {seconds:.1f} s |")
        print(f"| worker, memory while idle | {started.memory()} MiB |", flush=True)


class _Started:
    """A process of the service, ended with the block."""

    def __init__(self, arguments: list[str], settings: Settings) -> None:
        self._arguments, self.log = arguments, settings.data / "log"
        self._environment = {**os.environ, "REDACTOR_DATA": str(settings.data)}

    def __enter__(self) -> _Started:
        with self.log.open("wb") as log:
            self._begun = time.monotonic()
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments], env=self._environment, stderr=log, stdout=log
            )
        return self

    def wait(self, ready: Callable[[], bool]) -> float:
        """Return after how many seconds it was ready."""
        wait_until(ready, self._arguments[1])
        return time.monotonic() - self._begun

    def memory(self) -> int:
        """Return the private resident MiB of the process and its children."""
        return sum(_resident(pid) for pid in _tree(self._process.pid)) // MEBIBYTE

    def __exit__(self, *problem: object) -> None:
        self._process.terminate()
        self._process.wait()


if __name__ == "__main__":
    main()
