"""Containment without namespaces, for hosts (such as containers) where bubblewrap may not make any.

The child closes itself in before it reads a byte: it gives up its capabilities; Landlock (kernel documentation,
``userspace-api/landlock``) leaves it the program files read-only and one empty memory-backed folder, and keeps it from
reading the memory or environment of processes outside; a seccomp filter refuses every way to reach a network or another
program's socket. A local socket in its own folder may be made, since LibreOffice will not start without one.
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
_ALLOW, _REFUSE, _DENY = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 13  # SECCOMP_RET_ALLOW, _ERRNO with EPERM, EACCES
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}  # AUDIT_ARCH and the column below
_SOCKET, _SOCKET_PAIR = (41, 198), (53, 199)
_ACCESS, _ACCESS_MODE, _W_OK = (21, 48), (1, 2), 2  # access(path, mode), faccessat(folder, path, mode)
_REFUSED_CALLS = {  # asm/unistd.h of x86_64 and of aarch64
    "connect": (42, 203),  # to another program's local socket
    "io_uring_setup": (425, 425),  # its operations pass by a filter
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "open_by_handle_at": (304, 265),
}
_X32_CALLS = 0x40000000  # x86_64's second table of the same calls starts here
_AF_UNIX, _SOCK_STREAM, _KIND_OF_SOCKET = 1, 1, 0xF
_CAPABILITY_VERSION = 0x20080522  # linux/capability.h, _LINUX_CAPABILITY_VERSION_3
_O_PATH = 0o10000000

_libc = ctypes.CDLL(None, use_errno=True)


def abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    return max(int(_libc.syscall(_CREATE, None, 0, _VERSION_FLAG)), 0)


def can_filter() -> bool:
    """Say whether the numbers of the calls to refuse are known for this kind of machine."""
    return platform.machine() in _MACHINES


def enter(readable: Sequence[str], writable: Sequence[str]) -> None:
    """Close the current process and all its children in, for good.

    Args:
        readable: folders and files that may be read and executed.
        writable: folders that may also be written.

    Raises:
        OSError: if the kernel refuses; the caller must then not go on.
    """
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _give_up_capabilities()
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
    refuse_calls()


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


def _give_up_capabilities() -> None:
    """Leave the process, root or not, without any; no_new_privs keeps it so."""
    header, none = struct.pack("<Ii", _CAPABILITY_VERSION, 0), bytes(24)
    _checked(_libc.capset(ctypes.create_string_buffer(header, 8), ctypes.create_string_buffer(none, 24)))


def refuse_calls() -> None:
    """Install a filter for this process and its children, for good.

    No call of the list, and no socket but a local stream, which without ``connect`` reaches no other program.

    Raises:
        OSError: if the kernel refuses; the caller must then not go on.
    """
    architecture, column = _MACHINES[platform.machine()]
    load, mask, equal, at_least, give = 0x20, 0x54, 0x15, 0x35, 0x06
    refuse, allow = (give, 0, 0, _REFUSE), (give, 0, 0, _ALLOW)
    number, arguments = (load, 0, 0, 0), [(load, 0, 0, 16 + 8 * place) for place in range(3)]
    stream_only = [arguments[1], (mask, 0, 0, _KIND_OF_SOCKET), (equal, 1, 0, _SOCK_STREAM), refuse, allow]
    local_only = [arguments[0], (equal, 1, 0, _AF_UNIX), refuse]
    # Landlock leaves access(2) alone, which then promises too much: LibreOffice would choose /tmp for its socket.
    not_writable = [arguments[_ACCESS_MODE[column]], (equal, 0, 1, _W_OK), (give, 0, 0, _DENY), allow]
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), refuse, number, (at_least, 0, 1, _X32_CALLS), refuse]
    for calls in _REFUSED_CALLS.values():
        program += [(equal, 0, 1, calls[column]), refuse]
    for calls, then in (
        (_SOCKET, [*local_only, *stream_only]),
        (_SOCKET_PAIR, stream_only),
        (_ACCESS, not_writable),
    ):
        program += [(equal, 0, len(then), calls[column]), *then]
    program.append(allow)
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
