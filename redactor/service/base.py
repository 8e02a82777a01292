"""What every use case stands on: the stores, the clock, and the two ways into the records (looking and acting)."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, select

from redactor.access import Actor, Allowed, CaseAccess, Permission, Refused, decide
from redactor.clock import Clock
from redactor.errors import AccessRefused, NotFound
from redactor.jobs import Jobs
from redactor.settings import Settings
from redactor.store.audit import Audit
from redactor.store.blobs import Blobs
from redactor.store.database import reading, writing
from redactor.store.keys import KeyRing
from redactor.store.records import case_file, case_member

SYSTEM = "system"
RECIPIENT = "recipient"
TOKEN_BYTES = 32  # 256 bits
STOPPED = {
    "failure": "stopped",
    "failure_text": "A person stopped this work.",
    "next_step": "Start it again when you want it.",
}
NO_SUCH_THING = "There is no such item, or you may not see it."


class Recent:
    """The few values that were made last, so that turning the pages of a long document does not open it each time.

    Args:
        most: how many values are kept.
    """

    def __init__(self, most: int = 3) -> None:
        self._most, self._kept, self._lock = most, OrderedDict[str, Any](), threading.Lock()

    def get(self, key: str, make: Callable[[], Any]) -> Any:
        """Return the value of a key, making it where it is not at hand."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Base:
    """The stores and what goes with them; built once by ``redactor.app``."""

    engine: Engine
    keys: KeyRing
    blobs: Blobs
    audit: Audit
    jobs: Jobs
    clock: Clock
    settings: Settings
    readings: Recent = field(default_factory=Recent)
    plans: Recent = field(default_factory=lambda: Recent(most=4))
    desks: Recent = field(default_factory=lambda: Recent(most=4))  # plans as the pages lay them out
    pictures: Recent = field(default_factory=lambda: Recent(most=24))

    @contextmanager
    def act(
        self, actor: Actor, permission: Permission, case: str | None = None, *, subject: str = "-"
    ) -> Iterator[Connection]:
        """Open the one transaction of a use case, if the actor may do it; a refusal goes on the record.

        Raises:
            AccessRefused: with the reason in plain words.
        """
        with writing(self.engine) as connection:
            answer = self._ask(connection, actor, permission, case)
            if isinstance(answer, Allowed):
                yield connection
                return
            self._record_refusal(connection, actor, answer, case, subject)
        raise AccessRefused(answer.sentence)

    @contextmanager
    def look(self, actor: Actor, permission: Permission, case: str | None = None) -> Iterator[Connection]:
        """Open a transaction that only reads, if the actor may; a refusal goes on the record.

        Raises:
            AccessRefused: with the reason in plain words.
        """
        with reading(self.engine) as connection:
            answer = self._ask(connection, actor, permission, case)
            if isinstance(answer, Allowed):
                yield connection
                return
        with writing(self.engine) as connection:
            self._record_refusal(connection, actor, answer, case, "-")
        raise AccessRefused(answer.sentence)

    def may(self, actor: Actor, permission: Permission, case: str | None = None) -> bool:
        """Say whether the actor may, so that a page offers only what will work."""
        with reading(self.engine) as connection:
            return isinstance(self._ask(connection, actor, permission, case), Allowed)

    def row(self, table: Table, identifier: str, organisation: str) -> Row[Any]:
        """Return one row of this organisation.

        Raises:
            NotFound: in the same words whether it does not exist or belongs to another.
        """
        with reading(self.engine) as connection:
            return one(connection, table, identifier, organisation)

    def _ask(self, connection: Connection, actor: Actor, permission: Permission, case: str | None) -> Allowed | Refused:
        return decide(actor, permission, None if case is None else case_access(connection, actor, case))

    def _record_refusal(
        self, connection: Connection, actor: Actor, answer: Refused, case: str | None, subject: str
    ) -> None:
        known = case is not None and case_access(connection, actor, case) is not None
        self.audit.append(
            connection,
            actor.organisation,
            actor.account,
            "access.refused",
            subject if known else "-",
            case if known and case is not None else "-",
            {"permission": answer.permission.value, "why": answer.why},
        )


def case_access(connection: Connection, actor: Actor, case: str) -> CaseAccess | None:
    """Read what access needs to know of a case of the actor's organisation."""
    found = connection.execute(
        select(case_file.c.restricted).where(case_file.c.id == case, case_file.c.organisation == actor.organisation)
    ).one_or_none()
    if found is None:
        return None
    member = connection.execute(
        select(case_member.c.account).where(case_member.c.case_id == case, case_member.c.account == actor.account)
    ).one_or_none()
    return CaseAccess(case, actor.organisation, found.restricted, member is not None)


def one(connection: Connection, table: Table, identifier: str, organisation: str) -> Row[Any]:
    """Return one row of this organisation by its id. Raises NotFound."""
    found: Row[Any] | None = connection.execute(
        select(table).where(table.c.id == identifier, table.c.organisation == organisation)
    ).one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_THING)
    return found


def new_token() -> str:
    """Return a fresh secret for a cookie or link; only its digest is stored."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what is stored of a token. Tokens hold 256 random bits, so a plain hash cannot be searched backwards."""
    return hashlib.sha256(token.encode()).hexdigest()
