"""The audit trail as people read it, and its proof."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select

from redactor.access import Actor, Permission
from redactor.service.base import Base
from redactor.store.audit import Event, Head, Verdict
from redactor.store.database import reading
from redactor.store.records import audit_head

_PART = 1_000  # events that are read at once


class Trail:
    """Use cases around the audit chain."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of_case(self, actor: Actor, case: str, *, after: int = 0, limit: int = 200) -> tuple[Event, ...]:
        """Return the events of one case, in order."""
        with self._base.look(actor, Permission.CASE_AUDIT, case) as connection:
            return self._base.audit.events(connection, actor.organisation, case=case, after=after, limit=limit)

    def whole_case(self, actor: Actor, case: str, *, release: str = "") -> tuple[Event, ...]:
        """Return every event of a case, or of one of its copies, for a file; taking the file goes on the record.

        Args:
            release: the copy; empty for the whole case.
        """
        with self._base.act(actor, Permission.CASE_AUDIT, case, subject=release or case) as connection:
            found, after = list[Event](), 0
            while part := self._base.audit.events(connection, actor.organisation, case=case, after=after, limit=_PART):
                found, after = [*found, *part], part[-1].number
            self._base.audit.append(
                connection, actor.organisation, actor.account, "audit.export", release or case, case
            )
        return tuple(event for event in found if not release or event.subject == release)

    def of_organisation(self, actor: Actor, *, after: int = 0, limit: int = 200) -> tuple[Event, ...]:
        """Return the events of the organisation, in order, for its auditor."""
        with self._base.look(actor, Permission.AUDIT_READ) as connection:
            return self._base.audit.events(connection, actor.organisation, after=after, limit=limit)

    def verify_own(self, actor: Actor) -> Verdict:
        """Check the organisation's own chain, for its auditor; the check goes on the record."""
        with self._base.act(actor, Permission.AUDIT_READ) as connection:
            verdict = self._base.audit.verify(
                connection, actor.organisation, self._kept(self._base.settings.heads_file)
            )
            detail = {"events": verdict.events, "passed": verdict.passed}
            self._base.audit.append(connection, actor.organisation, actor.account, "audit.verify", "-", detail=detail)
        return verdict

    def whole(self, actor: Actor) -> tuple[Event, ...]:
        """Return every event of the organisation for a file; taking the file goes on the record."""
        with self._base.act(actor, Permission.AUDIT_READ) as connection:
            found, after = list[Event](), 0
            while part := self._base.audit.events(connection, actor.organisation, after=after, limit=_PART):
                found, after = [*found, *part], part[-1].number
            self._base.audit.append(connection, actor.organisation, actor.account, "audit.export", "-")
        return tuple(found)

    def verify(self) -> dict[str, Verdict]:
        """Check every organisation's chain against its head and the heads that were kept; by organisation id."""
        kept = self._kept(self._base.settings.heads_file)
        with reading(self._base.engine) as connection:
            organisations = connection.execute(select(audit_head.c.organisation)).scalars().all()
            return {name: self._base.audit.verify(connection, name, kept) for name in organisations}

    def keep_heads(self) -> int:
        """Append every chain's signed head that moved to the heads file, to be copied off this machine; say
        how many."""
        path = self._base.settings.heads_file
        newest = {head.organisation: head.number for head in self._kept(path)}
        with reading(self._base.engine) as connection:
            names = connection.execute(select(audit_head.c.organisation)).scalars().all()
            heads = [self._base.audit.head(connection, name) for name in names]
        fresh = [head for head in heads if head.number > newest.get(head.organisation, 0)]
        if fresh:
            with path.open("a", encoding="utf-8") as file:
                file.writelines(head.as_json() + "\n" for head in fresh)
                file.flush()
                os.fsync(file.fileno())
        return len(fresh)

    @staticmethod
    def _kept(path: Path) -> list[Head]:
        if not path.exists():
            return []
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Head.from_json(line) for line in lines if line.strip()]
