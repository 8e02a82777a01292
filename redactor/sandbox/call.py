"""Calls a function behind the wall and checks the answer as if an enemy had written it."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from redactor import errors
from redactor.limits import Limits
from redactor.sandbox import child, frames
from redactor.sandbox.containment import active

_PACKAGE = str(Path(__file__).resolve().parents[1])
# The package is loaded from its own folder: the folder around it is not visible to the child.
_BOOT = (
    "import importlib.util as u, sys; "
    f"p = {_PACKAGE!r}; "
    "s = u.spec_from_file_location('redactor', p + '/__init__.py', submodule_search_locations=[p]); "
    "m = u.module_from_spec(s); sys.modules['redactor'] = m; s.loader.exec_module(m); "
    "from redactor.sandbox.child import main; main()"
)
_ADDRESS_SPACE_FACTOR = 6  # programs map far more than they touch; the resident limit is the one that binds
_WATCH_SECONDS = 0.1
_MESSAGE_CHARACTERS = 300
_PAGE = os.sysconf("SC_PAGE_SIZE")
_WATCHES: set[_Watch] = set()  # of the children that are at work now


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child returned: JSON bytes to be loaded with ``wire.load``, and files by name."""

    value: bytes
    files: Mapping[str, bytes]


def call(function: str, request: bytes, files: Mapping[str, bytes], limits: Limits | None = None) -> Answer:
    """Call ``package.module:function`` in a contained child process.

    The function takes ``(request: bytes, files: Mapping[str, bytes])`` and returns ``(answer: bytes, files)``.

    Args:
        function: dotted module and function of this package.
        request: JSON.
        files: named bytes to hand over.
        limits: time, memory, output and process limits.

    Raises:
        RedactorError: the error that the function raised, rebuilt from its slug.
        TooLarge: if a limit was reached.
        ConverterFailed: if the child crashed.
        UnsafeConfiguration: if no containment is available.
    """
    bounds = limits or Limits()
    sent = io.BytesIO()
    frames.write(sent, {"function": function}, {child.REQUEST: request, **files})
    watch = _Watch(bounds)
    with (
        active().wrap([sys.executable, "-I", "-c", _BOOT], bounds.memory_bytes) as command,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: _bound(bounds),
        ) as process,
    ):
        watch.start(process.pid)
        try:
            untrusted, _ = process.communicate(sent.getvalue(), timeout=bounds.seconds + 5)
        except subprocess.TimeoutExpired:
            untrusted = b""
        finally:
            watch.stop()
    if watch.reason:
        raise errors.TooLarge(watch.reason)
    if not untrusted:
        raise errors.Damaged("The file made its reader fail.")
    head, blobs = frames.read(io.BytesIO(untrusted), bounds.output_bytes)
    if "error" in head:
        raise _rebuilt(head)
    return Answer(blobs.pop(child.ANSWER, b""), blobs)


def spread(
    function: str,
    requests: Sequence[bytes],
    files: Mapping[str, bytes],
    limits: Limits | None = None,
    *,
    hands: int,
    told: Callable[[int], None] = lambda done: None,
) -> list[Answer]:
    """Call a function once for each request, several children at once; answers come in the order of the requests.

    Args:
        function: as in ``call``.
        requests: JSON, one for each call, such as one range of a file's pages.
        files: handed to every call.
        limits: of each child.
        hands: how many children work at once; the answers do not depend on it.
        told: hears how many of the requests are answered.

    Raises:
        RedactorError: of the first request in order that failed; calls that have not begun are then not made.
    """
    with ThreadPoolExecutor(max_workers=max(1, hands), thread_name_prefix="sandbox") as pool:
        waiting = [pool.submit(call, function, request, files, limits) for request in requests]
        answers: list[Answer] = []
        try:
            for each in waiting:
                answers.append(each.result())
                told(len(answers))
            return answers
        finally:
            for each in waiting:
                each.cancel()


def free_hands() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def _bound(limits: Limits) -> None:
    """Set the kernel's limits; runs in the child between fork and exec."""
    space = limits.memory_bytes * _ADDRESS_SPACE_FACTOR
    cpu = int(limits.seconds) + 5
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _rebuilt(untrusted: Mapping[str, object]) -> errors.RedactorError:
    """Make the error again from what crossed the wall: a known slug and a short printable message."""
    slug, message = str(untrusted.get("error")), str(untrusted.get("message", ""))
    step = str(untrusted.get("next_step", ""))
    kinds = {kind.slug: kind for kind in _all_kinds(errors.RedactorError)}
    kind = kinds.get(slug, errors.ConverterFailed)
    clean = "".join(c for c in message[:_MESSAGE_CHARACTERS] if c.isprintable())
    made = kind(clean or "The sandboxed step failed.", next_step=step[:_MESSAGE_CHARACTERS] or None)
    if isinstance(made, errors.LeakFound):
        checks = untrusted.get("checks")
        made.checks = tuple(str(check) for check in checks) if isinstance(checks, list) else ()
    return made


def _all_kinds(kind: type[errors.RedactorError]) -> list[type[errors.RedactorError]]:
    return [kind, *(inner for sub in kind.__subclasses__() for inner in _all_kinds(sub))]


def end_all() -> None:
    """End every child of this process that is at work now: a person stopped the job that it is for."""
    for watch in tuple(_WATCHES):
        watch.end()


class _Watch:
    """Kills the child's whole process tree when it outlives its time or memory; native hangs ignore signals."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._ended = False
        self.reason = ""

    def start(self, pid: int) -> None:
        self._thread = threading.Thread(target=self._run, args=(pid,), daemon=True)
        self._thread.start()
        _WATCHES.add(self)

    def end(self) -> None:
        self._ended = True

    def stop(self) -> None:
        _WATCHES.discard(self)
        self._done.set()
        if self._thread:
            self._thread.join()

    def _run(self, pid: int) -> None:
        deadline = time.monotonic() + self._limits.seconds
        while not self._done.wait(_WATCH_SECONDS):
            tree = _tree(pid)
            if self._ended:
                self.reason = "The work was stopped."
            elif time.monotonic() > deadline:
                self.reason = f"The file took longer than {self._limits.seconds:.0f} seconds."
            elif sum(_resident(member) for member in tree) > self._limits.memory_bytes:
                self.reason = "The file needs more memory than is allowed."
            elif len(tree) > self._limits.processes:
                self.reason = "The file made its reader start too many processes."
            if self.reason:
                _kill(tree)
                return


def _tree(root: int) -> list[int]:
    """Return the process and all its descendants, from the kernel's own lists of children."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(entry) for entry in (task / "children").read_text().split()]
    return found


def _resident(pid: int) -> int:
    """Return private resident bytes of a process (shared pages are counted once in none)."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def _kill(tree: list[int]) -> None:
    for pid in tree:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 9)
