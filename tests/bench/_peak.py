"""What the measurements share: peak memory and processor time of this process and all its children, sampled."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from redactor.sandbox.call import _resident, _tree

SAMPLE_SECONDS = 0.05


class Peak:
    """The largest private resident memory, in bytes, of this process with its children and of the children alone.

    ``cpu`` is the seconds of processor time that all of them used; what a process uses after its last sample is missed.
    """

    def __enter__(self) -> Peak:
        self.bytes = self.children = 0
        self._used: dict[int, float] = {}
        self._before = _processor_seconds(os.getpid())
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            own, *others = _tree(os.getpid())
            for pid in others:
                self._used[pid] = max(self._used.get(pid, 0.0), _processor_seconds(pid))
            children = sum(_resident(pid) for pid in others)
            self.children = max(self.children, children)
            self.bytes = max(self.bytes, children + _resident(own))

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(self._used.values()) + _processor_seconds(os.getpid()) - self._before

    def __exit__(self, *problem: object) -> None:
        self._done.set()
        self._thread.join()


def _processor_seconds(pid: int) -> float:
    """Return what a process itself has used (proc(5): utime and stime are the fields 14 and 15)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
