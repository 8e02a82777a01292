"""Opens a zip archive that somebody else made, under the rules that package indexes use against hostile uploads."""

from __future__ import annotations

import io
import zipfile
import zlib

from redactor.errors import Damaged, Encrypted, Hostile, TooLarge
from redactor.limits import PACKAGE_MEMBER_BYTES, PACKAGE_MEMBERS, PACKAGE_TOTAL_BYTES

_ENCRYPTED_FLAG = 0x1
_LOCAL_HEADER = b"PK\x03\x04"
_LOCAL_HEADER_LENGTH = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RATIO_MOST = 1000  # deflate cannot exceed 1032:1; Office parts stay far below
_RATIO_MATTERS_FROM = 8 * 1024 * 1024
_CHUNK = 256 * 1024


def unpack(untrusted: bytes) -> dict[str, bytes]:
    """Return every member by name, in the archive's order, folders left out.

    Raises:
        Damaged: if the archive is broken or contradicts itself.
        Hostile: duplicate or escaping names, overlapping members, bombs.
        Encrypted: if a member is locked.
        TooLarge: beyond the limits on members or bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(untrusted)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check_directory(untrusted, members)
            return _read(archive, members)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, OverflowError):
        raise Damaged("The file's archive is broken.") from None


def _check_directory(untrusted: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Apply every rule that needs no unpacking."""
    if len(members) > PACKAGE_MEMBERS:
        raise TooLarge("The file holds too many parts.")
    names = {_canonical(member.filename) for member in members}
    if len(names) != len(members):
        raise Hostile("The file holds two parts of the same name.")
    for member in members:
        _check_name(member)
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise Encrypted("A part of the file is locked with a password.")
        if member.compress_type not in _METHODS:
            raise Hostile("A part of the file is packed in a way that Office never uses.")
        if member.file_size > PACKAGE_MEMBER_BYTES:
            raise TooLarge("A part of the file is too large.")
        if member.file_size > max(_RATIO_MATTERS_FROM, member.compress_size * _RATIO_MOST):
            raise Hostile("The file is built to swell when it is unpacked.")
    if sum(member.file_size for member in members) > PACKAGE_TOTAL_BYTES:
        raise TooLarge("The file's parts are too large together.")
    _check_overlap(untrusted, members)


def _canonical(name: str) -> str:
    """Part names compare without regard to case (ECMA-376 part 2, 6.2.2.3)."""
    return name.replace("\\", "/").lstrip("/").lower()


def _check_name(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    steps = name.split("/")
    absolute = name.startswith("//") or (len(steps[0]) == 2 and steps[0].endswith(":"))
    if absolute or ".." in steps or "\x00" in member.orig_filename:
        raise Hostile("A part of the file has a name that points outside it.")


def _check_overlap(untrusted: bytes, members: list[zipfile.ZipInfo]) -> None:
    """Members must lie one after another: overlapping ones are how small bombs become large."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        start = member.header_offset
        header = untrusted[start : start + _LOCAL_HEADER_LENGTH]
        if len(header) < _LOCAL_HEADER_LENGTH or not header.startswith(_LOCAL_HEADER):
            raise Damaged("The file's archive is broken.")
        if start < end:
            raise Hostile("Parts of the file overlap.")
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        end = start + _LOCAL_HEADER_LENGTH + names + member.compress_size


def _read(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Unpack, counting again: what the directory says about sizes is only a claim."""
    parts, total = {}, 0
    for member in members:
        content = bytearray()
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                total += len(chunk)
                if len(content) > PACKAGE_MEMBER_BYTES or total > PACKAGE_TOTAL_BYTES:
                    raise TooLarge("The file's parts are too large.")
        parts[member.filename.replace("\\", "/").lstrip("/")] = bytes(content)
    return parts
