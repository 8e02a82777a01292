"""What the measurements share: the peak memory of this process and all its children, sampled while they work."""

from __future__ import annotations

import os
import threading

from redactor.sandbox.call import _resident, _tree

SAMPLE_SECONDS = 0.05


class Peak:
    """The largest private resident memory, in bytes, of this process with its children and of the children alone."""

    def __enter__(self) -> Peak:
        self.bytes = self.children = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            own, *others = _tree(os.getpid())
            children = sum(_resident(pid) for pid in others)
            self.children = max(self.children, children)
            self.bytes = max(self.bytes, children + _resident(own))

    def __exit__(self, *problem: object) -> None:
        self._done.set()
        self._thread.join()
