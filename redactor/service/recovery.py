"""After a restore: everything is opened once, so that the drill proves what the day of need will ask for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from redactor.errors import RedactorError
from redactor.service.base import SYSTEM, Base
from redactor.service.trail import Trail
from redactor.store.database import reading, writing
from redactor.store.records import blob, organisation
from redactor.store.rotate import rotate_organisation


@dataclass(frozen=True, slots=True)
class Proof:
    """What was opened and found whole, and every problem in plain words."""

    opened: int
    events: int
    problems: tuple[str, ...]


class Recovery:
    """Use cases around a restored service, and around keys that others may have seen."""

    def __init__(self, base: Base, trail: Trail) -> None:
        self._base, self._trail = base, trail

    def note_restore(self) -> None:
        """Put the restore on every organisation's record."""
        with writing(self._base.engine) as connection:
            for name in connection.execute(select(organisation.c.id)).scalars().all():
                self._base.audit.append(connection, name, SYSTEM, "service.restore")

    def rotate(self) -> int:
        """Give every organisation a new key, seal everything under it, and destroy the old one; return how much."""
        changed = 0
        with reading(self._base.engine) as connection:
            names = connection.execute(select(organisation.c.id)).scalars().all()
        for name in names:
            with writing(self._base.engine) as connection:
                count = rotate_organisation(connection, self._base.keys, self._base.blobs, name)
                self._base.audit.append(connection, name, SYSTEM, "key.rotate", detail={"count": count})
            changed += count
        return changed

    def prove(self) -> Proof:
        """Open every sealed blob and walk every chain."""
        problems, opened, events = [], 0, 0
        with reading(self._base.engine) as connection:
            live = select(blob.c.organisation, blob.c.id).where(blob.c.wrapped.is_not(None))
            rows = connection.execute(live).all()
            for row in rows:
                try:
                    self._base.blobs.get(connection, row.organisation, row.id)
                    opened += 1
                except RedactorError as problem:
                    problems.append(f"Sealed file {row.id}: {problem.message}")
        for name, verdict in self._trail.verify().items():
            events += verdict.events
            problems += [f"Record of {name}: {problem}" for problem in verdict.problems]
        return Proof(opened, events, tuple(problems))
