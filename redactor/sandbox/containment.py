"""The walls that a child can be put behind, and which of them this host offers.

Bubblewrap gives namespaces of its own for processes, network, mounts and users: the child sees the program files
read-only, an empty memory-backed home, and no network at all. Where namespaces are refused (as in most containers)
Landlock and seccomp close the child in instead. Where neither works the service does not start unless an operator says
so explicitly (setting ``REDACTOR_CONTAINMENT=none``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from redactor.errors import UnsafeConfiguration
from redactor.sandbox import landlock

PROGRAM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt")
CONFIGURATION = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/passwd",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
OWN_FOLDERS = ("redactor", "templates", "models")  # never the checkout itself: it may hold keys and data
HOME = "/box"
MEMORY = "/dev/shm"  # noqa: S108 - memory-backed, made private by mkdtemp
SETTING = "REDACTOR_CONTAINMENT"
INSIDE = "REDACTOR_CONTAINED"
FILTER_CALLS = "REDACTOR_FILTER_CALLS"  # asks the child to refuse itself the kernel's riskier calls as well


class Containment(Protocol):
    """A wall: turns a command into the same command behind the wall."""

    name: str

    @contextmanager
    def wrap(self, command: list[str], memory_bytes: int) -> Iterator[list[str]]:
        """Give the command that runs ``command`` contained; what it needed outside is gone afterwards."""

    def works(self) -> bool:
        """Say whether this host lets the wall be built."""


def _python_folders() -> list[str]:
    """Folders that the interpreter and the installed packages live in, read-only for the child."""
    root = Path(__file__).resolve().parents[2]
    folders = {sys.prefix, sys.base_prefix, *(str(root / name) for name in OWN_FOLDERS)}
    folders.update(entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages"))
    return sorted(folder for folder in folders if not folder.startswith(PROGRAM_FOLDERS))


class Bubblewrap:
    """Linux namespaces by the bubblewrap program."""

    name = "bubblewrap"

    @contextmanager
    def wrap(self, command: list[str], memory_bytes: int) -> Iterator[list[str]]:
        """Give the bubblewrap command line; the home is a tmpfs no larger than the memory limit."""
        line = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
        line += ["--proc", "/proc", "--dev", "/dev", "--size", str(memory_bytes), "--tmpfs", HOME]
        line += ["--size", str(memory_bytes), "--tmpfs", "/tmp"]  # noqa: S108 - the child's own
        for folder in (*PROGRAM_FOLDERS, *CONFIGURATION, *_python_folders()):
            line += ["--ro-bind-try", folder, folder]
        line += ["--chdir", HOME]
        for name, value in _environment(HOME, "/tmp").items():  # noqa: S108 - the child's own
            line += ["--setenv", name, value]
        if landlock.can_filter():
            line += ["--setenv", FILTER_CALLS, "1"]
        yield [*line, "--", *command]

    def works(self) -> bool:
        """Try the wall once with a program that does nothing."""
        if not shutil.which("bwrap"):
            return False
        return _answers(self)


class Landlock:
    """The kernel's Landlock and seccomp, for hosts that refuse namespaces."""

    name = "landlock"

    @contextmanager
    def wrap(self, command: list[str], memory_bytes: int) -> Iterator[list[str]]:
        """Give the command that closes itself in; its home is a folder in shared memory, removed afterwards."""
        del memory_bytes
        with tempfile.TemporaryDirectory(prefix="redactor-", dir=MEMORY) as home:
            readable = [*PROGRAM_FOLDERS, *CONFIGURATION, *_python_folders(), "/proc", "/dev/null", "/dev/urandom"]
            pairs = [f"{name}={value}" for name, value in _environment(home, home).items()]
            enter = [sys.executable, "-I", landlock.__file__, os.pathsep.join(readable), f"{home}{os.pathsep}/dev/null"]
            yield ["env", "-i", *pairs, *enter, *command]

    def works(self) -> bool:
        """Try the wall once with a program that does nothing."""
        return landlock.can_filter() and landlock.abi() > 0 and Path(MEMORY).is_dir() and _answers(self)


class Uncontained:
    """No wall: only for development, and only when an operator has asked for it by name."""

    name = "none"

    @contextmanager
    def wrap(self, command: list[str], memory_bytes: int) -> Iterator[list[str]]:
        """Give the command with a clean environment but no wall."""
        del memory_bytes
        with tempfile.TemporaryDirectory(prefix="redactor-", dir=MEMORY) as home:
            pairs = [f"{name}={value}" for name, value in _environment(home, home).items()]
            yield ["env", "-i", "-C", home, *pairs, *command]

    def works(self) -> bool:
        """Always."""
        return True


def _answers(wall: Containment) -> bool:
    """Say whether a program that does nothing runs behind the wall."""
    with wall.wrap(["/bin/true"], memory_bytes=1024 * 1024) as trial:
        return subprocess.run(trial, capture_output=True, check=False, timeout=20).returncode == 0


def _environment(home: str, scratch: str) -> dict[str, str]:
    return {
        "HOME": home,
        "TMPDIR": scratch,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        INSIDE: "1",
    }


@cache
def active() -> Containment:
    """Return the wall that is in force.

    Raises:
        UnsafeConfiguration: if no wall can be built and none was not asked for explicitly.
    """
    wanted = os.environ.get(SETTING, "auto")
    if wanted == "none":
        return Uncontained()
    for wall in (Bubblewrap(), Landlock()):
        if wanted in ("auto", wall.name) and wall.works():
            return wall
    raise UnsafeConfiguration(
        "Uploaded files cannot be contained on this host: neither bubblewrap nor Landlock works.",
        next_step=f"Install bubblewrap and allow user namespaces, or accept the risk with {SETTING}=none.",
    )
