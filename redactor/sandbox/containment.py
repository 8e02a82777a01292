"""The walls that a child can be put behind, and which of them this host offers.

Bubblewrap gives namespaces of its own for processes, network, mounts and users: the child sees the program files
read-only, an empty memory-backed home, and no network at all. Where namespaces are refused the service does not start
unless an operator says so explicitly (setting ``containment = none``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Protocol

from redactor.errors import UnsafeConfiguration

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
)
OWN_FOLDERS = ("redactor", "templates", "models")  # never the checkout itself: it may hold keys and data
HOME = "/box"
SETTING = "REDACTOR_CONTAINMENT"
INSIDE = "REDACTOR_CONTAINED"


class Containment(Protocol):
    """A wall: turns a command into the same command behind the wall."""

    name: str

    def wrap(self, command: list[str], memory_bytes: int) -> list[str]:
        """Return the command that runs ``command`` contained."""

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

    def wrap(self, command: list[str], memory_bytes: int) -> list[str]:
        """Return the bubblewrap command line; the home is a tmpfs no larger than the memory limit."""
        line = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
        line += ["--proc", "/proc", "--dev", "/dev", "--size", str(memory_bytes), "--tmpfs", HOME]
        line += ["--size", str(memory_bytes), "--tmpfs", "/tmp"]  # noqa: S108 - the child's own
        for folder in (*PROGRAM_FOLDERS, *CONFIGURATION, *_python_folders()):
            line += ["--ro-bind-try", folder, folder]
        line += ["--chdir", HOME]
        for name, value in _environment(HOME).items():
            line += ["--setenv", name, value]
        return [*line, "--", *command]

    def works(self) -> bool:
        """Try the wall once with a program that does nothing."""
        if not shutil.which("bwrap"):
            return False
        trial = self.wrap(["/bin/true"], memory_bytes=1024 * 1024)
        return subprocess.run(trial, capture_output=True, check=False, timeout=20).returncode == 0


class Uncontained:
    """No wall: only for development, and only when an operator has asked for it by name."""

    name = "none"

    def wrap(self, command: list[str], memory_bytes: int) -> list[str]:
        """Return the command with a clean environment but no wall."""
        del memory_bytes
        pairs = [f"{name}={value}" for name, value in _environment("/tmp").items()]  # noqa: S108 - says so in doctor
        return ["env", "-i", *pairs, *command]

    def works(self) -> bool:
        """Always."""
        return True


def _environment(home: str) -> dict[str, str]:
    return {
        "HOME": home,
        "TMPDIR": "/tmp",  # noqa: S108 - the child's own tmpfs
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
    if wanted in ("auto", "bubblewrap") and Bubblewrap().works():
        return Bubblewrap()
    raise UnsafeConfiguration(
        "Uploaded files cannot be contained on this host: bubblewrap is missing or namespaces are refused.",
        next_step=f"Install bubblewrap and allow user namespaces, or accept the risk with {SETTING}=none.",
    )
