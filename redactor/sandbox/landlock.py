"""Containment without namespaces, for hosts (such as containers) where bubblewrap may not make any.

The child closes itself in before it reads a byte: Landlock (kernel documentation, ``userspace-api/landlock``) leaves it
the program files read-only and one empty memory-backed folder; a seccomp filter refuses every socket but local ones.
What stays visible, and is accepted: the host's list of processes (signals to them are refused from Landlock ABI 6 on).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_SCOPE_FROM_ABI = 6
_NETWORK_FROM_ABI = 4
_ACCESS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file-system access rights known to each ABI
_LATEST_BITS = 16
_READ = 0b1 | 0b100 | 0b1000  # execute, read file, read folder
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO with EPERM
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_AF_UNIX = 1
_O_PATH = 0o10000000

_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    return max(int(_libc.syscall(_CREATE, None, 0, _VERSION_FLAG)), 0)


def enter(readable: Sequence[str], writable: Sequence[str]) -> None:
    """Close the current process and all its children in, for good.

    Args:
        readable: folders and files that may be read and executed.
        writable: folders that may also be written.

    Raises:
        OSError: if the kernel refuses; the caller must then not go on.
    """
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    version = abi()
    every = (1 << _ACCESS_BITS.get(version, _LATEST_BITS)) - 1
    network = 0b11 if version >= _NETWORK_FROM_ABI else 0
    scoped = 0b11 if version >= _SCOPE_FROM_ABI else 0
    attributes = struct.pack("<QQQ", every, network, scoped)
    length = 24 if version >= _SCOPE_FROM_ABI else 16 if version >= _NETWORK_FROM_ABI else 8
    ruleset = _checked(_libc.syscall(_CREATE, attributes, length, 0))
    for path, access in [*((path, _READ) for path in readable), *((path, every) for path in writable)]:
        _allow(ruleset, path, access)
    _checked(_libc.syscall(_RESTRICT, ruleset, 0))
    os.close(ruleset)
    _refuse_sockets()


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        handle = os.open(path, _O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - plain paths inside the child
            access &= 0b111
        rule = struct.pack("<Qi", access, handle)
        _checked(_libc.syscall(_ADD, ruleset, _PATH_BENEATH, rule, 0))
    finally:
        os.close(handle)


def _refuse_sockets() -> None:
    """Install a filter under which socket() works for local sockets only."""
    architecture, socket_call = _SOCKET_CALL[platform.machine()]
    load, equal, give = 0x20, 0x15, 0x06
    program = [
        (load, 0, 0, 4),  # architecture
        (equal, 1, 0, architecture),
        (give, 0, 0, _REFUSE),
        (load, 0, 0, 0),  # number of the call
        (equal, 0, 3, socket_call),
        (load, 0, 0, 16),  # its first argument, the address family
        (equal, 1, 0, _AF_UNIX),
        (give, 0, 0, _REFUSE),
        (give, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("<HBBI", *step) for step in program)
    held = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(program), ctypes.addressof(held)))
    _checked(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, header, 0, 0))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def main() -> None:
    """``python landlock.py READABLE WRITABLE command...``: close in, then become the command."""
    readable, writable, *command = sys.argv[1:]
    enter(readable.split(os.pathsep), writable.split(os.pathsep))
    os.chdir(writable.split(os.pathsep)[0])
    os.execvpe(command[0], command, os.environ)  # noqa: S606 - replaces this process; no shell


if __name__ == "__main__":
    main()
