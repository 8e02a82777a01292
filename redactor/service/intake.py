"""Bulk intake: what lies in a watched folder is uploaded into the case that its folder names, and then gone from there.

``FOLDER/<case>/file``: the case is named by its identifier. A file is taken once nobody has written to it for a while,
in the name of one account that is on the case. Nothing is followed out of the folder.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from redactor import limits
from redactor.access import Actor
from redactor.errors import BadArguments, FileAccess, InputRefused, NotFound, RedactorError, TooLarge
from redactor.model import digest_of
from redactor.service.base import Base
from redactor.service.documents import Documents
from redactor.service.sessions import Sessions
from redactor.store.database import reading
from redactor.store.records import account

SETTLED = timedelta(seconds=10)  # nobody has written to the file for so long
REFUSED = "refused"  # folder, beside the files, of those that cannot be taken
_CASE = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: its version's id, or why it was put aside. Names stay in the folder."""

    case: str
    version: str = ""
    refused: str = ""


class Intake:
    """The use case of a watched folder."""

    def __init__(self, base: Base, documents: Documents, sessions: Sessions) -> None:
        self._base, self._documents, self._sessions = base, documents, sessions

    def account(self, username: str) -> Actor:
        """Return the account in whose name files are taken. Raises NotFound, BadArguments for one that is closed."""
        with reading(self._base.engine) as connection:
            row = connection.execute(
                select(account).where(account.c.username == username.strip().lower())
            ).one_or_none()
            if row is None:
                raise NotFound("There is no such account.", next_step="Invite it first, and put it on the cases.")
            if row.disabled_at is not None or row.enrolled_at is None:
                raise BadArguments("The account is closed or not set up yet.")
            return self._sessions.actor_of(connection, row)

    def sweep(self, folder: Path, username: str) -> tuple[Taken, ...]:
        """Take every file that has settled, and return what became of each.

        A file that was taken is deleted; one that is refused is put aside with the reason in a text file beside it. One
        that cannot be stored now (storage or scanner away) stays and is tried again.

        Args:
            folder: with a folder for each case.
            username: who takes them; roles and cases are read afresh each time.
        """
        actor, found = self.account(username), list[Taken]()
        for case, path in self._waiting(folder):
            try:
                content = _read(path)
                # The same file is the same request: if this was cut off after the upload, it is not stored twice.
                key = f"intake {digest_of(repr((case, path.name)).encode() + content)}"
                version = self._documents.upload(actor, case, path.name, content, key=key)
                path.unlink()
                found.append(Taken(case, version))
            except (FileAccess, OSError):
                continue
            except RedactorError as problem:
                if problem.http_status >= 500:  # ours, and it passes
                    continue
                _put_aside(path, problem)
                found.append(Taken(case, refused=problem.slug))
        return tuple(found)

    def _waiting(self, folder: Path) -> Iterator[tuple[str, Path]]:
        now = self._base.clock.now().timestamp()
        for place in sorted(folder.iterdir()):
            if not _CASE.match(place.name) or place.is_symlink() or not place.is_dir():
                continue
            for path in sorted(place.iterdir()):
                state = path.lstat()
                if stat.S_ISREG(state.st_mode) and now - state.st_mtime >= SETTLED.total_seconds():
                    yield place.name, path


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputRefused("It is no plain file.")
        content = file.read(limits.UPLOAD_BYTES + 1)
    if len(content) > limits.UPLOAD_BYTES:
        raise TooLarge(f"The file is larger than {limits.UPLOAD_BYTES // limits.MEBIBYTE} MiB.")
    return content


def _put_aside(path: Path, problem: RedactorError) -> None:
    aside = path.parent / REFUSED
    aside.mkdir(mode=0o700, exist_ok=True)
    path.rename(aside / path.name)
    (aside / f"{path.name}.why.txt").write_text(f"{problem.message}\n{problem.next_step}\n", encoding="utf-8")
